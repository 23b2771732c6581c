"""Orders within an order: what a condition or a list asks of the data, and what depends on it."""

from collections.abc import Callable
from dataclasses import replace

from planner.lexicon.tokens import Clause
from planner.offline.clauses import data
from planner.offline.sketch import Sketch, Step

Order = Callable[[Sketch, Clause], None]
"""Does a part of the request that may hold several orders."""


def added(sketch: Sketch, body: Clause, do: Order) -> list[Step]:
    """The tasks that the orders add; none where they change one that was there before."""
    before = [replace(step, inputs=[*step.inputs], after=[*step.after]) for step in sketch.steps]
    do(sketch, body)
    sketch.settle()
    changed = sketch.steps[: len(before)] != before
    return [] if changed else sketch.steps[len(before) :]


def asked(sketch: Sketch, question: Clause) -> Step | None:
    """The task that answers a question to the data; None where some word of it was not read."""
    unread = len(sketch.unread)
    data.query(sketch, question)
    step = sketch.settle()
    if len(sketch.unread) == unread and step is not None and step.query is not None:
        return step
    del sketch.unread[unread:]
    return None
