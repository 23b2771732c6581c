"""Two results in one request, each for a file of its own: "… to a.md and a chart of … to b.png". Pure."""

import re
from collections.abc import Callable
from typing import Final

from planner.draft import Draft, DraftTask
from planner.port import PlanRequest

Plan = Callable[[PlanRequest], Draft | None]
_TARGET: Final = r"(?:to|in|into|as|at|under|called)\s+(?P<path>[\w./-]+\.\w{2,5})"
_ENDS: Final = re.compile(rf"\s+{_TARGET}[.!]?\s*$", re.IGNORECASE)
_PARTED: Final = re.compile(
    r"(?:,|;|\s)\s*(?:and\s+)?(?:also\s+|then\s+)?(?=(?:an?|the|one|another)\s)", re.IGNORECASE
)
_BACK: Final = re.compile(r"\b(?:of|for|from)\s+(?:it|that|this|them|the same)\b", re.IGNORECASE)
_SHOWN: Final = re.compile(r"\b(?:it|that|this|them)\b", re.IGNORECASE)


def both(request: PlanRequest, plan: Plan) -> Draft | None:
    """The two as one plan, where each half can be planned by itself; None for any other words."""
    for parting in _PARTED.finditer(request.text):
        halves = request.text[: parting.start()], request.text[parting.end() :]
        first, second = (_ENDS.search(half) for half in halves)
        if first is None or second is None or first["path"].casefold() == second["path"].casefold():
            continue
        subject = halves[0][: first.start()]
        other = _BACK.sub(lambda _, subject=subject: f"of {subject}", halves[1])  # type: ignore[misc]  # bound now
        if _SHOWN.search(other):
            continue
        drafts = [_half(request, half, plan) for half in (halves[0], other)]
        if drafts[0] is not None and drafts[1] is not None:
            return _joined(drafts[0], drafts[1])
    return None


def _half(request: PlanRequest, words: str, plan: Plan) -> Draft | None:
    """One half as a request of its own; None where it can't be planned, or writes elsewhere."""
    found = _ENDS.search(words)
    assert found is not None
    path = found["path"]
    for said in (words, f"{words[: found.start()]} to {path}"):
        draft = plan(request.model_copy(update={"text": said}))
        if draft is not None and any(
            given.value == path for task in draft.tasks for given in task.inputs
        ):
            return draft
    return None


def _joined(first: Draft, second: Draft) -> Draft:
    """Both drafts, their tasks under keys of their own."""
    keys = {task.key for task in first.tasks}
    named = {task.key: f"{task.key}-b" if task.key in keys else task.key for task in second.tasks}
    gaps = {gap.slot: gap for gap in (*first.gaps, *second.gaps)}
    return first.model_copy(
        update={
            "tasks": (*first.tasks, *(_renamed(task, named) for task in second.tasks)),
            "assumptions": tuple(dict.fromkeys((*first.assumptions, *second.assumptions))),
            "gaps": tuple(gaps.values()),
        }
    )


def _renamed(task: DraftTask, named: dict[str, str]) -> DraftTask:
    inputs = tuple(
        given.model_copy(update={"from_task": named.get(given.from_task or "")})
        for given in task.inputs
    )
    after = tuple(named.get(key, key) for key in task.after)
    return task.model_copy(update={"key": named[task.key], "inputs": inputs, "after": after})
