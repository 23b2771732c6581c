"""Which results of an earlier run a new plan keeps."""

from memory.model.base import AgentName, TaskKey
from memory.model.work.graph import Const, FromTask, Task, TaskGraph
from planner.revising.reuse import changed, kept


def task(key: str, *needs: str, words: str = "do it") -> Task:
    inputs = {f"from_{need}": FromTask(task=TaskKey(need)) for need in needs}
    agent = AgentName("echo")
    return Task(
        key=TaskKey(key), title=key, type="t", agent=agent, instruction=words, inputs=inputs
    )


GRAPH = TaskGraph(tasks=(task("a"), task("b", "a"), task("c", "a"), task("d", "b", "c")))
ALL = [one.key for one in GRAPH.tasks]


def test_all_that_follows_a_step_is_done_anew() -> None:
    assert kept(GRAPH, ALL, [TaskKey("b")]) == ("a", "c")
    assert kept(GRAPH, ALL, [TaskKey("a")]) == ()
    assert kept(GRAPH, ALL, []) == ("a", "b", "c", "d")


def test_what_was_not_done_is_not_kept_nor_what_follows_it() -> None:
    assert kept(GRAPH, [TaskKey("a"), TaskKey("d")], []) == ("a",)


def test_another_order_is_a_change_and_another_reason_is_none() -> None:
    first = GRAPH.tasks[0]
    told = first.model_copy(update={"instruction": "do it well"})
    why = first.model_copy(update={"reason": "you asked for it", "cost_high_micro_usd": 5})
    assert changed(GRAPH, TaskGraph(tasks=(told, *GRAPH.tasks[1:]))) == {"a"}
    assert changed(GRAPH, TaskGraph(tasks=(why, *GRAPH.tasks[1:]))) == frozenset()


def test_another_input_and_a_new_step_are_changes() -> None:
    b = GRAPH.tasks[1].model_copy(update={"inputs": {"from_a": Const(value="x")}})
    graph = TaskGraph(tasks=(GRAPH.tasks[0], b, GRAPH.tasks[2], task("e")))
    assert changed(GRAPH, graph) == {"b", "e"}
