"""Questions about a result that is there."""

import pytest

from memory.model.work.conversation import Conversation, Head
from planner.jobs.results import asks_of_result, told

HEAD = Head(
    title="Total fee by ward", columns=("ward", "total_fee"),
    rows=(("north", 120.5), ("south", 80), ("east", 310)), total_rows=3,
)  # fmt: skip
DONE = Conversation(asked=("total fee by ward",), stage="done", results=(HEAD,))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("what does this tell us?", "the highest is east with 310, the lowest south with 80"),
        ("so what do we learn from it", "3 rows"),
        ("how many wards are there?", "has 3 rows"),
        ("explain this", "It says how much, not why"),
    ],
)
def test_a_result_is_told_from_its_rows(words: str, said: str) -> None:
    assert asks_of_result(words)
    assert said in told(words, DONE)


def test_of_a_long_result_only_the_beginning_is_told() -> None:
    long = DONE.model_copy(update={"results": (HEAD.model_copy(update={"total_rows": 40}),)})
    assert "the first is north, 120.5" in told("what does it say", long)
    assert "highest is" not in told("what does it say", long)


@pytest.mark.parametrize("words", ["explain the plan", "how many orders are open", "what is 3 + 4"])
def test_other_questions_are_not_about_it(words: str) -> None:
    assert told(words, DONE) == ""
    assert told("what does this tell us?", None) == ""
