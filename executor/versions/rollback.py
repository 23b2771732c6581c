"""Undoing what a finished run wrote, when somebody asks for it."""

from executor.parts import Parts
from executor.versions import git
from memory.model.agents.signal import Signal, SignalKind
from memory.model.base import ProjectId, RunId
from memory.model.errors import Conflict
from memory.store.knowledge import projects, signals
from memory.store.running import runs


async def roll_back(parts: Parts, project: ProjectId, run: RunId, *, by: str) -> tuple[str, ...]:
    """Restore the files the run changed; returns their paths.

    Doing it twice is harmless. Raises NotFound where nothing of it is kept, Conflict while the
    run is under way or where somebody changed a file since.
    """
    async with parts.database.reading() as connection:
        stored = await runs.get(connection, project, run)
        root = await projects.root(connection, project)
    if not stored.state.over:
        raise Conflict("That run is still under way. Say `cancel` first.")
    await git.changes(root, run)  # what changed nothing is no mark against whoever did it
    async with parts.database.transaction() as tx:  # before the files: what is done is on record
        await parts.record(tx, project, "run.rolled_back", run, by=by)
        undone = Signal(kind=SignalKind.ROLLED_BACK, source=by)
        attempts = await signals.succeeded_in(tx, project, run)
        seen = dict.fromkeys(attempts, (undone,))
        await signals.tell(tx, project, seen, at=parts.clock.now())
    return await git.roll_back(root, run, f"Roll back, by {by}")
