"""Taking tasks out: "skip the review", "all but 4", "only 1-3"."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from planner.draft import CannotPlan, DraftInput, DraftTask
from planner.lexicon.verbs import READERS
from planner.names import listed
from planner.offline.changes.change import Change, needs, reached, sources
from planner.revising.asking import value_of

_SKIP: Final = re.compile(
    r"^(?:skip|drop|remove|leave out|leave away|omit|delete|cut|without|no need (?:for|of)|"
    r"(?:i |we )?don't (?:need|want|do)|do not (?:do|need|want)|not|no)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
_LEAVE: Final = re.compile(r"^(?:leave|take) (?P<what>.+?) (?:out|away|off)$", re.IGNORECASE)
_BUT: Final = re.compile(
    r"^(?:(?:do |run |keep )?(?:all|everything|every step|all steps|the rest)(?: of it)?)\s+"
    r"(?:but|except(?: for)?|without|apart from|minus)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
_ONLY: Final = re.compile(
    r"^(?:(?:do |run |keep )?(?:only|just)(?: do| run| keep)?|keep)\s+(?P<what>.+?)(?: only)?$",
    re.IGNORECASE,
)
PASSES_ON: Final = READERS | {"edit", "general"}
"""Work that gives back the text it was given: without it, the text goes straight on."""


def removed(change: Change, clause: str) -> bool:
    """ "skip the review". Raises CannotPlan where others could not do without."""
    gone = _keys(change, _SKIP.match(clause) or _LEAVE.match(clause))
    if not gone:
        return False
    _, lost = without(change.tasks, gone)
    if lost != gone:
        raise _needed(change, gone, lost - gone)
    _take_out(change, gone)
    return True


def all_but(change: Change, clause: str) -> bool:
    """ "all but 4": what cannot be done without it goes, too."""
    gone = _keys(change, _BUT.match(clause))
    if gone:
        _take_out(change, gone)
    return bool(gone)


def only(change: Change, clause: str) -> bool:
    """ "only 1-3": those, and what they need."""
    kept = _keys(change, _ONLY.match(clause))
    if kept:
        kept = reached(change.tasks, kept, _data_of)
        _take_out(change, set(change.keys) - kept)
    return bool(kept)


def _keys(change: Change, match: "re.Match[str] | None") -> set[str]:
    return set(change.intended(match["what"])) if match else set()


def without(tasks: Iterable[DraftTask], gone: set[str]) -> tuple[tuple[DraftTask, ...], set[str]]:
    """What is left, and all that is gone: who passed a text on is bridged, what cannot do without
    those taken out is gone as well.
    """
    tasks = tuple(tasks)
    bridges = {
        task.key: next((given.from_task for given in task.inputs if given.name == "context"), None)
        for task in tasks
        if task.key in gone and task.type in PASSES_ON and task.instruction
    }
    left: list[DraftTask] = []
    lost = set(gone)
    for task in tasks:
        rest = _left(task, lost, bridges)
        if rest is None:
            lost.add(task.key)
        else:
            left.append(rest)
    return tuple(left), lost


def _bound(task: DraftTask) -> Iterator[str]:
    """The tasks it is nothing without: itself, its conditions, its list."""
    yield task.key
    yield from (holds.task for holds in task.when)
    if task.each and task.each.from_task:
        yield task.each.from_task


def _left(task: DraftTask, lost: set[str], bridges: dict[str, str | None]) -> DraftTask | None:
    """The task without those that are lost; None where it can't do without."""
    if lost.intersection(_bound(task)):
        return None
    given = dict.fromkeys(_bridged(source, lost, bridges) for source in task.inputs)
    after = tuple(need for need in task.after if need not in lost)
    left = task.model_copy(update={"inputs": tuple(filter(None, given)), "after": after})
    starved = _is_fed(task) and not _is_fed(left)
    return None if starved and (not task.instruction or task.type in READERS) else left


def _is_fed(task: DraftTask) -> bool:
    return any(given.from_task for given in task.inputs)


def _bridged(
    given: DraftInput, lost: set[str], bridges: dict[str, str | None]
) -> DraftInput | None:
    if not given.from_task:
        return given
    source: str | None = given.from_task
    while source in bridges:
        source = bridges[source]
    if source is None or source in lost:
        return None
    return given.model_copy(update={"from_task": source})


def _take_out(change: Change, gone: set[str]) -> None:
    kept, lost = without(change.tasks, gone)
    if not kept:
        raise CannotPlan("That leaves nothing to do. Say `drop` to forget the plan.")
    change.forget(value_of(task, "path") for task in change.tasks if task.key in lost)
    change.keep(kept)


def _data_of(task: DraftTask) -> set[str]:
    """What it is made from or depends on; what only comes before it in time isn't needed for it."""
    return {*sources(task), *(holds.task for holds in task.when)}


def _needed(change: Change, gone: set[str], needed: set[str]) -> CannotPlan:
    users = change.numbers(t.key for t in change.tasks if t.key in needed and needs(t) & gone)
    users = users or change.numbers(needed)
    tasks = listed(
        [change.named(task.key) for task in change.tasks if task.key in gone], word="and"
    )
    everything = listed(change.numbers(gone | needed), word="and")
    sentence = {"tasks": tasks, "users": listed(users, word="and"), "all": everything}
    if len(users) == 1:
        return CannotPlan(
            "{tasks} can't go alone: step {users} is made from it. Say `remove {all}` to take all "
            "of it out, or say what should be done instead.",
            **sentence,
        )
    return CannotPlan(
        "{tasks} can't go alone: steps {users} are made from it. Say `remove {all}` to take all of "
        "it out, or say what should be done instead.",
        **sentence,
    )
