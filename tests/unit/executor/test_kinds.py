"""Conditions, maps and joins as runs go through them, on SQLite and Postgres."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from executor.port import Call, Reply
from memory.model.agents.spec import AgentKind, EffectClass, Parameter
from memory.model.base import AgentName, TaskKey
from memory.model.errors import AgentUnavailable, BadInput
from memory.model.work.graph import (
    Condition,
    Const,
    Effect,
    FromItem,
    FromTask,
    Item,
    Many,
    PerItem,
    Retry,
    Task,
)
from memory.model.work.run import RunState, Usage
from memory.model.work.value import Json, Table, Text
from memory.store.engine.database import Database
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    THREAD,
    Scripted,
    plan,
    says,
    scripted,
    states,
    task,
    world,
)


def source(value: Any, name: str = "source") -> Scripted:
    """A tool that gives back this value."""

    async def give(call: Call) -> Reply:
        return Reply(value=value)

    return scripted(name, give, output=value.kind)


def total(amount: float) -> Scripted:
    return source(Table(columns=("total",), rows=((amount,),), total_rows=1))


def when(need: str, op: str, value: JsonValue = None, path: str = "") -> Condition:
    return Condition.model_validate({"task": need, "path": path, "op": op, "value": value})


def above(amount: float) -> Condition:
    return when("q", "gt", amount, "total")


def mapped(key: str, over: str | list[str], *, agent: str = "echo", **more: Any) -> Task:
    each = FromTask(task=TaskKey(over)) if isinstance(over, str) else Const(value=list(over))
    inputs = more.pop("inputs", {"thing": Item()})
    return Task(
        key=TaskKey(key), title=key, type="t", agent=AgentName(agent), each=each,
        inputs=inputs, **more,
    )  # fmt: skip


async def test_a_task_is_done_only_where_its_condition_holds(
    database: Database, tmp_path: Path
) -> None:
    async with world(database, tmp_path, [scripted(), total(90)]) as here:
        view = await here.run(
            task("q", agent="source"),
            task("big", when=(above(100),)),
            task("small", when=(when("q", "le", 100, "total"),)),
            task("uses", "big"),
            task("later", after=(TaskKey("big"),)),
            Task(
                key=TaskKey("join"), title="join", type="t", agent=AgentName("echo"),
                inputs={"all": Many(items=(FromTask(task=TaskKey("big")),
                                           FromTask(task=TaskKey("small"))))},
            ),
        )  # fmt: skip
        assert view.state is RunState.SUCCEEDED
        assert states(view) == {
            "q": "succeeded", "big": "skipped", "small": "succeeded", "uses": "skipped",
            "later": "succeeded", "join": "succeeded",
        }  # fmt: skip
        notes = {entry.key: entry.note for entry in view.tasks}
        assert notes["big"] == "skipped: total 90 is not above 100"
        assert notes["uses"] == "skipped: big was skipped"
        assert (await here.kinds(view.id)).count("task_skipped") == 2


async def test_a_join_takes_what_is_there(sqlite: Database, tmp_path: Path) -> None:
    echo = scripted()
    async with world(sqlite, tmp_path, [echo, total(90)]) as here:
        both = Many(items=(FromTask(task=TaskKey("a")), FromTask(task=TaskKey("b"))))
        join = Task(
            key=TaskKey("j"), title="j", type="t", agent=AgentName("echo"),
            inputs={"all": both, "extra": FromTask(task=TaskKey("a"), optional=True)},
        )  # fmt: skip
        await here.run(
            task("q", agent="source"), task("a", when=(above(100),)),
            task("b", when=(above(10),)), join,
        )  # fmt: skip
        assert echo.calls[-1].inputs == {"all": [Text(text="b done")]}


async def test_a_condition_that_cannot_be_told_fails_its_task(
    sqlite: Database, tmp_path: Path
) -> None:
    async with world(sqlite, tmp_path, [scripted(), source(Text(text="plenty"))]) as here:
        view = await here.run(task("q", agent="source"), task("a", when=(when("q", "gt", 3),)))
        assert view.state is RunState.FAILED
        assert "can't be compared with 3" in view.problem


async def test_a_map_is_done_once_for_each_item_of_a_list_known_only_then(
    database: Database, tmp_path: Path
) -> None:
    rows = Table(
        columns=("name", "total"), rows=(("Acme", 1), ("Bolt", 2), ("Crow", 3)), total_rows=3
    )
    seen = []

    async def write(call: Call) -> Reply:
        seen.append(call.inputs["name"])
        return Reply(value=Text(text=f"Dear {call.inputs['name'].text}"))  # type: ignore[union-attr]

    echo = scripted()
    async with world(database, tmp_path, [echo, source(rows), scripted("w", write)]) as here:
        view = await here.run(
            task("q", agent="source"),
            mapped("letter", "q", agent="w", inputs={"name": Item(field="name")}),
            task("after", "letter"),
            Task(
                key=TaskKey("all"), title="all", type="t", agent=AgentName("echo"),
                inputs={"parts": Many(items=(FromTask(task=TaskKey("letter")),))},
            ),
        )  # fmt: skip
        assert view.state is RunState.SUCCEEDED
        letters = view.tasks[1]
        assert letters.value == Json(value=["Dear Acme", "Dear Bolt", "Dear Crow"])
        assert [(item.key, item.state.value) for item in letters.items] == [
            ("letter.1", "succeeded"), ("letter.2", "succeeded"), ("letter.3", "succeeded"),
        ]  # fmt: skip
        assert len(view.tasks) == 4
        assert sorted(request.text for request in seen) == ["Acme", "Bolt", "Crow"]  # type: ignore[union-attr]
        joined = next(call for call in echo.calls if call.task.key == "all")
        assert [given.text for given in joined.inputs["parts"]] == [  # type: ignore[union-attr]
            "Dear Acme", "Dear Bolt", "Dear Crow",
        ]  # fmt: skip


async def test_maps_over_one_list_hand_on_item_by_item(sqlite: Database, tmp_path: Path) -> None:
    async def write(call: Call) -> Reply:
        if call.task.number == 2:
            raise BadInput("I will not.")
        return Reply(value=Text(text=f"{call.task.instruction}!"))

    saved = scripted("save", effect=EffectClass.WRITE)
    async with world(sqlite, tmp_path, [scripted("w", write), saved]) as here:
        view = await here.run(
            mapped("write", ["A", "B", "C"], agent="w", instruction="about {item}"),
            mapped(
                "save", ["A", "B", "C"], agent="save",
                inputs={
                    "text": FromItem(task=TaskKey("write")),
                    "path": PerItem(values=("a.md", "b.md", "c.md")),
                },
                effects=tuple(Effect(effect=EffectClass.WRITE, target=f"{x}.md") for x in "abc"),
            ),
        )  # fmt: skip
        assert view.state is RunState.FAILED
        assert [entry.state.value for entry in view.tasks] == ["succeeded", "succeeded"]
        assert view.tasks[0].note == "1 of 3 failed"
        done = {(call.inputs["path"], call.inputs["text"].text): call.task for call in saved.calls}  # type: ignore[union-attr]
        assert set(done) == {("a.md", "about A!"), ("c.md", "about C!")}
        targets = [effect.target for call in done.values() for effect in call.effects]
        assert sorted(targets) == ["a.md", "c.md"]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (Json(value={"a": 1}), "not a list"),
        (Json(value=["x"] * 4), "more than 3 items"),
        (Table(columns=("a",), rows=(("x",),), total_rows=900), "only 1 were kept"),
    ],
)
async def test_a_map_without_a_proper_list_fails(
    sqlite: Database, tmp_path: Path, value: Any, problem: str
) -> None:
    async with world(sqlite, tmp_path, [scripted(), source(value)]) as here:
        view = await here.run(task("q", agent="source"), mapped("m", "q", at_most=3))
        assert view.state is RunState.FAILED
        assert problem in view.problem


async def test_a_map_over_nothing_gives_an_empty_list(sqlite: Database, tmp_path: Path) -> None:
    async with world(sqlite, tmp_path, [scripted(), source(Json(value=[]))]) as here:
        view = await here.run(task("q", agent="source"), mapped("m", "q"), task("z", "m"))
        assert view.state is RunState.SUCCEEDED
        assert (view.tasks[1].value, view.tasks[1].note) == (Json(value=[]), "the list was empty")


async def test_an_item_of_the_run_never_decides_a_target(sqlite: Database, tmp_path: Path) -> None:
    path = Parameter(name="path", description="", type="path", slot="control")
    saves = scripted("save", parameters=(path,))
    async with world(sqlite, tmp_path, [saves, source(Json(value=["/etc/passwd"]))]) as here:
        view = await here.run(
            task("q", agent="source"), mapped("m", "q", agent="save", inputs={"path": Item()})
        )
        assert view.state is RunState.FAILED
        assert "has to be in the plan" in view.problem
        assert not saves.calls


async def test_a_dry_run_goes_through_conditions_and_maps(sqlite: Database, tmp_path: Path) -> None:
    async with world(sqlite, tmp_path, [scripted(), total(1)]) as here:
        run = await here.start(
            plan(
                task("q", agent="source"),
                task("never", when=(above(100),)),
                mapped("m", "q", when=(above(100),)),
                mapped("n", ["A", "B"]),
                task("end", "m", "n"),
            ),
            simulated=True,
        )
        view = await here.over(run)
        assert view.state is RunState.SUCCEEDED
        assert set(states(view).values()) == {"succeeded"}
        assert [len(entry.items) for entry in view.tasks] == [0, 0, 1, 2, 0]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("continue", {"a": "failed", "b": "succeeded", "c": "succeeded"}),
        ("stop", {"a": "failed", "b": "succeeded", "c": "cancelled"}),
    ],
)
async def test_a_failure_stops_the_rest_only_where_the_plan_says_so(
    database: Database, tmp_path: Path, policy: str, expected: dict[str, str]
) -> None:
    begun = asyncio.Event()

    async def fail(call: Call) -> Reply:
        await begun.wait()
        raise BadInput("No.")

    async def wait(call: Call) -> Reply:
        begun.set()
        await here.until(run, lambda view: states(view)["a"] == "failed")
        return says("done")

    async with world(
        database, tmp_path, [scripted(), scripted("bad", fail), scripted("slow", wait)]
    ) as here:
        made = plan(task("a", agent="bad"), task("b", agent="slow"), task("c", "b"))
        run = await here.start(made.model_copy(update={"on_failure": policy}))
        view = await here.over(run)
        assert (view.state, states(view)) == (RunState.FAILED, expected)


@pytest.mark.parametrize(
    ("answer", "ending", "expected"),
    [
        ("retry it", RunState.SUCCEEDED, {"a": "succeeded", "b": "succeeded", "c": "succeeded"}),
        ("skip", RunState.SUCCEEDED, {"a": "skipped", "b": "skipped", "c": "succeeded"}),
        ("Stop!", RunState.FAILED, {"a": "failed", "b": "cancelled", "c": "cancelled"}),
    ],
)
async def test_a_failure_is_put_to_a_person_where_the_plan_says_so(
    database: Database,
    tmp_path: Path,
    answer: str,
    ending: RunState,
    expected: dict[str, str],
) -> None:
    tries = 0

    async def fail_once(call: Call) -> Reply:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise BadInput("No such page.")
        return says("found")

    async with world(database, tmp_path, [scripted(), scripted("bad", fail_once)]) as here:
        made = plan(
            task("a", agent="bad"), task("b", "a"), task("c", after=(TaskKey("a"),))
        ).model_copy(update={"on_failure": "ask"})
        run = await here.start(made)
        view = await here.until(run, lambda view: states(view)["a"] == "asking")
        assert view.state is RunState.PAUSED
        asked = (await here.executor.open_waits(THREAD))[0]
        assert asked.question == ("a: No such page. Retry it, skip it, or stop the run?")
        assert asked.who is not None
        assert asked.who.key == ANA.key
        with pytest.raises(BadInput, match="retry"):
            await here.executor.answer(PROJECT, asked.id, "hm, what?", by=ANA)
        assert await here.executor.answer(PROJECT, asked.id, answer, by=ANA)
        assert await here.executor.answer(PROJECT, asked.id, answer, by=ANA)
        view = await here.over(run)
        assert (view.state, states(view)) == (ending, expected)


async def test_a_task_is_tried_as_often_as_the_plan_says(sqlite: Database, tmp_path: Path) -> None:
    async def down(call: Call) -> Reply:
        raise AgentUnavailable("It is down.")

    broken = scripted("echo", down)
    async with world(sqlite, tmp_path, [broken]) as here:
        view = await here.run(task("a", retry=Retry(attempts=2, base_s=0)))
        assert (view.state, len(broken.calls)) == (RunState.FAILED, 2)


async def test_a_task_that_has_cost_what_it_may_is_not_tried_again(
    sqlite: Database, tmp_path: Path
) -> None:
    async def spoil(call: Call) -> Reply:
        return Reply(value=Json(value={}), usage=Usage(requests=1, cost_micro_usd=600))

    model = scripted("model", spoil, kind=AgentKind.MODEL)
    async with world(sqlite, tmp_path, [model]) as here:
        view = await here.run(
            task("a", agent="model", cost_high_micro_usd=700, cost_cap_micro_usd=1000)
        )
        assert (view.state, len(model.calls)) == (RunState.FAILED, 2)
        assert "has reached its limit of $0.001" in view.problem
