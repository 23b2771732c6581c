"""Runs that a schedule started."""

from memory.model.base import Model, RunId
from memory.model.timing.firing import StoredFiring
from memory.model.timing.stored_schedule import StoredSchedule
from memory.store.engine.database import Connection
from memory.store.scheduling import firings, schedules


class ScheduledRun(Model):
    """The time that a run was started for, and its schedule as it stands."""

    firing: StoredFiring
    schedule: StoredSchedule


async def scheduled_run(connection: Connection, run: RunId) -> ScheduledRun | None:
    """What the run was started for; None where no schedule did it, or it was deleted."""
    firing = await firings.of_run(connection, run)
    schedule = await schedules.find(connection, firing.firing.schedule) if firing else None
    if firing is None or schedule is None:
        return None
    return ScheduledRun(firing=firing, schedule=schedule)
