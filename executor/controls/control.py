"""Cancel, pause, resume, and the kill switch, in the caller's transaction.

Each writes the deed's one audit row. What runs here is stopped once the rows are committed.
"""

from functools import partial

from executor.attempts.settle import pause_run
from executor.parts import Parts
from executor.runs.advance import finish, go_on
from executor.runs.failures import close_questions
from memory.model.base import ProjectId, RunId
from memory.model.events import RunResumed
from memory.model.work.run import RunState, TaskState
from memory.store.engine.database import Connection
from memory.store.engine.deferred import after_commit
from memory.store.running import runs, switches


async def cancel(tx: Connection, parts: Parts, project: ProjectId, run: RunId, *, by: str) -> bool:
    """Stop the run for good; False when it was over."""
    now = parts.clock.now()
    stored = await runs.lock(tx, project, run)
    if stored.state.over:
        return False
    keys = [task.key for task in await runs.tasks_of(tx, run)]
    await runs.set_tasks(tx, run, keys, TaskState.CANCELLED, open_attempt="", finished_at=now)
    await close_questions(tx, parts, run)
    await finish(tx, parts, stored, RunState.CANCELLED, by=by)
    after_commit(tx, partial(parts.under_way.stop_run, run))
    return True


async def pause(
    tx: Connection, parts: Parts, project: ProjectId, run: RunId, *, by: str, reason: str
) -> bool:
    """Begin no more tasks; what is under way ends. False when it wasn't running."""
    stored = await runs.lock(tx, project, run)
    return await pause_run(tx, parts, stored, reason, by=by)


async def resume(tx: Connection, parts: Parts, project: ProjectId, run: RunId, *, by: str) -> bool:
    """Go on; False when it wasn't paused."""
    await runs.lock(tx, project, run)
    if not await runs.move(tx, run, RunState.RUNNING, only_from=[RunState.PAUSED]):
        return False
    await parts.tell(tx, project, RunResumed(run=run))
    await parts.record(tx, project, "run.resumed", run, by=by)
    await _wake(tx, parts, project, run)
    return True


async def stop_all(tx: Connection, parts: Parts, scope: str, *, by: str, reason: str) -> bool:
    """Set the kill switch: no attempt begins in the scope. False when it was already set."""
    now = parts.clock.now()
    done = await switches.throw(tx, scope, by=by, reason=reason, at=now)
    if done:
        await parts.record(tx, _project(scope), _deed(scope, "stopped"), scope, by=by)
    return done


async def release(tx: Connection, parts: Parts, scope: str, *, by: str) -> bool:
    """Release the kill switch and go on; False when it wasn't set."""
    if not await switches.release(tx, scope):
        return False
    await parts.record(tx, _project(scope), _deed(scope, "released"), scope, by=by)
    for run in await runs.running(tx, None if scope == "all" else _project(scope)):
        await _wake(tx, parts, run.project, run.id)
    return True


async def _wake(tx: Connection, parts: Parts, project: ProjectId, run: RunId) -> None:
    stored = await runs.lock(tx, project, run)
    await go_on(tx, parts, stored, await parts.plans.get(tx, project, stored.plan))


def _deed(scope: str, done: str) -> str:
    """What the audit calls it: an archived project is stopped in a scope of its own."""
    if scope.startswith(switches.ARCHIVE):
        return {"stopped": "project.archived", "released": "project.restored"}[done]
    return f"work.{done}"


def _project(scope: str) -> ProjectId:
    """The project an audit row belongs to; "all" is nobody's and everybody's."""
    return ProjectId(scope.removeprefix("project:").removeprefix(switches.ARCHIVE))
