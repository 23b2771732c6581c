"""Two results in one request, each for a file of its own: "… to a.md and a chart of … to b.png"; and
small jobs one after the other. Pure."""

import re
from collections.abc import Callable
from typing import Final

from memory.model.text import text
from planner.draft import Draft, DraftTask
from planner.names import unused
from planner.port import PlanRequest

Plan = Callable[[PlanRequest], Draft | None]
_TARGET: Final = r"(?:to|in|into|as|at|under|called)\s+(?P<path>[\w./-]+\.\w{2,5})"
_ENDS: Final = re.compile(rf"\s+{_TARGET}[.!]?\s*$", re.IGNORECASE)
_PARTED: Final = re.compile(
    r"(?:,|;|\s)\s*(?:and\s+)?(?:also\s+|then\s+)?(?=(?:an?|the|one|another)\s)", re.IGNORECASE
)
_THEN: Final = re.compile(
    r"[.;]\s+(?:and\s+)?(?:then\s+|also\s+)?|,?\s+(?:and\s+)(?:then\s+|also\s+)?|,\s+(?:then\s+|also\s+)?(?=[a-z])",
    re.IGNORECASE,
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
            return joined(drafts[0], drafts[1])
    return None


def in_turn(request: PlanRequest, small: Plan, other: Plan) -> Draft | None:
    """Two small jobs as one plan, the second after the first: "copy a.md to b.md and replace …"; or
    one, and something else that has nothing to do with it. None for any other words. `small` drafts
    a job whose every word is read, `other` anything that can be read.
    """
    for parting in _THEN.finditer(request.text):
        halves = [request.text[: parting.start()], request.text[parting.end() :]]
        drafts = [_closed(small, request, half) for half in halves]
        if any(drafts) and not _SHOWN.search(halves[1]):
            drafts = [
                draft or other(request.model_copy(update={"text": half}))
                for draft, half in zip(drafts, halves, strict=True)
            ]
        if drafts[0] is not None and drafts[1] is not None:
            return _one_after_the_other(drafts[0], drafts[1])
    return None


def _closed(plan: Plan, request: PlanRequest, words: str) -> Draft | None:
    """The draft of the words, None for one that leaves a question open."""
    draft = plan(request.model_copy(update={"text": words}))
    return None if draft is None or draft.gaps else draft


def _one_after_the_other(first: Draft, second: Draft) -> Draft:
    twice = _written(first) & _written(second)
    return _once(min(twice)) if twice else _after(joined(first, second), len(first.tasks))


def _written(draft: Draft) -> set[str]:
    """The files that its tasks change."""
    inputs = (given for task in draft.tasks if task.type != "files.read" for given in task.inputs)
    return {given.value for given in inputs if given.name == "path" and given.value}


def _once(path: str) -> Draft:
    told = text(
        "A plan changes {path} only once. Send the second order when the first is done.", path=path
    )
    return Draft(title="", declined=told)


def _after(draft: Draft, place: int) -> Draft:
    """The draft whose tasks from the place on begin when those before it have ended."""
    before = tuple(task.key for task in draft.tasks[:place])
    late = (
        task.model_copy(update={"after": tuple(dict.fromkeys((*task.after, *before)))})
        for task in draft.tasks[place:]
    )
    return draft.model_copy(update={"tasks": (*draft.tasks[:place], *late)})


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


def joined(first: Draft, second: Draft) -> Draft:
    """Both drafts, what both do only once, their other tasks under keys of their own."""
    taken, named, more = {task.key for task in first.tasks}, dict[str, str](), list[DraftTask]()
    for task in second.tasks:
        twin = next((other for other in first.tasks if _is_same(task, other, named)), None)
        named[task.key] = twin.key if twin else unused(task.key, taken)
        taken.add(named[task.key])
        more += [] if twin else [task]
    gaps = {gap.slot: gap for gap in (*first.gaps, *second.gaps)}
    return first.model_copy(
        update={
            "tasks": (*first.tasks, *(_renamed(task, named) for task in more)),
            "assumptions": tuple(dict.fromkeys((*first.assumptions, *second.assumptions))),
            "gaps": tuple(gaps.values()),
        }
    )


def _is_same(task: DraftTask, other: DraftTask, named: dict[str, str]) -> bool:
    """Whether another task does just that."""
    renamed = _renamed(task, {**named, task.key: other.key})
    return (renamed.type, renamed.inputs, renamed.instruction) == (
        other.type, other.inputs, other.instruction
    )  # fmt: skip


def _renamed(task: DraftTask, named: dict[str, str]) -> DraftTask:
    inputs = tuple(
        given.model_copy(update={"from_task": named.get(given.from_task, given.from_task)})
        if given.from_task
        else given
        for given in task.inputs
    )
    after = tuple(named.get(key, key) for key in task.after)
    return task.model_copy(update={"key": named[task.key], "inputs": inputs, "after": after})
