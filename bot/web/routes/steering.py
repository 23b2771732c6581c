"""What people do with runs: pause, resume, cancel, retry, undo, rerun, rate, answer."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path
from pydantic import Field

from bot.actions import runs, switch
from bot.actions.act import Action
from bot.actions.plans.reruns import AskRerun, ask_rerun
from bot.actions.runs import AnswerTask, RateRun, RunRated, RunSteered, SteerRun
from bot.actions.switch import Release, Stop
from bot.queries.web.runs import project_of_run, run_details
from bot.web.shapes.common import Id
from bot.web.state import Decides, Visit, Works
from memory.model.base import Model, ProjectId, RunId
from memory.model.errors import Conflict
from memory.model.limits import REQUEST_CHARS

router = APIRouter(tags=["runs"])

_STEER: Final[dict[str, Action[SteerRun, RunSteered]]] = {
    "pause": runs.pause,
    "resume": runs.resume,
    "cancel": runs.cancel,
    "retry": runs.retry,
}
How = Annotated[Literal["pause", "resume", "cancel", "retry"], Path()]
Words = Annotated[str, Field(max_length=REQUEST_CHARS)]


class Reason(Model):
    """Why, for everyone to see."""

    reason: str = Field(default="", max_length=1000)


class Steered(Model):
    """`done` false: it wasn't in a state for it, and nothing was changed."""

    run: str
    done: bool
    paths: tuple[str, ...] = ()


class Again(Model):
    """From a task on, or with a change in words."""

    task: str = Field(default="", max_length=200)
    change: Words = ""


class Rating(Model):
    """1, -1, or 0 to take it back."""

    value: int = Field(ge=-1, le=1)


class Answer(Model):
    """To which question of a running task, and what."""

    wait: str = Field(max_length=200)
    text: Annotated[str, Field(min_length=1, max_length=REQUEST_CHARS)]


class Taken(Model):
    """The answer was taken."""

    wait: str


class Switched(Model):
    """`done` false: it was so already."""

    done: bool


@router.post("/runs/{run}/undo")
async def undo(visit: Works, run: Id, given: Reason) -> Steered:
    """Put back the files that a finished run changed, where git has kept them."""
    del given
    project = await _project(visit, run)
    done = await runs.undo(visit.services, visit.actor, project, SteerRun(run=RunId(run)))
    return Steered(run=run, done=bool(done.paths), paths=done.paths)


@router.post("/runs/{run}/rerun", status_code=202)
async def rerun(visit: Works, run: Id, given: Again) -> Steered:
    """Have it planned again: the plan comes in the run's thread, and waits for approval."""
    project = await _project(visit, run)
    wanted = AskRerun(run=RunId(run), task=given.task, change=given.change)
    await visit.act(project, ask_rerun, wanted)
    return Steered(run=run, done=True)


@router.post("/runs/{run}/rate")
async def rate(visit: Works, run: Id, given: Rating) -> RunRated:
    """Say whether the result is good; it counts for the agents that did the work."""
    project = await _project(visit, run)
    return await visit.act(project, runs.rate, RateRun(run=RunId(run), value=given.value))


@router.post("/runs/{run}/answers")
async def answer(visit: Works, run: Id, given: Answer) -> Taken:
    """Answer a running task."""
    project = await _project(visit, run)
    async with visit.looking(project) as asking:
        found = await run_details(asking, run)
    wait = next((wait for wait in found.waits if wait.id == given.wait), None)
    if wait is None:
        raise Conflict("Nobody is waiting for that answer any more.")
    wanted = AnswerTask(thread_key=wait.thread_key, wait=wait.id, text=given.text)
    done = await visit.act(project, runs.answer_task, wanted)
    return Taken(wait=done.wait)


@router.post("/runs/{run}/{how}")
async def steer(visit: Works, run: Id, how: How, given: Reason) -> Steered:
    """Pause, resume, cancel, or retry what failed."""
    project = await _project(visit, run)
    reason = given.reason or f"by {visit.person.display or visit.person.user_id}"
    done = await visit.act(project, _STEER[how], SteerRun(run=RunId(run), reason=reason))
    return Steered(run=done.run, done=done.done)


@router.post("/projects/{project}/stop")
async def stop(visit: Works, project: Id, given: Reason) -> Switched:
    """Let nothing new begin in the project until it's released."""
    meant = await visit.project(project)
    reason = given.reason or f"stopped by {visit.person.display or visit.person.user_id}"
    done = await visit.act(meant, switch.stop, Stop(reason=reason))
    return Switched(done=done.done)


@router.post("/projects/{project}/release")
async def release(visit: Decides, project: Id, given: Reason) -> Switched:
    """Let work in the project go on."""
    del given
    done = await visit.act(await visit.project(project), switch.release, Release())
    return Switched(done=done.done)


async def _project(visit: Visit, run: str) -> ProjectId:
    async with visit.reading() as (connection, reach):
        return await project_of_run(connection, reach, run)
