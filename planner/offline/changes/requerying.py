"""A question to data changed in words: "and now by status", "only for 2024", "the quantity"."""

from memory.model.text import text
from planner.draft import DraftTask
from planner.offline.changes.change import Change, given, value_of
from planner.offline.grammar.refusal import CannotPlan
from planner.questions.about import inputs_of, spec_of
from planner.questions.context import Context
from planner.questions.describing import title_of
from planner.questions.revising import revise
from planner.questions.spec import QuerySpec
from planner.tools import ABOUT, CHART


def requeried(change: Change, clause: str) -> bool:
    """Whether every word of the clause changes the plan's last question to data."""
    asked_before = [
        (task, spec) for task in change.tasks if (spec := spec_of(value_of(task, ABOUT)))
    ]
    if not asked_before:
        return False
    task, spec = asked_before[-1]
    context = Context(
        every=tuple(change.request.readable), today=change.request.now.date(),
        questions=change.questions,
    )  # fmt: skip
    asked = revise(spec, clause, context)
    if asked is None:
        return False
    if asked.spec is None:
        raise CannotPlan("{reason}", reason=asked.problem)
    put_query(change, task, asked.spec)
    change.assume(*asked.assumptions)
    return True


def put_query(change: Change, task: DraftTask, spec: QuerySpec, title: str = "") -> None:
    """The task asks this from now on; charts of it follow."""
    shown = title or title_of(spec).capitalize()
    if change.draft.title == task.title:
        change.update(title=shown[:200])
    change.put(task, inputs=inputs_of(spec), title=shown[:200])
    for chart in change.of_type(CHART.name):
        if any(source.from_task == task.key for source in chart.inputs):
            drawn = chart
            if spec.groups and spec.measures:
                drawn = given(given(chart, "x", spec.groups[0].name), "y", spec.measures[0].name)
            name = text("Chart {subject}", subject=f"{shown[:1].lower()}{shown[1:]}")
            change.put(given(drawn, "title", shown), title=name[:200])
