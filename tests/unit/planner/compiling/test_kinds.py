"""Conditions, maps, sub-plans and limits: from a draft to the graph, or to a sentence."""

from pathlib import Path
from typing import Any

import pytest

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.base import sha256
from memory.model.work.graph import (
    Condition,
    Const,
    FromItem,
    FromTask,
    Item,
    Many,
    PerItem,
    TaskGraph,
)
from memory.profiles.ranking import rank
from planner.compiling.compiler import Compiled, Problems, compile_draft
from planner.compiling.sql_check import sql_problems
from planner.draft import Draft
from planner.estimate import estimate_graph, list_price
from planner.port import Ready
from planner.revising.redraft import draft_of
from planner.service import Planner
from tests.conftest import SetClock
from tests.fakes.model import Data, FakeModel
from tests.unit.planner.world import ALL, ask, describe, plan_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "sales.csv").write_text("region,units\nnorth,1\n")
    return tmp_path


def compiled(root: Path, *tasks: dict[str, Any], **more: Any) -> Compiled | Problems:
    drafted = Draft.model_validate({"title": "T", "tasks": tasks, **more})
    return compile_draft(
        drafted,
        ask("do it", describe(root, "sales.csv"), catalogue=ALL),
        rank=lambda task, agents: rank((), task.type, agents),
        price=list_price,
    )


def graph(root: Path, *tasks: dict[str, Any], **more: Any) -> TaskGraph:
    found = compiled(root, *tasks, **more)
    assert isinstance(found, Compiled), found
    return found.graph


QUERY = {
    "key": "q", "title": "Total", "type": "data.query",
    "inputs": [{"name": "sources", "value": "sales.csv"},
               {"name": "sql", "value": "SELECT sum(units) AS total FROM sales"}],
}  # fmt: skip


def write(**more: Any) -> dict[str, Any]:
    return {"key": "w", "title": "Write", "type": "draft", "instruction": "Write.", **more}


def save(**more: Any) -> dict[str, Any]:
    return {"key": "s", "title": "Save", "type": "files.write", **more}


def test_a_condition_becomes_part_of_the_plan(root: Path) -> None:
    made = graph(
        root, QUERY,
        write(when=[{"task": "q", "path": "total", "op": "gt", "value": "1,000"}]),
        {"key": "r", "title": "R", "type": "report.write",
         "inputs": [{"name": "path", "value": "r.md"}, {"name": "title", "value": "R"},
                    {"name": "parts", "from_task": "w"}]},
        write(key="again", inputs=[{"name": "context", "from_task": "w"}]),
    )  # fmt: skip
    assert made.task("w").when == (Condition(task="q", path="total", op="gt", value=1000),)
    assert made.task("w").needs() == ("q",)
    assert made.task("r").inputs["parts"] == Many(items=(FromTask(task="w"),))
    context = made.task("again").inputs["context"]
    assert isinstance(context, Many)
    assert context.optional


def test_a_map_over_a_named_list_writes_its_files_into_the_plan(root: Path) -> None:
    items = {"items": ["Acme & Co", "Bolt"]}
    made = graph(
        root,
        write(each=items, instruction="Write to {item}."),
        save(each=items, inputs=[{"name": "path", "value": "letters/"},
                                 {"name": "content", "from_task": "w"}]),
    )  # fmt: skip
    saved = made.task("s")
    assert saved.inputs["path"] == PerItem(
        values=("letters/acme-co.md", "letters/bolt.md"), template="letters/"
    )
    assert saved.inputs["content"] == FromItem(task="w")
    assert [effect.target for effect in saved.effects] == ["letters/acme-co.md", "letters/bolt.md"]
    assert made.task("w.1").instruction == "Write to Acme & Co."
    assert made.task("s.2").inputs["path"] == Const(value="letters/bolt.md")
    assert [one.target for one in made.task("s.2").effects] == ["letters/bolt.md"]


def test_a_map_over_an_unknown_list_is_bound_by_number(root: Path) -> None:
    over = {"from_task": "q", "at_most": 3}
    made = graph(
        root, QUERY,
        write(each=over, inputs=[{"name": "context", "item": "region"}]),
        save(each=over, inputs=[{"name": "path", "value": "out/{n}.md"},
                                {"name": "content", "from_task": "w"}]),
    )  # fmt: skip
    assert made.task("w").inputs["context"] == Many(items=(Item(field="region"),))
    assert [effect.target for effect in made.effects()] == ["out/1.md", "out/2.md", "out/3.md"]
    assert made.task("s").at_most == 3


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ([QUERY, save(each={"from_task": "q"}, inputs=[
            {"name": "path", "value": "out/{item}.md"}, {"name": "content", "item": ""}])],
         "are only known once it runs"),
        ([QUERY, save(each={"from_task": "q"}, inputs=[
            {"name": "path", "item": "region"}, {"name": "content", "item": ""}])],
         "are only known once it runs"),
        ([save(each={"items": ["a", "b"]}, inputs=[
            {"name": "path", "value": "x.md"}, {"name": "content", "item": ""}])],
         "put {n} or {name} into its path"),
        ([save(each={"items": ["a!", "a?"]}, inputs=[
            {"name": "path", "value": "{name}.md"}, {"name": "content", "item": ""}])],
         "two items would go to a.md"),
        ([write(inputs=[{"name": "context", "item": ""}])], "the task runs only once"),
        ([write(each={"from_task": "nothing"})], "a list that isn't in the plan"),
        ([write(each={"items": ["x"] * 101})], "more than 100 items"),
        ([write(when=[{"task": "gone", "op": "empty"}])], "which isn't in the plan"),
        ([QUERY, write(when=[{"task": "q", "op": "gt", "value": "3"}])], "which column"),
        ([QUERY, write(when=[{"task": "q", "op": "gt", "path": "total"}])], "with nothing"),
        ([write(attempts=11)], "tried 1 to 10 times"),
        ([write(subplan="nope")], "there's no sub-plan nope"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_sentence(root: Path, tasks: list[Any], said: str) -> None:
    found = compiled(root, *tasks)
    assert isinstance(found, Problems), found
    assert said in found.texts[0]


def test_a_condition_may_not_close_a_circle(root: Path) -> None:
    found = compiled(
        root,
        write(key="a", when=[{"task": "b", "op": "empty"}]),
        write(key="b", inputs=[{"name": "context", "from_task": "a"}]),
    )
    assert isinstance(found, Problems)
    assert "circle" in found.texts[0]


def test_a_sub_plan_is_put_in_place_as_a_named_group(root: Path) -> None:
    polish = {
        "name": "polish",
        "tasks": [
            {"key": "draft", "title": "Draft", "type": "draft",
             "instruction": "Write about {topic}."},
            {"key": "review", "title": "Review", "type": "review", "instruction": "Review it.",
             "inputs": [{"name": "context", "from_task": "draft"}]},
        ],
    }  # fmt: skip
    made = graph(
        root, QUERY,
        {"key": "post", "title": "The post", "type": "", "subplan": "polish", "after": ["q"],
         "inputs": [{"name": "topic", "value": "tea"}]},
        save(inputs=[{"name": "path", "value": "p.md"}, {"name": "content", "from_task": "post"}]),
        subplans=[polish],
    )  # fmt: skip
    assert [task.key for task in made.tasks] == ["q", "post-draft", "post-review", "s"]
    assert made.task("post-draft").instruction == "Write about tea."
    assert made.task("post-draft").after == ("q",)
    assert {made.task("post-draft").group, made.task("post-review").group} == {"The post"}
    assert made.task("s").inputs["content"] == FromTask(task="post-review")


def test_sub_plans_in_a_circle_are_refused(root: Path) -> None:
    step = {"key": "x", "title": "X", "type": "", "subplan": "loop"}
    found = compiled(root, step, subplans=[{"name": "loop", "tasks": [step]}])
    assert isinstance(found, Problems)
    assert "in a circle" in found.texts[0]


def test_the_forecast_counts_items_and_leaves_out_what_may_be_skipped(root: Path) -> None:
    one = graph(root, QUERY, write())
    maybe = graph(
        root, QUERY, write(when=[{"task": "q", "path": "total", "op": "gt", "value": "1"}])
    )
    many = graph(root, QUERY, write(each={"from_task": "q", "at_most": 7}))
    named = graph(root, QUERY, write(each={"items": ["a", "b", "c"]}))
    costs = {
        name: estimate_graph(made, ALL, lambda *_: 10, ())[1]
        for name, made in {"one": one, "maybe": maybe, "many": many, "named": named}.items()
    }
    shown = {k: (v.cost_low_micro_usd, v.cost_high_micro_usd) for k, v in costs.items()}
    assert shown == {"one": (10, 10), "maybe": (0, 10), "many": (10, 70), "named": (30, 30)}
    capped = graph(root, QUERY, write(each={"items": ["a", "b"]}, max_cost_usd=0.000004))
    assert estimate_graph(capped, ALL, lambda *_: 10, ())[1].cost_high_micro_usd == 8
    priced, _ = estimate_graph(many, ALL, lambda *_: 10, ())
    assert priced.task("w").cost_high_micro_usd == 10


def test_a_condition_names_a_column_that_its_query_gives(root: Path) -> None:
    made = graph(
        root, QUERY,
        write(when=[{"task": "q", "path": "sum", "op": "gt", "value": "1"}]),
        write(key="m", each={"from_task": "q"}, inputs=[{"name": "context", "item": "region"}]),
        write(key="fine", when=[{"task": "q", "path": "Total", "op": "gt", "value": "1"},
                                {"task": "q", "path": "rows", "op": "eq", "value": "1"}]),
    )  # fmt: skip
    assert sql_problems(made, describe(root, "sales.csv")) == (
        "Task w: its condition looks at sum, but q gives total.",
        "Task m: the items of its list have no region; one column is the item.",
    )


async def test_what_a_model_drafts_with_these_kinds_becomes_a_plan(
    root: Path, tmp_path: Path, clock: SetClock
) -> None:
    tasks = [
        {**QUERY, "agent": None},
        write(when=[{"task": "q", "path": "total", "op": "gt", "value": "0"}]),
        write(key="m", each={"from_task": None, "items": ["Ann", "Bo"], "at_most": None}),
    ]
    drafted = {"title": "T", "tasks": tasks, "on_failure": "stop", "subplans": [], "gaps": []}
    async with FakeModel() as model:
        model.say(Data(drafted))
        endpoint = ModelEndpoint.model_validate({
            "name": "chatgpt", "title": "ChatGPT", "provider": "openai", "timeout_s": 5,
            "base_url": model.base_url, "model": "fake-model",
        })  # fmt: skip
        async with Planner(tmp_path / "p.db", (endpoint,), None, None, clock) as planner:
            request = ask("do it", describe(root, "sales.csv"), catalogue=ALL)
            result = await planner.plan(request)
    assert isinstance(result, Ready), result
    assert result.plan.on_failure == "stop"
    assert [bool(task.when or task.each) for task in result.plan.graph.tasks] == [False, True, True]


def test_a_plan_without_the_new_kinds_has_the_bytes_it_always_had(root: Path) -> None:
    plan = plan_of(graph(root, QUERY))
    assert plan.on_failure == "continue"
    body = plan.canonical().decode()
    for word in ("when", "each", "at_most", "priority", "retry", "group", "on_failure", "optional"):
        assert f'"{word}"' not in body
    assert plan.hash == sha256(body.encode())
    assert type(plan).model_validate_json(body) == plan


def test_a_plan_with_the_new_kinds_comes_back_from_its_draft(root: Path) -> None:
    over = {"items": ["a", "b"]}
    made = graph(
        root, QUERY,
        write(each=over, when=[{"task": "q", "path": "total", "op": "gt", "value": "5"}],
              priority="high", attempts=2, max_cost_usd=0.5),
        save(each=over, inputs=[{"name": "path", "value": "o/{name}.md"},
                                {"name": "content", "from_task": "w"}]),
    )  # fmt: skip
    again = draft_of(plan_of(made))
    assert compiled(root, *[task.model_dump() for task in again.tasks]) == Compiled(made)
    assert TaskGraph.model_validate_json(made.model_dump_json()) == made
