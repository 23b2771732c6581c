"""What people say first, in the order and with the commas that they happen to use."""

from pathlib import Path
from typing import Any

import pytest

from planner.draft import Draft
from planner.offline import edits
from planner.offline.drafter import plan_offline
from tests.unit.planner.offline.test_offline import graph_of
from tests.unit.planner.world import ask, describe, folder, plan_of

TOTAL = "Total the revenue of sales.csv by region"
BOTH = "write a report to r/big.md, otherwise write r/low.md"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Any:
    root = folder(tmp_path_factory.mktemp("newcomer") / "work")
    Path(root, "people.csv").write_text("person_id,name,city\n1,Ann,Berlin\n2,Bo,Dublin\n")
    return describe(root, "sales.csv", "people.csv", "notes.md")


def planned(text: str, files: Any) -> Draft:
    draft = plan_offline(ask(text, files))
    assert not draft.declined, draft.declined
    return draft


@pytest.mark.parametrize(
    "text",
    [
        f"{TOTAL}; only if the total is above 1000 {BOTH}",
        f"{TOTAL}. Only if the total is above 1000, {BOTH}",
        f"{TOTAL}. If the total is above 1000 {BOTH}",
    ],
)
def test_a_condition_may_come_first_with_or_without_a_comma(text: str, files: Any) -> None:
    draft = planned(text, files)
    ways = {task.title: [given.op for given in task.when] for task in draft.tasks if task.when}
    assert ways == {"Write r/big.md": ["gt"], "Write r/low.md": ["le"]}


def test_only_if_in_a_sentence_of_its_own_is_about_the_order_before(files: Any) -> None:
    draft = planned("Total the revenue of sales.csv. Write a report to r/q.md. "
                    "Only if the total is above 1000.", files)  # fmt: skip
    assert [bool(task.when) for task in draft.tasks] == [False, True]


def test_how_many_rows_a_file_has_can_be_asked_for(files: Any) -> None:
    draft = planned("If sales.csv has more than 3 rows, chart revenue by region, otherwise "
                    "summarise notes.md", files)  # fmt: skip
    (chart,) = (task for task in draft.tasks if task.type == "data.chart")
    assert [(one.path, one.op, one.value) for one in chart.when] == [("count", "gt", "3")]
    assert draft.title == "Total revenue by region"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"{TOTAL} and write a report to reports/q3.md", "Q3 report: total revenue by region"),
        (f"{TOTAL} and write a report to r/a.md", "Report: total revenue by region"),
        (f"{TOTAL}. If the total is above 1000 {BOTH}", "Report: total revenue by region"),
    ],
)
def test_a_title_says_what_the_plan_is_about(text: str, title: str, files: Any) -> None:
    assert planned(text, files).title == title


def test_a_document_named_alone_is_the_report_of_what_was_found(files: Any) -> None:
    draft = planned(f"{TOTAL} and write reports/weekly.md", files)
    assert [task.type for task in draft.tasks] == ["data.query", "report.write"]
    assert plan_offline(ask("write reports/weekly.md", files)).declined


def test_what_to_do_about_failures_may_be_said_first(files: Any) -> None:
    draft = planned("if anything fails, ask me: total the units of sales.csv by region", files)
    assert draft.on_failure == "ask"
    assert [task.type for task in draft.tasks] == ["data.query"]


def test_identifiers_are_never_added_up(files: Any) -> None:
    (unsure,) = plan_offline(ask("total the turnover of people.csv by city", files)).gaps
    assert "turnover" in unsure.question
    assert not any(
        "person_id" in option.lower() and "total" in option.lower() for option in unsure.options
    )
    (gap,) = planned("total person_id of people.csv by city", files).gaps
    assert gap.default == "number of different person_id"


def test_a_file_that_is_read_is_no_new_place_for_a_chart(files: Any) -> None:
    text = f"{TOTAL} and chart it"
    base = plan_of(graph_of(ask(text, files)))
    words = "for each region in sales.csv chart the revenue by month"
    assert (
        edits.exact(base, ask(f"{text}\n\n{words}", files, base=base), price=lambda *_: 0) is None
    )
    moved = edits.exact(
        base, ask(f"{text}\n\nsave it in charts/x.png", files, base=base), price=lambda *_: 0
    )
    assert moved is not None
    assert "charts/x.png" in str(moved.tasks[-1].inputs)


def test_an_agent_that_is_not_here_is_named_even_where_no_step_is_meant(files: Any) -> None:
    base = plan_of(graph_of(ask(TOTAL, files)))
    asked = ask(f"{TOTAL}\n\nuse Claude for drafts", files, base=base)
    draft = edits.exact(base, asked, price=lambda *_: 0)
    assert draft is not None
    assert draft.declined == "There's no agent Claude here; no model is connected."


@pytest.mark.parametrize("text", ["how many orders per region", "number of orders by region"])
def test_orders_are_rows_and_not_the_days_they_were_made(text: str, tmp_path: Path) -> None:
    Path(tmp_path, "shop.csv").write_text(
        "order_date,region\n2026-07-01,N\n2026-07-01,N\n2026-07-02,N\n2026-07-02,S\n"
    )
    draft = planned(f"{text} in shop.csv", describe(tmp_path, "shop.csv"))
    sql = next(given.value for given in draft.tasks[0].inputs if given.name == "sql")
    assert "COUNT(*)" in (sql or "")
