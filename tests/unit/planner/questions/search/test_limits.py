"""What belongs to a row, held against a number or a day of that row, and how figures went from month to month."""

from pathlib import Path
from typing import Any

import pytest

from planner.port import Answer
from tests.unit.planner.questions.files import answered, asked_of, drafted

FILES = {
    "gigs.csv": """gig,venue,fee_budget,ends
G1,Anker,500,2026-02-01
G2,Rex,300,2026-03-01
G3,Forum,800,2026-04-01
""",
    "payouts.csv": """payout_no,gig,amount,paid_on,state
1,G1,300,2026-01-10,done
2,G1,250,2026-02-05,returned
3,G2,200,2026-02-20,done
4,G3,100,2026-03-03,returned
5,G3,150,2026-04-09,done
""",
    "hauls.csv": """haul,loaded,promised,arrived,km
H1,2026-01-05,2026-01-30,2026-01-06,900
H2,2026-01-05,2026-01-06,2026-01-20,80
H3,2026-01-07,2026-01-09,2026-01-09,400
""",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("limits")
    for name, words in FILES.items():
        Path(folder, name).write_text(words)
    return folder


def offered(root: Path, words: str) -> list[list[tuple[Any, ...]]]:
    """What comes of the words: of the plan, or of each reading that is asked about."""
    asked = asked_of(root, words, FILES)
    draft = drafted(asked)
    if not draft.gaps:
        return [answered(root, draft)]
    (gap,) = draft.gaps
    found = []
    for option in gap.options[:-1]:  # the last is "something else"
        chosen = drafted(
            asked.model_copy(update={"answers": (Answer(slot=gap.slot, value=option),)})
        )
        found.append(answered(root, chosen))
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # what was paid for each, held against that one's budget
        ("which gigs went over budget?", [("G1", 550, 500)]),
        ("how much of the budget is left for Rex", [(300, 200, 100)]),
        # two words that mean one
        ("how many payouts came back", [(2,)]),
        ("how many payouts were sent back", [(2,)]),
        # from one month to the next
        (
            "payout amount month over month",
            [
                ("2026-01", 300, None), ("2026-02", 450, 50.0),
                ("2026-03", 100, pytest.approx(-77.78)), ("2026-04", 150, 50.0),
            ],
        ),
    ],
)  # fmt: skip
def test_it_is_read_so(words: str, expected: list[tuple[Any, ...]], root: Path) -> None:
    assert expected in offered(root, words)


def test_a_day_is_held_against_the_day_of_what_it_belongs_to(root: Path) -> None:
    late = offered(root, "which payouts were paid after the gig ended")
    assert any([row[0] for row in rows] == [2, 5] for rows in late)


def test_a_budget_is_not_taken_away_once_for_every_payout(root: Path) -> None:
    for rows in offered(root, "total amount minus fee budget"):
        assert rows != [(1000 - 2 * 500 - 300 - 2 * 800,)]


def test_what_took_the_longest_is_told_by_its_days_not_by_its_way(root: Path) -> None:
    for words in ("which haul took the longest to get there", "which haul took longest"):
        assert [("H2", 15)] in offered(root, words)
