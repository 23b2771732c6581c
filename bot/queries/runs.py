"""Runs, their tasks, and who works on them."""

from dataclasses import dataclass
from typing import Final

from bot.queries.asking import Asking
from executor.engine.waiting import Lane, lanes
from memory.model.base import ProjectId
from memory.model.errors import BadInput, NotFound
from memory.model.identity import ThreadRef
from memory.model.overview import RunRow, TaskRow, Worker
from memory.store.engine.ownership import holder
from memory.store.knowledge import forecasts
from memory.store.running import exit_status, overview, workers
from planner.evaluation.calibration import Calibration, Coverage, calibrate

RECENT: Final = 100
"""So many of the newest runs say how good forecasts are of late."""


@dataclass(frozen=True)
class Queue:
    """What waits for whom, and who works. `shared`: several processes can work, as on Postgres."""

    lanes: tuple[Lane, ...]
    workers: tuple[Worker, ...]
    shared: bool


async def newest_runs(
    asking: Asking, *, everywhere: bool = False, running_only: bool = False, limit: int = 20
) -> tuple[RunRow, ...]:
    """The newest runs of the project, or with `everywhere` of all of them, newest first."""
    asking.must_see()
    project = _project(asking, everywhere=everywhere)
    return await overview.run_rows(
        asking.connection, project=project, running_only=running_only, limit=limit
    )


async def run_named(asking: Asking, start: str) -> RunRow:
    """The run of any project whose id starts so; "" means the newest.

    Raises NotFound, and BadInput where several ids start so.
    """
    asking.must_see()
    if not start:
        newest = await newest_runs(asking, everywhere=True, limit=1)
        if not newest:
            raise NotFound("Nothing has run yet.")
        return newest[0]
    rows = await overview.find_runs(asking.connection, start)
    exact = [row for row in rows if row.id == start]
    if len(exact or rows) > 1:
        several = ", ".join(row.id for row in rows)
        raise BadInput("Several runs start with {start}: {several}.", start=start, several=several)
    if not rows:
        raise NotFound("There's no run {start}; `orchestra runs` lists them.", start=start)
    return (exact or rows)[0]


async def tasks_of(asking: Asking, run: str) -> tuple[TaskRow, ...]:
    """The run's tasks, in the order of its plan."""
    asking.must_see()
    return await overview.task_rows(asking.connection, run)


async def queue(asking: Asking, *, everywhere: bool = False) -> Queue:
    """Each agent's queue, and the workers that are alive."""
    asking.must_see()
    project = _project(asking, everywhere=everywhere)
    return Queue(
        await lanes(asking.connection, project=project, now=asking.now),
        await workers.alive(asking.connection),
        shared=not asking.desk.database.is_sqlite,
    )


async def anybody_works(asking: Asking) -> bool:
    """Whether a process is there that would claim a task."""
    if asking.desk.database.is_sqlite:
        return bool(holder(asking.desk.settings.data))
    return bool(await workers.alive(asking.connection))


async def calibration(asking: Asking) -> Calibration:
    """How the forecasts of the project's runs compare with what happened."""
    asking.must_see()
    return calibrate(await forecasts.outcomes(asking.connection, asking.project))


async def recent_calibration(asking: Asking) -> Coverage | None:
    """The same for what the newest hundred runs cost; None where nothing was to be paid."""
    asking.must_see()
    found = await forecasts.outcomes(asking.connection, asking.project, limit=RECENT)
    return calibrate(found).cost


async def all_well(asking: Asking, thread: ThreadRef) -> bool:
    """Whether nothing asked for in the thread was declined, dropped, or has failed or waits."""
    asking.must_see()
    return await exit_status.all_well(asking.connection, thread.key)


def _project(asking: Asking, *, everywhere: bool) -> ProjectId | None:
    return None if everywhere else asking.project
