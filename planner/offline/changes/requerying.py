"""A question to data changed in words: "and now by status", "only for 2024", "the quantity"."""

from planner.offline.changes.change import Change
from planner.offline.grammar.refusal import CannotPlan
from planner.questions.about import spec_of
from planner.questions.context import Context
from planner.questions.revising import revise
from planner.revising.asking import asking, value_of
from planner.tools import ABOUT


def requeried(change: Change, clause: str) -> bool:
    """Whether every word of the clause changes the plan's last question to data."""
    asked_before = [(t, spec) for t in change.tasks if (spec := spec_of(value_of(t, ABOUT)))]
    if not asked_before:
        return False
    task, spec = asked_before[-1]
    files, today = tuple(change.request.readable), change.request.now.date()
    asked = revise(spec, clause, Context(every=files, today=today, questions=change.questions))
    if asked is None:
        return False
    if asked.spec is None:
        raise CannotPlan("{reason}", reason=asked.problem)
    change.draft = asking(change.draft, task, asked.spec)
    change.assume(*asked.assumptions)
    return True
