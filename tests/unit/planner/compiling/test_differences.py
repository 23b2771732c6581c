"""What is told of a change, and when a smaller plan is nothing but a part of the one shown."""

from collections.abc import Callable

import pytest

from memory.model.agents.spec import EffectClass
from memory.model.work.graph import Const, FromTask, Many, Task
from memory.model.work.plan import Estimate, Plan
from planner.revising.differences import differences, only_takes_away
from tests.unit.bot.samples import plan, task, writes


def estimate(high: int) -> Estimate:
    return Estimate(
        cost_low_micro_usd=high // 2, cost_high_micro_usd=high, seconds_low=1, seconds_high=high
    )


def tasks() -> list[Task]:
    return [
        task("draft", "Draft", instruction="Write.", cost_high_micro_usd=10),
        task("review", "Review", "claude", type="review", instruction="Check.",
             inputs={"context": Many(items=(FromTask(task="draft"),))}),
        task("ask", "kim checks", "person", type="ask", inputs={"question": Const(value="Ok?")}),
        task("publish", "Publish", "files", type="files.publish", after="ask",
             inputs={"content": FromTask(task="review"), "path": Const(value="a.md")},
             effects=writes("a.md", effect=EffectClass.PUBLISH)),
    ]  # fmt: skip


BEFORE = plan(*tasks(), estimate=estimate(100))


def after(change: Callable[[list[Task]], list[Task]], *, cost: int = 100) -> Plan:
    return plan(*change(tasks()), estimate=estimate(cost))


def replaced(key: str, **fields: object) -> Callable[[list[Task]], list[Task]]:
    def change(found: list[Task]) -> list[Task]:
        return [
            Task.model_validate({**one.model_dump(), **fields}) if one.key == key else one
            for one in found
        ]

    return change


def without(*keys: str) -> Callable[[list[Task]], list[Task]]:
    return lambda found: [one for one in found if one.key not in keys]


def test_a_plan_does_not_differ_from_itself() -> None:
    assert differences(BEFORE, after(lambda found: found)).none
    assert only_takes_away(BEFORE, after(lambda found: found))


def test_what_was_added_removed_and_changed_is_told() -> None:
    change = replaced("draft", agent="gemini", instruction="Write well.")
    new = plan(
        *change(without("publish")(tasks())),
        task("save", "Save", "files", type="files.write", effects=writes("b.md")),
        estimate=estimate(60),
    )
    found = differences(BEFORE, new)
    assert [one.task.key for one in found.added] == ["save"]
    assert [(one.number, one.task.key) for one in found.removed] == [(4, "publish")]
    (changed,) = found.changed
    assert changed.agent == ("chatgpt", "gemini")
    assert changed.instruction == ("Write.", "Write well.")
    assert found.cost_micro_usd == ((50, 100), (30, 60))
    assert not found.reordered


def test_a_path_an_order_and_a_policy_are_told() -> None:
    moved = replaced(
        "publish",
        inputs={"content": FromTask(task="review"), "path": Const(value="b.md")},
        effects=writes("b.md", effect=EffectClass.PUBLISH),
    )
    (changed,) = differences(BEFORE, after(moved)).changed
    assert changed.inputs == (("path", "a.md", "b.md"),)
    assert [one.target for one in (*changed.lost, *changed.gained)] == ["a.md", "b.md"]
    found = tasks()
    swapped = plan(found[2], found[0], found[1], found[3], estimate=estimate(100))
    assert differences(BEFORE, swapped).reordered
    assert differences(BEFORE, plan(*tasks(), on_failure="stop")).on_failure == ("continue", "stop")


def test_a_task_with_another_key_is_the_same_by_its_title() -> None:
    def renamed(found: list[Task]) -> list[Task]:
        again = replaced("review", inputs={"context": Many(items=(FromTask(task="first"),))})
        return again([
            one.model_copy(update={"key": "first"}) if one.key == "draft" else one for one in found
        ])  # fmt: skip

    assert differences(BEFORE, after(renamed)).none


@pytest.mark.parametrize("gone", [("publish",), ("ask", "publish"), ("review", "ask", "publish")])
def test_tasks_left_out_at_the_end_only_take_away(gone: tuple[str, ...]) -> None:
    assert only_takes_away(BEFORE, after(without(*gone), cost=90))


def unasked(found: list[Task]) -> list[Task]:
    return replaced("publish", after=())(without("ask")(found))


def unreviewed(found: list[Task]) -> list[Task]:
    fed = {"content": FromTask(task="draft"), "path": Const(value="a.md")}
    return replaced("publish", inputs=fed)(without("review")(found))


@pytest.mark.parametrize(
    "change",
    [
        unasked,
        unreviewed,
        replaced("draft", agent="gemini"),
        replaced("draft", instruction="Write more."),
        replaced("draft", cost_high_micro_usd=11),
        replaced("draft", fallbacks=("gemini",)),
        replaced("publish", effects=writes("c.md", effect=EffectClass.PUBLISH)),
        replaced("draft", effects=writes("new.md")),
        replaced("draft", timeout_s=9_999),
        lambda found: [*found, task("more", "More")],
    ],
    ids=lambda change: getattr(change, "__qualname__", ""),
)
def test_anything_else_does_more_than_take_away(
    change: Callable[[list[Task]], list[Task]],
) -> None:
    assert not only_takes_away(BEFORE, after(change))


def test_a_dearer_plan_does_not_only_take_away() -> None:
    assert not only_takes_away(BEFORE, after(without("publish"), cost=101))
