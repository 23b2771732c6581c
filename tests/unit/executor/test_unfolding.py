"""Whatever is skipped, fails or goes through lists: every run ends, and with the right verdict."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executor.policy import conditions, lists, scheduling
from memory.model.base import AgentName, TaskKey
from memory.model.errors import BadInput
from memory.model.work.graph import (
    Condition,
    Const,
    FromItem,
    FromTask,
    Input,
    Item,
    Many,
    Task,
    TaskGraph,
    item_key,
)
from memory.model.work.run import RunState, TaskState
from memory.model.work.value import (
    File,
    Json,
    Table,
    Text,
    Value,
)

OVER = [TaskState.SUCCEEDED, TaskState.FAILED, TaskState.SKIPPED]


def _input(draw: st.DrawFn, keys: list[str]) -> Input:
    key = TaskKey(draw(st.sampled_from(keys)))
    match draw(st.integers(0, 3)):
        case 0:
            return FromTask(task=key)
        case 1:
            return FromTask(task=key, optional=True)
        case 2:
            more = draw(st.lists(st.sampled_from(keys), max_size=2))
            return Many(items=tuple(FromTask(task=TaskKey(one)) for one in [key, *more]))
        case _:
            return Many(items=(FromTask(task=key), Const(value=1)))


@st.composite
def graphs(draw: st.DrawFn) -> TaskGraph:
    tasks: list[Task] = []
    for n in range(draw(st.integers(1, 9))):
        keys = [entry.key for entry in tasks]
        inputs = {f"i{m}": _input(draw, keys) for m in range(draw(st.integers(0, 2))) if keys}
        more: dict[str, object] = {"inputs": inputs}
        if keys and draw(st.booleans()):
            more["when"] = (Condition(task=TaskKey(draw(st.sampled_from(keys))), op="not_empty"),)
        if keys and draw(st.booleans()):
            more["after"] = (TaskKey(draw(st.sampled_from(keys))),)
        if draw(st.booleans()):
            more["each"] = Const(value=["x", "y"])
            like = [entry.key for entry in tasks if entry.each is not None]
            if like and draw(st.booleans()):
                inputs["same"] = FromItem(task=draw(st.sampled_from(like)))
        tasks.append(
            Task.model_validate(
                {"key": f"t{n}", "title": "t", "type": "t", "agent": AgentName("a"), **more}
            )
        )
    return TaskGraph(tasks=tuple(tasks))


def _step(graph: TaskGraph, states: dict[TaskKey, TaskState], rng: random.Random) -> bool:
    """One step as fanout and release take it; False where there is nothing more to do."""
    passed = scheduling.passed_over(graph, states)
    closing = scheduling.closing_maps(graph, states)
    if passed:
        states[next(iter(passed))] = TaskState.SKIPPED
    elif closing:
        items = [states[item_key(closing[0], n)] for n in (1, 2)]
        lost = all(item in scheduling.LOST for item in items)
        states[closing[0]] = TaskState.FAILED if lost else TaskState.SUCCEEDED
    elif doomed := scheduling.doomed(graph, states):
        states |= dict.fromkeys(doomed, TaskState.CANCELLED)
    elif ready := scheduling.newly_ready(graph, states):
        _begin(graph.task(ready[0]), states, rng)
    else:
        open_ = [key for key, state in states.items() if state is TaskState.READY]
        if not open_:
            return False
        states[rng.choice(open_)] = rng.choice(OVER[:2])
    return True


def _begin(task: Task, states: dict[TaskKey, TaskState], rng: random.Random) -> None:
    for need in task.needs():
        assert states[need] in scheduling.DONE
    if task.when and rng.random() < 0.5:
        states[task.key] = TaskState.SKIPPED
    elif task.is_map:
        states[task.key] = TaskState.RUNNING
        states |= {item_key(task.key, n): TaskState.READY for n in (1, 2)}
    else:
        states[task.key] = TaskState.READY


@given(graphs(), st.randoms(use_true_random=False))
def test_every_run_ends_with_the_right_verdict(graph: TaskGraph, rng: random.Random) -> None:
    states = {entry.key: TaskState.WAITING for entry in graph.tasks}
    for _ in range(500):
        if not _step(graph, states, rng):
            break
    ended = scheduling.verdict(states)
    assert ended is not None, states
    assert (ended is RunState.FAILED) == (TaskState.FAILED in states.values())
    assert (ended is RunState.SUCCEEDED) == (set(states.values()) <= scheduling.DONE)
    for task in graph.tasks:
        needs = {states[need] for need in task.needs()}
        if states[task.key] is TaskState.CANCELLED:
            assert needs & scheduling.LOST
        if states[task.key] is TaskState.SUCCEEDED:
            assert needs <= scheduling.DONE


@given(graphs())
def test_a_graph_comes_back_from_its_bytes(graph: TaskGraph) -> None:
    assert TaskGraph.model_validate_json(graph.model_dump_json()) == graph


TABLE = Table(columns=("total", "Name"), rows=((90, "Ann"), (120, "Bo")), total_rows=2)
NONE = Table(columns=("total",), rows=(), total_rows=0)
NULL = Table(columns=("total",), rows=((None,),), total_rows=1)


@pytest.mark.parametrize(
    ("path", "op", "value", "of", "holds"),
    [
        ("total", "gt", 100, TABLE, True),
        ("TOTAL", "gt", 200, TABLE, False),
        ("name", "eq", "bo", TABLE, True),
        ("rows", "ge", 2, TABLE, True),
        ("rows", "eq", 0, NONE, True),
        ("", "empty", None, NONE, True),
        ("", "not_empty", None, TABLE, True),
        ("total", "gt", 0, NULL, False),
        ("total", "le", 0, NULL, False),
        ("total", "empty", None, NULL, True),
        ("total", "gt", 0, NONE, False),
        ("text", "contains", "yes", Text(text="Yes, go on"), True),
        ("text", "contains", "yes", Text(text="not before yesterday"), False),
        ("", "gt", 41, Text(text=" $42.00 "), True),
        ("", "lt", "2026-02-01", Text(text="2026-01-31"), True),
        ("a.b", "eq", "x", Json(value={"a": {"b": "X"}}), True),
        ("a.1", "ne", 5, Json(value={"a": [5, 6]}), True),
        ("rows", "gt", 2, Json(value=[1, 2, 3]), True),
        ("tags", "contains", "red", Json(value={"tags": ["Red", "blue"]}), True),
        ("size", "gt", 10, File(path="a", digest="d", media_type="t", size=11), True),
    ],
)
def test_a_condition_is_told_from_the_value(
    path: str, op: str, value: object, of: Value, holds: bool
) -> None:
    said = Condition.model_validate({"task": "q", "path": path, "op": op, "value": value})
    assert conditions.check(said, of).holds is holds


@pytest.mark.parametrize(
    ("path", "op", "value", "of", "said"),
    [
        ("tutal", "gt", 1, TABLE, "no column tutal. Available: total, Name"),
        ("", "gt", 1, TABLE, "several columns"),
        ("Name", "gt", 1, TABLE, "can't be compared with 1"),
        ("x", "eq", 1, Text(text="a"), "no x in a text"),
        ("a.c", "eq", 1, Json(value={"a": {}}), "There's no a.c"),
        ("lines", "eq", 1, File(path="a", digest="d", media_type="t", size=1), "no lines"),
    ],
)
def test_what_cannot_be_told_is_a_sentence(
    path: str, op: str, value: object, of: Value, said: str
) -> None:
    condition = Condition.model_validate({"task": "q", "path": path, "op": op, "value": value})
    with pytest.raises(BadInput, match=said):
        conditions.check(condition, of)


@pytest.mark.parametrize(
    ("of", "items"),
    [
        (TABLE, ({"total": 90, "Name": "Ann"}, {"total": 120, "Name": "Bo"})),
        (Table(columns=("a",), rows=(("x",), ("y",)), total_rows=2), ("x", "y")),
        (Text(text="- one\n\n* two\n"), ("one", "two")),
        (Json(value=[1, None]), (1, None)),
    ],
)
def test_rows_lists_and_lines_are_items(of: Value, items: tuple[object, ...]) -> None:
    assert lists.of_value(of) == items


@given(st.lists(st.text(max_size=3_000_000 // 2), max_size=5))
def test_a_list_of_results_is_kept_within_its_size(texts: list[str]) -> None:
    kept = lists.gathered([Text(text=f"{text_}." * 3) for text_ in texts])
    assert len(str(kept.value).encode(errors="replace")) < 2_000_000
    assert isinstance(kept.value, list)
    assert len(kept.value) == len(texts)


def test_long_results_are_shortened_side_by_side() -> None:
    kept = lists.gathered([Text(text="ä" * 900_000), Text(text="b" * 900_000), Text(text="c")])
    assert isinstance(kept.value, list)
    assert sum(len(str(item).encode()) for item in kept.value) <= 1_000_000
    assert str(kept.value[0]).endswith("(shortened)")
    assert kept.value[2] == "c"


def test_the_item_of_a_list_in_the_plan_is_in_its_task() -> None:
    made = Task(
        key=TaskKey("m"), title="Write", type="t", agent=AgentName("a"),
        each=Const(value=["Ann", "Bo"]), instruction="To {item}", inputs={"x": Item()},
    )  # fmt: skip
    second = TaskGraph(tasks=(made,)).task(TaskKey("m.2"))
    assert (second.key, second.title, second.instruction) == ("m.2", "Write: Bo", "To Bo")
    assert (second.number, second.is_map, made.is_map) == (2, False, True)
