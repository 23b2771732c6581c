"""A draft's question to data put in another's place, with all that was called after it. Pure."""

from pathlib import PurePosixPath

from memory.model.text import text
from planner.draft import Draft, DraftInput, DraftTask
from planner.names import slug
from planner.questions.about import inputs_of
from planner.questions.describing import title_of
from planner.questions.spec import QuerySpec
from planner.tools import CHART


def asking(draft: Draft, task: DraftTask, spec: QuerySpec, title: str = "") -> Draft:
    """The draft in which the task asks this from now on; its title, its charts and their paths follow."""
    shown = (title or title_of(spec).capitalize())[:200]
    asked = task.model_copy(update={"inputs": inputs_of(spec), "title": shown})
    tasks, assumptions = [], [*draft.assumptions]
    for other in draft.tasks:
        if other.type != CHART.name or all(g.from_task != task.key for g in other.inputs):
            tasks.append(asked if other.key == task.key else other)
            continue
        now, before = _path_after(other, task.title, shown), value_of(other, "path")
        if now:
            assumptions = [line for line in assumptions if before not in line]
            assumptions.append(text("The chart is saved as {path}.", path=now))
        chart = given(other, "path", now) if now else other
        tasks.append(_drawn(chart, spec, shown))
    called = draft.title.casefold() == task.title.casefold()
    return draft.model_copy(
        update={
            "tasks": tuple(tasks),
            "assumptions": tuple(assumptions),
            "title": shown if called else draft.title,
        }
    )


def _drawn(chart: DraftTask, spec: QuerySpec, shown: str) -> DraftTask:
    if spec.groups and spec.measures:
        chart = given(given(chart, "x", spec.groups[0].name), "y", spec.measures[0].name)
    name = text("Chart {subject}", subject=f"{shown[:1].lower()}{shown[1:]}")
    return given(chart, "title", shown).model_copy(update={"title": name[:200]})


def _path_after(chart: DraftTask, before: str, now: str) -> str:
    """The chart's path with the new subject, where it was made of the one before."""
    path = PurePosixPath(value_of(chart, "path"))
    if slug(before) == slug(now) or path.stem != slug(before):
        return ""
    return str(path.with_name(f"{slug(now)}{path.suffix}"))


def given(task: DraftTask, name: str, value: str) -> DraftTask:
    """The task with this constant."""
    inputs = [other for other in task.inputs if other.name != name]
    return task.model_copy(update={"inputs": (*inputs, DraftInput(name=name, value=value))})


def value_of(task: DraftTask, name: str) -> str:
    """The task's constant of that name; "" for none."""
    return next((given.value or "" for given in task.inputs if given.name == name), "")
