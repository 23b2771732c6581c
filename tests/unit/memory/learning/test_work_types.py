"""A project's own types of work: told from the history, and only where it tells."""

from collections.abc import Sequence

import numpy as np
import pytest

from memory.model.agents.routing import TypeGuess
from memory.profiles.work_types import Example, WorkTypes, learned
from planner.compiling.work_types import reading

CENTRES = {"contracts": 0, "letters": 1, "filings": 2}


def near(kind: str, chance: np.random.Generator | None = None) -> Sequence[float]:
    """A vector like those of this type; the same one each time where no chance is given."""
    vector = (chance or np.random.default_rng(4)).normal(0, 0.06, 64)
    vector[CENTRES[kind]] += 1
    return list(vector / np.linalg.norm(vector))


def history(each: int, *, kinds: Sequence[str] = tuple(CENTRES)) -> list[Example]:
    chance = np.random.default_rng(4)
    return [Example(kind, near(kind, chance), 0.2) for kind in kinds for _ in range(each)]


def taught(each: int = 12) -> WorkTypes:
    found = learned(history(each))
    assert found is not None
    return found


@pytest.mark.parametrize("kind", CENTRES)
def test_a_task_is_taken_for_the_type_it_is_like(kind: str) -> None:
    guess = taught().guess(near(kind), None)
    assert guess is not None
    assert max(guess.shares, key=guess.shares.__getitem__) == kind
    assert guess.shares[kind] > 0.6
    assert sum(guess.shares.values()) == pytest.approx(1)
    assert guess.of[kind] == 12


def test_a_task_like_none_before_is_taken_for_nothing() -> None:
    elsewhere = np.eye(64)[63]
    assert taught().guess(list(elsewhere), None) is None


def test_a_young_project_has_no_types_of_its_own() -> None:
    assert learned(history(4)) is None
    assert learned(history(30, kinds=("letters",))) is None


def test_how_hard_a_task_looks_tells_types_apart() -> None:
    vector = near("letters")
    pairs = [("short letters", 0.0), ("long letters", 1.0)]
    types = learned([Example(kind, vector, hard) for kind, hard in pairs for _ in range(40)])
    assert types is not None
    easy, hard = types.guess(vector, 0.0), types.guess(vector, 1.0)
    assert easy is not None
    assert hard is not None
    assert hard.shares["long letters"] > 0.5 > easy.shares["long letters"]


def guess(**shares: float) -> TypeGuess:
    return TypeGuess(shares=shares, of=dict.fromkeys(shares, 9))


def test_the_projects_own_type_goes_before_a_usual_one() -> None:
    work, shares = reading("draft", guess(contracts=0.8, translate=0.2))
    assert work is not None
    assert (work.name, work.share, work.of) == ("contracts", 0.8, 9)
    assert shares == {"contracts": 0.8}


@pytest.mark.parametrize(
    ("drafted", "shares"),
    [
        ("translate", {"draft": 0.9, "translate": 0.1}),
        ("filings", {"contracts": 0.9, "filings": 0.1}),
        ("draft", {"contracts": 0.5, "letters": 0.5}),
    ],
)
def test_a_type_that_is_said_or_given_stands(drafted: str, shares: dict[str, float]) -> None:
    assert reading(drafted, guess(**shares)).work is None


def test_an_unsaid_type_is_filled_from_the_history() -> None:
    work = reading("general", guess(review=0.7, draft=0.3)).work
    assert work is not None
    assert work.name == "review"
