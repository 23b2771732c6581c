"""Conditions, lists and joins in words, without a model: what they become, or why they do not."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from memory.model.work.graph import (
    Const,
    FromItem,
    FromTask,
    Item,
    Many,
    PerItem,
    TaskGraph,
)
from memory.model.work.value import FileInfo
from memory.profiles.ranking import rank
from planner.compiling.compiler import Compiled, compile_draft
from planner.offline.drafter import plan_offline
from planner.port import PlanRequest
from tests.unit.planner.world import ALL, ask, describe, folder


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = folder(tmp_path_factory.mktemp("world") / "work")
    (made / "orders.csv").write_text("order_id,customer_id,amount\n1,1,10\n2,1,5\n3,2,7\n4,9,1\n")
    (made / "clients.csv").write_text("customer_id,name,country\n1,Ann,DE\n2,Bo,FR\n")
    return made


@pytest.fixture(scope="module")
def files(root: Path) -> tuple[FileInfo, ...]:
    return describe(root, "sales.csv", "orders.csv", "clients.csv")


def graph_of(request: PlanRequest) -> TaskGraph:
    draft = plan_offline(request)
    assert not draft.declined, draft.declined
    compiled = compile_draft(
        draft, request, rank=lambda task, able: rank((), task.type, able), price=lambda *_: 1
    )
    assert isinstance(compiled, Compiled), compiled
    return compiled.graph


def conditions(graph: TaskGraph) -> dict[str, list[tuple[str, str, str, Any]]]:
    return {
        task.key: [(one.task, one.path, one.op, one.value) for one in task.when]
        for task in graph.tasks
        if task.when
    }


TOTAL = ("table", "total_revenue", "gt", 1000)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("total revenue, write a report to r.md only if the total is above 1000",
         {"report": [TOTAL]}),
        ("total revenue, and then, if it is more than 1k, write a report to r.md",
         {"report": [TOTAL]}),
        ("total revenue. If it exceeds $1,000, write a report to r.md", {"report": [TOTAL]}),
        ("if total revenue is over 1000 write a report to r.md", {"report": [TOTAL]}),
        ("total revenue, and write a report to r.md unless the total is at most 1000",
         {"report": [TOTAL]}),
        ("total revenue by region; if any total is below 100, ask @kim to check it",
         {"ask-kim": [("table", "total_revenue", "lt", 100)]}),
        ("total revenue by region, and if the total is above 1000 ask @kim to check it, "
         "otherwise write a report to low.md",
         {"ask-kim": [("table-2", "total_revenue", "gt", 1000)],
          "report": [("table-2", "total_revenue", "le", 1000)]}),
        ("show rows where region is West. If there are no rows, tell @kim that it is empty",
         {"ask-kim": [("table", "rows", "eq", 0)]}),
        ("show rows where region is West; if there are more than 5 rows, write a report to r.md",
         {"report": [("table", "rows", "gt", 5)]}),
        ("if there are no rows where region is West, draft a note about it",
         {"draft": [("table", "count", "eq", 0)]}),
        ("draft a post, ask @kim to check it; if she approves, publish it to blog/x.md",
         {"publish": [("ask-kim", "text", "contains", "yes")]}),
        ("draft a post about tea, have Claude review it only if it mentions Ceylon",
         {"review": [("draft", "text", "contains", "ceylon")]}),
    ],
)  # fmt: skip
def test_a_condition_in_words_is_one_of_the_plan(text: str, wanted: Any, files: Any) -> None:
    graph = graph_of(ask(text, files[:1], catalogue=ALL))
    assert conditions(graph) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "total revenue by region, chart it",
        "total revenue for each region",
        "for each region total the revenue",
        "ask @kim if the numbers are right",
    ],
)
def test_what_is_no_condition_and_no_loop_stays_plain(text: str, files: Any) -> None:
    assert graph_of(ask(text, files[:1], catalogue=ALL)).plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("write a report to r.md if the moon is full", "didn't understand the condition"),
        ("total revenue, if it is above 5 or below 2, write a report to r.md", "condition"),
        ("total revenue; if the total is above 5 and below 9, write a report to r.md, otherwise "
         "ask @kim", "didn't understand the condition"),
        ("total revenue by region, write a report to r.md, if the total is above 5, save it to "
         "x.md", "can't make only"),
        ("for each unicorn write a letter", "what list"),
        ("for each region chart the revenue by month and write a letter", "region"),
        ("for each of Ann and Bo: for each region write a letter", "list in a list"),
        ("for each of " + ", ".join(f"n{n}" for n in range(101)) + ": write a poem", "100 items"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_declined_with_a_sentence(text: str, said: str, files: Any) -> None:
    draft = plan_offline(ask(text, files[:1], catalogue=ALL))
    assert said in draft.declined
    assert draft.tasks == ()


def test_work_for_each_of_a_column_goes_through_its_values(files: Any, root: Path) -> None:
    text = "for each customer name write a letter, have Claude review it and save it to letters/"
    graph = graph_of(ask(text, files[:1], catalogue=ALL))
    table, draft, review, save = graph.tasks
    over = FromTask(task=table.key)
    assert (draft.each, review.each, save.each) == (over, over, over)
    assert draft.at_most == 6
    assert draft.inputs["context"] == Many(items=(Item(),))
    assert review.inputs["context"] == Many(items=(FromItem(task=draft.key),))
    assert save.inputs["content"] == FromItem(task=review.key)
    targets = [effect.target for effect in save.effects]
    assert targets[0].startswith("letters/")
    assert len(set(targets)) == 6


def test_work_for_each_of_named_items_has_their_names_in_the_plan(files: Any) -> None:
    text = (
        "For each of Ann, Bo and Cy: write a poem, save it to poems/. Then write a report to all.md"
    )
    graph = graph_of(ask(text, files, catalogue=ALL))
    draft, save, report = graph.tasks
    assert draft.each == Const(value=["Ann", "Bo", "Cy"])
    assert "This one is about: Bo" in graph.task(f"{draft.key}.2").instruction
    assert isinstance(save.inputs["path"], PerItem)
    assert [effect.target.rpartition("-")[2] for effect in save.effects] == [
        "ann.md",
        "bo.md",
        "cy.md",
    ]
    assert report.inputs["parts"] == Many(items=(FromTask(task=draft.key),))


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("top 3 regions by revenue, then for each of them draft an offer", 3),
        ("for each of the top 2 regions by revenue, draft an offer", 2),
        ("for each row of sales.csv, draft a note", 7),
        ("for every client, draft an offer", 2),
    ],
)
def test_work_for_each_of_what_a_query_finds_is_bound(text: str, most: int, files: Any) -> None:
    graph = graph_of(ask(text, files, catalogue=ALL))
    table, draft = graph.tasks
    assert draft.each == FromTask(task=table.key)
    assert draft.at_most == most


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("join orders.csv with clients.csv on customer_id and total amount by country",
         [("DE", 15), ("FR", 7), ("(no match)", 1)]),
        ("join orders.csv and clients.csv, total amount by country",
         [("DE", 15), ("FR", 7), ("(no match)", 1)]),
        ("merge clients.csv with orders.csv on customer_id = customer_id, then total amount by "
         "name where country is DE", [("Ann", 15)]),
    ],
)  # fmt: skip
def test_two_files_are_joined(text: str, rows: Any, files: Any, root: Path) -> None:
    query = graph_of(ask(text, files)).tasks[0]
    assert isinstance(query.inputs["sql"], Const)
    sources = query.inputs["sources"]
    assert isinstance(sources, Const)
    assert set(sources.value) == {"orders.csv", "clients.csv"}  # type: ignore[arg-type]
    with duckdb.connect() as connection:
        for name in ("orders", "clients"):
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{root / name}.csv'")
        assert connection.sql(str(query.inputs["sql"].value)).fetchall() == rows


@pytest.mark.parametrize(
    ("text", "policy", "limits"),
    [
        ("total revenue by region. If anything fails, ask me", "ask", ("normal", None, None)),
        ("total revenue by region and stop if a step fails", "stop", ("normal", None, None)),
        ("Urgent: total revenue by region", "continue", ("urgent", None, None)),
        ("total revenue by region. This is low priority", "continue", ("low", None, None)),
        ("total revenue by region, try it at most twice, spend at most $0.50 on each step",
         "continue", ("normal", 2, 0.5)),
    ],
)  # fmt: skip
def test_how_a_run_is_gone_about_is_said_in_words(
    text: str, policy: str, limits: Any, files: Any
) -> None:
    draft = plan_offline(ask(text, files[:1]))
    assert draft.on_failure == policy
    assert [(task.priority, task.attempts, task.max_cost_usd) for task in draft.tasks] == [limits]
