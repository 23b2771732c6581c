"""How plans and runs with conditions, lists and groups are shown."""

import pytest

from bot.language.catalogue import ENGLISH
from bot.render.pictures.ascii_graph import plan_drawing
from bot.render.pictures.plan_picture import plan_picture
from bot.render.plans.message import plan_message
from bot.render.runs import completion, progress
from memory.model.agents.spec import EffectClass
from memory.model.work.graph import (
    Condition,
    Const,
    FromTask,
    Task,
)
from memory.model.work.run import RunState, TaskState, TaskView
from memory.model.work.value import File, Json, Text
from tests.unit.bot.samples import plan, task, view, writes


def sample() -> tuple[Task, ...]:
    each = FromTask(task="total")
    return (
        task("total", "Total the revenue", "data.query"),
        task(
            "alert", "Tell kim", "person", priority="high", group="Alarm",
            when=(Condition(task="total", path="revenue", op="gt", value=1000),),
        ),
        task("letter", "Write a letter", each=each, at_most=20, cost_high_micro_usd=10_000),
        task("save", "Save it", "files", each=each, at_most=20,
             effects=writes(*(f"out/{n}.md" for n in range(1, 21)))),
        task("poem", "Write a poem", each=Const(value=["Ann", "Bo", "Cy"]),
             effects=writes("a.md", "b.md", "c.md", effect=EffectClass.PUBLISH)),
    )  # fmt: skip


def shown(text: object) -> str:
    return "\n".join(section.text for section in text.sections)  # type: ignore[attr-defined]


def test_a_plan_says_what_is_done_only_if_and_how_often() -> None:
    text = shown(plan_message(ENGLISH, plan(*sample()), needs="", picture=None))
    assert "only if revenue of task 1 is above 1000" in text
    assert "part of Alarm · high priority" in text
    assert "× each item of task 1, at most 20" in text
    assert "× each of Ann, Bo and Cy" in text
    assert "⚠ writes up to 20 files in `out/` (`out/1.md` … `out/20.md`)" in text
    assert "⚠ publishes `a.md`" in text
    assert "up to $0.20" in text
    assert "writes up to 20 files, publishes up to 3 files" in text


@pytest.mark.parametrize("text", ["Stop the run", "Ask a person"])
def test_a_plan_says_what_a_failure_means_for_the_rest(text: str) -> None:
    policy = "stop" if text.startswith("Stop") else "ask"
    message = shown(
        plan_message(ENGLISH, plan(*sample(), on_failure=policy), needs="", picture=None)
    )
    wanted = {"stop": "nothing more starts", "ask": "I'll ask you"}[policy]
    assert f"If a task fails, {wanted}" in message


def test_the_end_of_a_run_says_what_was_left_out_and_why() -> None:
    tasks = [task(f"t{n}", f"Step {n}") for n in range(1, 10)]
    of = plan(*tasks)
    skipped = {one.key: TaskState.SKIPPED for one in tasks[1:]}
    notes = {"t2": "skipped: total 90 is not above 100"}
    done = view(of, {"t1": TaskState.SUCCEEDED, **skipped}, state=RunState.SUCCEEDED, notes=notes)
    text = shown(completion(ENGLISH, done, of))
    assert "Done in" in text
    assert "↷ 2 Step 2, skipped: total 90 is not above 100." in text
    assert "↷ 3 Step 3, skipped." in text
    assert "↷ and 2 more tasks skipped." in text
    assert "Step 9" not in text


def test_the_drawings_mark_conditions_and_lists() -> None:
    drawn = plan_drawing(ENGLISH, plan(*sample()).graph)
    assert "person · if" in drawn
    assert "× ≤ 20" in drawn
    assert "× 3" in drawn
    states = {one.key: TaskState.SKIPPED for one in sample()}
    assert "↷" in plan_drawing(ENGLISH, plan(*sample()).graph, states)
    assert plan_picture(ENGLISH, plan(*sample()), states).startswith(b"\x89PNG")


def test_progress_counts_items_and_says_why_a_task_was_skipped() -> None:
    of = plan(*sample())
    states = {
        "total": TaskState.SUCCEEDED, "alert": TaskState.SKIPPED, "letter": TaskState.RUNNING,
        "save": TaskState.WAITING, "poem": TaskState.WAITING,
    }  # fmt: skip
    seen = view(of, states, notes={"alert": "skipped: revenue 90 is not above 1000"})
    done, failed = (
        TaskView(key="letter.1", title="Write a letter (1)", agent="chatgpt",
                 state=TaskState.SUCCEEDED),
        TaskView(key="letter.2", title="Write a letter (2)", agent="chatgpt",
                 state=TaskState.FAILED, note="no such customer"),
    )  # fmt: skip
    tasks = tuple(
        task.model_copy(update={"items": (done, failed)}) if task.key == "letter" else task
        for task in seen.tasks
    )
    seen = seen.model_copy(update={"tasks": tasks})
    text = shown(progress(ENGLISH, seen, of))
    assert "2/5" in text
    assert "↷ 2 Tell kim" in text
    assert "revenue 90 is not above 1000" in text
    assert "1 of 2 done, 1 failed" in text
    ended = shown(completion(ENGLISH, seen.model_copy(update={"state": RunState.FAILED}), of))
    assert "✗ 3 Write a letter (2): no such customer" in ended


def test_what_came_out_for_each_item_is_shown_with_its_files() -> None:
    of = plan(task("poem", "Write a poem", each=Const(value=["Ann", "Bo"])))
    seen = view(of, {"poem": TaskState.SUCCEEDED}, values={"poem": Json(value=["one", "two"])},
                state=RunState.SUCCEEDED)  # fmt: skip
    items = tuple(
        TaskView(key=f"poem.{n}", title=f"Write a poem: {name}", agent="chatgpt",
                 state=TaskState.SUCCEEDED, value=value)
        for n, (name, value) in enumerate(
            [("Ann", Text(text="Roses")),
             ("Bo", File(path="b.md", digest="0" * 64, media_type="text/markdown", size=3))], 1)
    )  # fmt: skip
    seen = seen.model_copy(update={"tasks": (seen.tasks[0].model_copy(update={"items": items}),)})
    text = shown(completion(ENGLISH, seen, of))
    assert "**Write a poem: Ann**\nRoses" in text
    assert "Files: b.md" in text.replace("`", "")
