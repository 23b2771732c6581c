"""Kinds of chart: in a request, in a change, and as something people always want."""

from typing import Any

import pytest

from planner.draft import Draft, DraftTask
from planner.offline import edits
from planner.offline.drafter import plan_offline
from planner.tools import chart_kinds
from tests.unit.planner.offline.test_offline import graph_of
from tests.unit.planner.world import ask, describe, folder, plan_of

REPORT = "total revenue by region of sales.csv, chart it, and write a report to r.md"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return describe(folder(tmp_path_factory.mktemp("charts") / "work"), "sales.csv")


def value(task: DraftTask, name: str) -> str:
    return next((given.value or "" for given in task.inputs if given.name == name), "")


def charts(draft: Draft) -> list[str]:
    assert not draft.declined
    return [value(task, "kind") for task in draft.tasks if task.type == "data.chart"]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("use a pie chart and a line chart", ("pie", "line")),
        ("bar , line and pie charts", ("bar", "line", "pie")),
        ("as a pie and as a bar", ("pie", "bar")),
        ("the number of lines by day as a bar chart", ("bar",)),
        ("a line chart of the trend", ("line",)),
        ("total by region", ()),
    ],
)
def test_kinds_are_read_where_they_are_named_together(words: str, kinds: tuple[str, ...]) -> None:
    assert chart_kinds(words.split()) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "use a pie chart and a line chart for revenue by region of sales.csv",
        "total revenue by region of sales.csv, make a pie chart and a line chart",
        "chart revenue by region of sales.csv as a pie and as a line, write a report to r.md",
    ],
)
def test_each_kind_that_is_asked_for_is_drawn(text: str, files: Any) -> None:
    draft = plan_offline(ask(text, files))
    assert charts(draft) == ["pie", "line"]
    drawn = [task for task in draft.tasks if task.type == "data.chart"]
    assert len({value(one, "path") for one in drawn}) == 2


def test_a_change_to_two_kinds_draws_both_and_puts_both_in_the_report(files: Any) -> None:
    base = plan_of(graph_of(ask(REPORT, files)))
    request = ask(f"{REPORT}\n\nuse a pie chart and a line chart", files, base=base)
    draft = edits.exact(base, request)
    assert draft is not None
    assert charts(draft) == ["pie", "line"]
    report = draft.tasks[-1]
    used = [given.from_task for given in report.inputs if given.from_task]
    assert used == ["table", "chart", "chart-line"]
