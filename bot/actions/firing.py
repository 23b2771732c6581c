"""What becomes of a time a schedule was due: rows that the bot itself writes."""

from datetime import datetime

from bot.jobs import PlanJob, enqueue_job
from bot.queries.firing import DueNow
from memory.model.base import RequestId, sha256
from memory.model.timing.firing import FiringState
from memory.model.timing.stored_schedule import ScheduleState
from memory.model.work.request import RequestState
from memory.store.engine.database import Connection
from memory.store.planning import requests
from memory.store.scheduling import firings, schedules
from memory.store.traffic import audit


async def decide(
    tx: Connection, due: DueNow, to: FiringState, reason: str, *, at: datetime
) -> bool:
    """Say what becomes of it; False where that was said before."""
    claimed = (FiringState.CLAIMED,)
    return await firings.decide(tx, due.firing, to, only_from=claimed, at=at, reason=reason)


async def ask_again(tx: Connection, due: DueNow, reason: str, *, at: datetime) -> bool:
    """Nothing of the schedule runs before a new plan is approved; False where that was said."""
    if not await decide(tx, due, FiringState.ASKED, reason, at=at):
        return False
    schedule, active = due.schedule, (ScheduleState.ACTIVE,)
    await schedules.move(tx, schedule.id, ScheduleState.ASKING, only_from=active)
    await audit.record(
        tx, schedule.project, actor="system", action="schedule.asked", on=schedule.id, at=at
    )
    return True


async def plan_again(tx: Connection, due: DueNow, *, at: datetime) -> None:
    """Plan the words that the plan was made of once more, for the same schedule."""
    firing = due.firing
    old = await requests.load(tx, due.stored.plan.request)
    new = old.model_copy(
        update={
            "id": RequestId(f"req_{sha256(f'{firing.schedule}{firing.mark}'.encode())[:20]}"),
            "state": RequestState.PLANNING,
            "round": 0,
            "spoken": None,  # what somebody said of the plan then approves nothing now
            "what_if": False,
            "schedule": firing.schedule,
        }
    )
    await requests.create(tx, new, at=at)
    job = PlanJob(project=new.project, thread=due.schedule.thread, request=new.id, round=0)
    await enqueue_job(tx, job, f"plan:{new.id}:0", at=at)
