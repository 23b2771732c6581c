"""A request read as one small job, to its last word; None where it is anything else."""

from dataclasses import dataclass
from itertools import product

from planner.draft import Draft
from planner.jobs.forms import matched
from planner.jobs.kinds import KINDS, Kind
from planner.jobs.making import Making, OtherWork
from planner.jobs.reshaping.operations import reshaped
from planner.jobs.wording import Wording, wordings
from planner.offline.grammar.refusal import CannotPlan
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
    cut = None if late else _reshaped(request)
    if cut is not None:
        return cut
    kinds = [kind for kind in KINDS if kind.late == late]
    said = [line for line in wordings(request.text) if len(line.line.split()) <= MOST_WORDS]
    ways = product((False, True), said, kinds)  # no slip is mended where all words fit elsewhere
    found = (_drafted(request, kind, line, spelled=spelled) for spelled, line, kind in ways)
    return next(filter(None, found), None)


def of_files(request: PlanRequest) -> bool:
    """Whether the words are, to the last one, a small job on files that are there."""
    found = job(request)
    if found is None or not found.whole:
        return False
    there = {file.path for file in request.readable}
    given = (item.value for task in found.draft.tasks for item in task.inputs)
    return any(value in there for value in given)


def _reshaped(request: PlanRequest) -> Job | None:
    """The request read by what its words are, in whatever order."""
    if len(request.text.split()) > MOST_WORDS:
        return None
    answers = {answer.slot: answer.value for answer in request.answers}
    try:
        draft = reshaped(Making(request, Questions(answers)), request.text)
    except OtherWork:
        return None
    except CannotPlan as error:
        return Job(Draft(title="", declined=str(error)), whole=True)
    if draft is None or not all(request.catalogue.able(task.type) for task in draft.tasks):
        return None
    return Job(draft, whole=True)


def _drafted(request: PlanRequest, kind: Kind, wording: Wording, *, spelled: bool) -> Job | None:
    answers = {answer.slot: answer.value for answer in request.answers}
    forms = kind.forms if spelled else (*kind.forms, *kind.foreign)
    for match in matched(wording, forms, spelled=spelled):
        try:
            draft = kind.draft(Making(request, Questions(answers)), match)
            if all(request.catalogue.able(task.type) for task in draft.tasks):
                return Job(draft, whole=not kind.wraps)
        except OtherWork:
            continue
        except CannotPlan as error:
            return Job(Draft(title="", declined=str(error)), whole=True)
    return None
