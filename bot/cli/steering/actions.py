"""What `orchestra run …`, `stop` and `release` do: actions that every worker obeys."""

import asyncio
from typing import Final

from bot.actions import runs, switch
from bot.actions.act import Action, perform
from bot.actions.plans.reruns import AskRerun, ask_rerun
from bot.actions.runs import RunSteered, SteerRun
from bot.actions.switch import Release, Stop
from bot.cli.desk import actor, at_desk, login, looking, project_of
from bot.config.settings import Settings
from bot.language.catalogue import ENGLISH, Locale
from bot.queries.runs import anybody_works, run_named
from bot.services import Desk
from memory.model.base import ProjectId, RunId
from memory.model.errors import BadInput, NotFound

_STEER: Final[dict[str, Action[SteerRun, RunSteered]]] = {
    "pause": runs.pause,
    "resume": runs.resume,
    "cancel": runs.cancel,
    "retry": runs.retry,
}
_GOES_ON: Final = {"resume", "retry"}


def steer(settings: Settings, *, what: str, run: str) -> int:
    """Pause, resume, cancel or retry the run whose id starts so; 0 where that was done.

    Raises NotFound, BadInput (several start so), NotAllowed, Conflict, StorageTrouble.
    """
    return asyncio.run(_steer(settings, what, run))


def undo(settings: Settings, *, run: str) -> int:
    """Put back the files the run changed; 0 where there were any. Raises as `steer`."""
    return asyncio.run(_undo(settings, run))


def rerun(settings: Settings, *, run: str, task: str, change: str) -> int:
    """Have the run planned again in its thread. Raises as `steer`."""
    if task and change:
        raise BadInput("Use either --from or --but: a change decides by itself what to run again.")
    return asyncio.run(_rerun(settings, run, task, change))


def stop(settings: Settings, *, project: str, reason: str) -> int:
    """Set the kill switch; 0 where it wasn't set. Raises NotFound."""
    return asyncio.run(_stop(settings, project, reason.strip() or f"stopped by {login()}"))


def release(settings: Settings, *, project: str) -> int:
    """Take the kill switch back; 0 where it was set. Raises NotFound, NotAllowed."""
    return asyncio.run(_release(settings, project))


async def _steer(settings: Settings, what: str, start: str) -> int:
    async with at_desk(settings, runs=True) as desk:
        project, run = await _run_meant(desk, start)
        given = SteerRun(run=run, reason=f"by {login()}")
        done = (await perform(desk, actor(), project, _STEER[what], given)).done
        print(_steered(desk.locale, what, run) if done else _not_steered(desk.locale, what, run))
        if done and what in _GOES_ON:
            await _hint(desk)
        return 0 if done else 1


async def _undo(settings: Settings, start: str) -> int:
    async with at_desk(settings, runs=True) as desk:
        project, run = await _run_meant(desk, start)
        paths = (await runs.undo(desk, actor(), project, SteerRun(run=run))).paths
        _ = desk.locale
        if paths:
            print(_("Restored: {paths}.").format(paths=", ".join(paths)))
        else:
            print(_("Run {run} changed no files, so there's nothing to undo.").format(run=run))
        return 0 if paths else 1


async def _rerun(settings: Settings, start: str, task: str, change: str) -> int:
    async with at_desk(settings) as desk:
        project, run = await _run_meant(desk, start)
        await perform(
            desk, actor(), project, ask_rerun, AskRerun(run=run, task=task, change=change)
        )
        _ = desk.locale
        print(_("The new plan will be in the run's thread; approve it there."))
        await _hint(desk)
        return 0


async def _stop(settings: Settings, named: str, reason: str) -> int:
    async with at_desk(settings, runs=True) as desk:
        project = await project_of(desk, named)
        given = Stop(everywhere=not named, reason=reason)
        done = (await perform(desk, actor(), project, switch.stop, given)).done
        print(_stopped(desk.locale, project if named else "", done=done))
        return 0 if done else 1


async def _release(settings: Settings, named: str) -> int:
    async with at_desk(settings, runs=True) as desk:
        project = await project_of(desk, named)
        given = Release(everywhere=not named)
        done = (await perform(desk, actor(), project, switch.release, given)).done
        print(_released(desk.locale, project if named else "", done=done))
        if done:
            await _hint(desk)
        return 0 if done else 1


async def _run_meant(desk: Desk, start: str) -> tuple[ProjectId, RunId]:
    if not start.strip():
        raise NotFound("Name a run by how its id starts; `orchestra runs` lists them.")
    async with looking(desk) as asking:
        row = await run_named(asking, start.strip())
    return ProjectId(row.project), RunId(row.id)


async def _hint(desk: Desk) -> None:
    """Say so where nobody is there to go on."""
    async with looking(desk) as asking:
        if not await anybody_works(asking):
            print(nobody(desk.locale))


def nobody(_: Locale = ENGLISH) -> str:
    """What has to be started for the work to go on."""
    return _("No worker is running. Start one with `orchestra serve` or `orchestra chat`.")


def _steered(_: Locale, what: str, run: RunId) -> str:
    texts = {
        "pause": _("Run {run} is paused. Tasks already running will finish."),
        "resume": _("Run {run} continues."),
        "cancel": _("Run {run} is cancelled."),
        "retry": _("Run {run} is retrying what failed."),
    }
    return texts[what].format(run=run)


def _not_steered(_: Locale, what: str, run: RunId) -> str:
    texts = {
        "pause": _("Run {run} isn't running, so there's nothing to pause."),
        "resume": _("Run {run} isn't paused."),
        "cancel": _("Run {run} is already over."),
        "retry": _("Nothing failed in run {run}, so there's nothing to retry."),
    }
    return texts[what].format(run=run)


def _stopped(_: Locale, project: str, *, done: bool) -> str:
    if project:
        text = (
            _("Project {project} is stopped; nothing new starts.")
            if done
            else _("Project {project} was already stopped.")
        ).format(project=project)
        undo = _("To undo: `orchestra release --project {project}`.").format(project=project)
        return f"{text} {undo}"
    text = _("All work is stopped; nothing new starts.") if done else _("It was already stopped.")
    return f"{text} {_('To undo: `orchestra release`.')}"


def _released(_: Locale, project: str, *, done: bool) -> str:
    if project:
        text = _("Project {project} continues.") if done else _("Project {project} wasn't stopped.")
        return text.format(project=project)
    return _("Work continues.") if done else _("Nothing was stopped.")
