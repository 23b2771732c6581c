"""A request read as one small job, to its last word; None where it is anything else."""

import re
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import PurePosixPath

from memory.model.text import text
from planner.draft import CannotPlan, Draft
from planner.jobs.both import both, in_turn
from planner.jobs.forms import Match, matched
from planner.jobs.kinds import KINDS, Kind
from planner.jobs.making import Making, OtherWork
from planner.jobs.reshaping.operations import reshaped
from planner.jobs.wording import Wording, without_new_file, wordings
from planner.lexicon.verbs import orders
from planner.offline.drafter import plan_offline
from planner.port import PlanRequest
from planner.questions.asking import Questions

MOST_WORDS = 60
"""A longer order is no small job, apart from the text it carries."""


@dataclass(frozen=True)
class Job:
    """A job's draft, or one that says why it can't be done. `whole`: its every word was read here."""

    draft: Draft
    whole: bool


def job(request: PlanRequest, *, late: bool = False) -> Job | None:
    """The request as a small job. Pure.

    `late`: also readings that only count where nothing else was understood.
    """
    if request.base is not None:
        return None
    words, anew = without_new_file(request.text)
    if anew:
        return None if late else _anew(request.model_copy(update={"text": words}), anew)
    one = _one(request, late=late)
    if one is not None or late:
        return one
    two = both(request, _half) or in_turn(request, _small, _tool_work)
    return None if two is None else Job(two, whole=False)


def _anew(request: PlanRequest, said: tuple[str, ...]) -> Job | None:
    """The job with its result in a new file; named after the file it is made of where nothing else
    names it.
    """
    found = _one(request, late=False, fresh=True)
    named = [file.path for file in request.readable if file.path in request.text.split()]
    if found is None and len(named) == 1:
        whole = PurePosixPath(named[0])
        path = Making(request, Questions({})).free(str(whole.with_stem(f"{whole.stem}-new")))
        saved = request.model_copy(update={"text": f"{request.text} and save it to {path}"})
        found = _one(saved, late=False)
        found = found and _stating(found, text("It's saved as {path}.", path=path))
    if found is None:
        return None
    for words in said:
        sentence = text("What is there already is not overwritten: “{words}”.", words=words)
        found = _stating(found, sentence)
    return found


def _stating(found: Job, sentence: str) -> Job:
    stated = (*found.draft.assumptions, sentence)
    return replace(found, draft=found.draft.model_copy(update={"assumptions": stated}))


def _small(request: PlanRequest) -> Draft | None:
    """The draft of a job whose every word is read here, and that does something."""
    found = _one(request, late=False) or _one(request, late=True)
    return found.draft if found is not None and found.whole and found.draft.tasks else None


def _tool_work(request: PlanRequest) -> Draft | None:
    """The draft of other work that tools do by themselves."""
    draft = plan_offline(request)
    told = any(task.instruction for task in draft.tasks)
    return draft if draft.tasks and not draft.declined and not told else None


def _half(request: PlanRequest) -> Draft | None:
    small = _one(request, late=False)
    draft = plan_offline(request) if small is None else small.draft
    return draft if draft.tasks else None


def _one(request: PlanRequest, *, late: bool, fresh: bool = False) -> Job | None:
    cut = None if late else _reshaped(request, fresh=fresh)
    if cut is not None:
        return cut
    kinds = [kind for kind in KINDS if kind.late == late]
    said = [line for line in wordings(request.text) if len(line.line.split()) <= MOST_WORDS]
    ways = product((False, True), said, kinds)  # no slip is mended where all words fit elsewhere
    read = partial(_drafted, request, fresh=fresh)
    found = (read(kind, line, spelled=spelled) for spelled, line, kind in ways)
    return next(filter(None, found), None)


def of_files(request: PlanRequest) -> bool:
    """Whether the words are, to the last one, a small job on files that are there or named."""
    found = job(request)
    if found is None or not found.whole:
        return False
    there = {file.path for file in request.readable}
    named = {word.strip("`\"'.,") for word in request.text.split() if PurePosixPath(word).suffix}
    given = (item.value for task in found.draft.tasks for item in task.inputs)
    return any(value in there | named for value in given)


def _reshaped(request: PlanRequest, *, fresh: bool) -> Job | None:
    """The request read by what its words are, in whatever order."""
    if len(request.text.split()) > MOST_WORDS:
        return None
    try:
        draft = reshaped(_making(request, fresh=fresh), request.text)
    except OtherWork:
        return None
    except CannotPlan as error:
        return Job(Draft(title="", declined=str(error)), whole=True)
    if draft is None or not all(request.catalogue.able(task.type) for task in draft.tasks):
        return None
    return Job(draft, whole=True)


def _making(request: PlanRequest, *, fresh: bool) -> Making:
    answers = {answer.slot: answer.value for answer in request.answers}
    return Making(request, Questions(answers), fresh=fresh)


def _holds_order(match: Match) -> bool:
    """Whether what is looked for swallows an order: "people and tick off …"."""
    needle = "" if "needle" in match.literal else match["needle"]
    return any(rest and orders(rest) for rest in re.split(r"\b(?:and|then)\b\s*", needle)[1:])


def _drafted(
    request: PlanRequest, kind: Kind, wording: Wording, *, spelled: bool, fresh: bool
) -> Job | None:
    forms = kind.forms if spelled else (*kind.forms, *kind.foreign)
    for match in matched(wording, forms, spelled=spelled):
        if _holds_order(match):
            continue
        try:
            draft = kind.draft(_making(request, fresh=fresh), match)
            if all(request.catalogue.able(task.type) for task in draft.tasks):
                return Job(draft, whole=not kind.wraps)
        except OtherWork:
            continue
        except CannotPlan as error:
            return Job(Draft(title="", declined=str(error)), whole=True)
    return None
