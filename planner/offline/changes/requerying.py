"""A question to data changed in words: "and now by status", "only for 2024", "the quantity"."""

from typing import Final

from planner.draft import CannotPlan
from planner.offline.changes.change import Change
from planner.questions.about import spec_of
from planner.questions.context import Context
from planner.questions.revising import revise
from planner.questions.spec import QuerySpec
from planner.revising.asking import asking, value_of
from planner.tools import ABOUT

_OPPOSITES: Final = {"highest first": "lowest first", "lowest first": "highest first"}


def requeried(change: Change, clause: str) -> bool:
    """Whether every word of the clause changes the plan's last question to data."""
    asked_before = [(t, spec) for t in change.tasks if (spec := spec_of(value_of(t, ABOUT)))]
    if not asked_before:
        return False
    task, spec = asked_before[-1]
    files, today = tuple(change.request.readable), change.request.now.date()
    context = Context(every=files, today=today, questions=change.questions)
    asked = revise(spec, clause, context)
    if asked is None:
        return _is_so(spec, clause, context)
    if asked.spec is None:
        raise CannotPlan("{reason}", reason=asked.problem)
    change.draft = asking(change.draft, task, asked.spec)
    change.assume(*asked.assumptions)
    return True


def _is_so(spec: QuerySpec, clause: str, context: Context) -> bool:
    """Whether the question is in this order already."""
    other = _OPPOSITES.get(clause)
    turned = revise(spec, other, context) if other else None
    back = revise(turned.spec, clause, context) if turned and turned.spec else None
    return back is not None and back.spec is not None and back.spec.order == spec.order
