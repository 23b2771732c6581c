"""Questions about a result that is there."""

import pytest

from memory.model.base import AgentName, TaskKey
from memory.model.work.conversation import Conversation, Head
from memory.model.work.graph import Const, Task, TaskGraph
from planner.jobs.results import asks_of_making, asks_of_result, told, with_row_named
from tests.unit.planner.world import plan_of

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


SQL = 'SELECT "ward", SUM("fee") AS "total_fee" FROM "visits" GROUP BY 1'
PLAN = plan_of(
    TaskGraph(
        tasks=(
            Task(
                key=TaskKey("query"), title="Total fee by ward", type="data.query", agent=AgentName("data.query"),
                inputs={"sources": Const(value=["visits.csv"]), "sql": Const(value=SQL)},
            ),
        )
    )
)  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "which column did you use?",
        "where does that number come from",
        "how did you calculate this?",
        "welche Spalte hast du benutzt",
        "d'où vient ce chiffre",
    ],
)
def test_what_a_result_comes_from_is_told_by_its_query(words: str) -> None:
    assert asks_of_making(words)
    said = told(words, DONE.model_copy(update={"plan": PLAN}))
    assert said == f"“Total fee by ward” comes from visits.csv: `{SQL}`"


@pytest.mark.parametrize("words", ["who did it", "who wrote that?", "wer hat das gemacht"])
def test_who_did_it_is_told_by_the_plan(words: str) -> None:
    assert asks_of_making(words)
    said = told(words, DONE.model_copy(update={"plan": PLAN}))
    assert said == "1. Total fee by ward: data.query"


def test_nothing_made_is_nobodys() -> None:
    assert told("who did it", None) == ""


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("show me the visits of the first one", "show me the visits of north"),
        ("and the fees for the last one?", "and the fees for east"),
        ("the visits of the second row", "the visits of south"),
        ("the first ten visits", ""),
        ("show the visits from the hall", ""),
    ],
)
def test_a_row_that_is_meant_by_its_place_is_called_by_its_name(words: str, meant: str) -> None:
    assert with_row_named(words, DONE) == meant
    assert with_row_named(words, None) == ""
