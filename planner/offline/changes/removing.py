"""Taking tasks out: "skip the review", "all but 4", "only 1-3"."""

import re
from collections.abc import Iterable
from typing import Final

from planner.draft import DraftInput, DraftTask
from planner.names import listed
from planner.offline.changes.change import READERS, Change, needs, sources, value_of
from planner.offline.grammar.refusal import CannotPlan

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
    match = _SKIP.match(clause) or _LEAVE.match(clause)
    gone = change.meant(match["what"]) if match else set()
    if not gone:
        return False
    kept, lost = without(change.tasks, gone)
    needed = lost - gone
    if needed:
        raise CannotPlan(_needed(change, gone, needed))
    _take(change, kept, lost)
    return True


def all_but(change: Change, clause: str) -> bool:
    """ "all but 4": what cannot be done without it goes, too."""
    match = _BUT.match(clause)
    gone = change.meant(match["what"]) if match else set()
    if not gone:
        return False
    _take(change, *without(change.tasks, gone))
    return True


def only(change: Change, clause: str) -> bool:
    """ "only 1-3": those, and what they need."""
    match = _ONLY.match(clause)
    kept = change.meant(match["what"]) if match else set()
    if not kept:
        return False
    kept = _with_needs(change.tasks, kept)
    gone = {task.key for task in change.tasks} - kept
    _take(change, *without(change.tasks, gone))
    return True


def without(tasks: Iterable[DraftTask], gone: set[str]) -> tuple[tuple[DraftTask, ...], set[str]]:
    """What is left, and all that is gone: who passed a text on is bridged, what cannot do without
    those taken out is gone as well.
    """
    tasks = tuple(tasks)
    bridges = {
        task.key: next((one.from_task for one in task.inputs if one.name == "context"), None)
        for task in tasks
        if task.key in gone and task.type in PASSES_ON and task.instruction
    }
    left: list[DraftTask] = []
    lost = set(gone)
    for task in tasks:
        if task.key in lost:
            continue
        rest = _left(task, lost, bridges)
        if rest is None:
            lost.add(task.key)
        else:
            left.append(rest)
    return tuple(left), lost


def _left(task: DraftTask, lost: set[str], bridges: dict[str, str | None]) -> DraftTask | None:
    if any(one.task in lost for one in task.when):
        return None
    if task.each is not None and task.each.from_task in lost:
        return None
    found = [_bridged(one, lost, bridges) for one in task.inputs]
    inputs = tuple(dict.fromkeys(one for one in found if one is not None))
    had = any(one.from_task for one in task.inputs)
    has = any(one.from_task for one in inputs)
    if had and not has and (not task.instruction or task.type in READERS):
        return None
    after = tuple(need for need in task.after if need not in lost)
    return task.model_copy(update={"inputs": inputs, "after": after})


def _bridged(one: DraftInput, lost: set[str], bridges: dict[str, str | None]) -> DraftInput | None:
    source = one.from_task
    while source in bridges:
        source = bridges[source]
    if one.from_task and (source is None or source in lost):
        return None
    return one.model_copy(update={"from_task": source}) if one.from_task else one


def _take(change: Change, kept: tuple[DraftTask, ...], lost: set[str]) -> None:
    if not kept:
        raise CannotPlan("That leaves nothing to do; say `drop` to forget the plan.")
    paths = [value_of(task, "path") for task in change.tasks if task.key in lost]
    said = tuple(
        one for one in change.draft.assumptions if not any(path and path in one for path in paths)
    )
    change.keep(kept)
    change.draft = change.draft.model_copy(update={"assumptions": said})


def _with_needs(tasks: Iterable[DraftTask], keys: set[str]) -> set[str]:
    by_key = {task.key: task for task in tasks}
    todo, kept = list(keys), set(keys)
    while todo:
        task = by_key[todo.pop()]
        # What only comes before it in time is not needed for it.
        wanted = {*sources(task), *(one.task for one in task.when)}
        todo += [need for need in wanted if need not in kept]
        kept |= wanted
    return kept


def _needed(change: Change, gone: set[str], needed: set[str]) -> str:
    draft = change.draft
    what = listed([change.named(key) for key in gone], word="and")
    whose = change.numbers(t.key for t in draft.tasks if t.key in needed and needs(t) & gone)
    users = listed(whose or change.numbers(needed), word="and")
    all_ = listed(change.numbers(gone | needed), word="and")
    made = "is made" if len(whose) == 1 else "are made"
    return (
        f"{what} cannot go alone: {users} {made} from it. Say `remove {all_}` to take all of it out, "
        "or say what should be done instead."
    )
