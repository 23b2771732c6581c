"""A request read as one small job, to its last word; None where it is anything else."""

from dataclasses import dataclass

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
    for wording in wordings(request.text):
        if len(wording.line.split()) <= MOST_WORDS:
            found = next(filter(None, (_drafted(request, kind, wording) for kind in kinds)), None)
            if found is not None:
                return found
    return None


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


def _drafted(request: PlanRequest, kind: Kind, wording: Wording) -> Job | None:
    answers = {answer.slot: answer.value for answer in request.answers}
    for match in matched(wording, kind.forms):
        try:
            draft = kind.draft(Making(request, Questions(answers)), match)
            if all(request.catalogue.able(task.type) for task in draft.tasks):
                return Job(draft, whole=not kind.wraps)
        except OtherWork:
            continue
        except CannotPlan as error:
            return Job(Draft(title="", declined=str(error)), whole=True)
    return None
