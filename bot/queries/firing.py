"""A time a schedule is due, with all that decides whether it runs."""

from dataclasses import dataclass

from memory.model.agents.profile import AgentProfile
from memory.model.base import ProjectId, RunId
from memory.model.timing.firing import FiringState
from memory.model.timing.schedule import Firing
from memory.model.timing.stored_schedule import StoredSchedule
from memory.model.work.approval import StoredPlan
from memory.store.engine.database import Database
from memory.store.knowledge import learning
from memory.store.planning import plans
from memory.store.running import switches
from memory.store.scheduling import firings, schedules


@dataclass(frozen=True)
class DueNow:
    """`cap_micro_usd`: the least that whoever stands for it approved, 0 where nobody does."""

    firing: Firing
    schedule: StoredSchedule
    stored: StoredPlan
    stopped: bool
    under_way: tuple[RunId, ...]
    queued: int
    cap_micro_usd: int
    profiles: tuple[AgentProfile, ...]


async def due_now(database: Database, project: ProjectId, firing: Firing) -> DueNow | None:
    """What is so at this moment; None where it was decided before, or the schedule is gone."""
    async with database.reading() as connection:
        was = await firings.get(connection, firing)
        schedule = await schedules.find(connection, firing.schedule)
        if was is None or was.state is not FiringState.CLAIMED or schedule is None:
            return None
        stored = await plans.load(connection, project, schedule.plan)
        queue = await firings.waiting(connection)
        standing = await schedules.standing(connection, schedule.id, stored.plan.hash)
        return DueNow(
            firing=firing,
            schedule=schedule,
            stored=stored,
            stopped=await switches.stopped(connection, project) is not None,
            under_way=await firings.open_runs(connection, schedule.id),
            queued=sum(waiting.schedule == schedule.id for waiting in queue),
            cap_micro_usd=min((word.cost_cap_micro_usd for word in standing), default=0),
            profiles=await learning.profiles_of(connection, stored.plan.project),
        )
