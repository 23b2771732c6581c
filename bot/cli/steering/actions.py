"""What `orchestra run …`, `stop` and `release` do: rows that every worker obeys."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from bot.checkup.doctor import holder
from bot.cli.inspect.tables import database_of, run_named, the_project
from bot.cli.local_user import login
from bot.config.settings import Settings
from bot.jobs import RerunJob, enqueue_job
from bot.platforms.console.session import person
from bot.queries.plans.cards import thread_of
from executor.engine.dbos import DbosEngine
from executor.service import Executor
from memory.model.base import ProjectId, RunId
from memory.model.errors import Conflict
from memory.model.timing.clock import SystemClock
from memory.store.engine import schema
from memory.store.engine.database import Database
from memory.store.running import runs, workers
from memory.store.traffic import audit

_DONE = {
    "pause": "Run {run} is paused; what is under way ends.",
    "resume": "Run {run} goes on.",
    "cancel": "Run {run} is cancelled.",
    "retry": "Run {run} tries again what failed.",
}
_NOT_DONE = {
    "pause": "Run {run} is not running, so there is nothing to pause.",
    "resume": "Run {run} is not paused.",
    "cancel": "Run {run} is over already.",
    "retry": "Nothing failed in run {run}, so there is nothing to try again.",
}
NOBODY = "Nobody works now; it goes on with the next `orchestra serve` or `chat`."
_GOES_ON = {"resume", "retry", "release"}


def steer(settings: Settings, *, what: str, run: str) -> int:
    """Pause, resume, cancel, retry or undo the run whose id begins so; 0 where that was done.

    Raises NotFound, BadInput (several begin so), NotAllowed, Conflict, StorageTrouble.
    """
    done, text = asyncio.run(_steer(settings, what, run))
    print(text)
    return 0 if done else 1


def again(settings: Settings, *, run: str, step: str, change: str) -> int:
    """Have the run planned again in its thread. Raises as `steer`."""
    print(asyncio.run(_again(settings, run, step, change)))
    return 0


def switch(settings: Settings, *, project: str, reason: str, on: bool) -> int:
    """Set the kill switch, or take it back; 0 where that changed anything. Raises NotFound."""
    done, text = asyncio.run(_switch(settings, project, reason, on=on))
    print(text)
    return 0 if done else 1


async def _steer(settings: Settings, what: str, start: str) -> tuple[bool, str]:
    by = person(login()).key
    async with _executor(settings) as (database, executor):
        project, run = await _meant(database, start)
        if what == "undo":
            paths = await executor.roll_back(project, run, by=by)
            text = f"Put back as before: {', '.join(paths)}." if paths else ""
            return bool(paths), text or f"Run {run} changed no file, so nothing was put back."
        match what:
            case "pause":
                done = await executor.pause(project, run, by=by, reason=f"by {login()}")
            case "resume":
                done = await executor.resume(project, run, by=by)
            case "cancel":
                done = await executor.cancel(project, run, by=by)
            case _:
                done = await executor.retry(project, run, by=by)
        text = (_DONE if done else _NOT_DONE)[what].format(run=run)
        return done, await _with_hint(settings, database, what if done else "", text)


async def _again(settings: Settings, start: str, step: str, change: str) -> str:
    if step and change:
        raise Conflict("Say either --from or --but: a change decides by itself what is done anew.")
    clock = SystemClock()
    database = await _open(settings)
    try:
        project, run = await _meant(database, start)
        async with database.reading() as connection:
            stored = await runs.get(connection, project, run)
            thread = await thread_of(connection, stored.thread_key)
        if thread is None:
            raise Conflict("The thread of that run is gone; ask for the work anew.")
        due = RerunJob(
            project=project, thread=thread, run=run, step=step, change=change, by=person(login())
        )
        async with database.transaction() as tx:
            now = clock.now()
            await enqueue_job(tx, due, f"again:{run}:{uuid4().hex}", at=now)
            await audit.record(
                tx, project, actor=due.by.key, action="run.again_asked", on=run, at=now
            )
        text = "Its plan is shown in its thread, to be approved there."
        return await _with_hint(settings, database, "retry", text)
    finally:
        await database.close()


async def _switch(settings: Settings, named: str, reason: str, *, on: bool) -> tuple[bool, str]:
    by = person(login()).key
    async with _executor(settings) as (database, executor):
        async with database.reading() as connection:
            project = await the_project(connection, named)
        scope, where = (f"project:{project}", project) if project else ("all", "Everything")
        if on:
            why = reason.strip() or f"stopped by {login()}"
            done = await executor.stop_all(scope, by=by, reason=why)
            text = "is stopped; nothing new begins" if done else "is stopped already"
            return done, f"{where} {text}. `orchestra release` takes it back."
        done = await executor.release(scope, by=by)
        text = f"{where} goes on." if done else f"{where} is not stopped."
        return done, await _with_hint(settings, database, "release" if done else "", text)


@asynccontextmanager
async def _executor(settings: Settings) -> AsyncIterator[tuple[Database, Executor]]:
    """An executor that takes up nothing itself: what it decides is left to whoever works."""
    database = await _open(settings)
    try:
        engine = DbosEngine(database, works=False)
        async with Executor(database, [], engine=engine, clock=SystemClock()) as executor:
            yield database, executor
    finally:
        await database.close()


async def _open(settings: Settings) -> Database:
    database = database_of(settings)
    try:
        await schema.require(database)
    except BaseException:
        await database.close()
        raise
    return database


async def _meant(database: Database, start: str) -> tuple[ProjectId, RunId]:
    async with database.reading() as connection:
        found = await run_named(connection, start.strip())
    return ProjectId(found.project), RunId(found.id)


async def _with_hint(settings: Settings, database: Database, what: str, text: str) -> str:
    """The text, and that nobody works now where that matters."""
    if what not in _GOES_ON:
        return text
    if database.is_sqlite:
        works = bool(holder(settings.data))
    else:
        async with database.reading() as connection:
            works = bool(await workers.alive(connection))
    return text if works else f"{text} {NOBODY}"
