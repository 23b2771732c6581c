"""When a request's work is to be done: said in its words, or by the schedule it is for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.queries.plans.material import times_of
from bot.services import Services
from memory.model.errors import BadInput
from memory.model.limits import PLAN_LIFE_S
from memory.model.timing.schedule import Schedule
from memory.model.work.plan import Plan
from memory.model.work.request import StoredRequest
from planner.offline.time.schedules import Unreadable, read


@dataclass(frozen=True)
class Timing:
    """The schedule of a request's plan, its words without it, and what is assumed of the times.

    `only`: nothing but the times of the plan is to change.
    """

    schedule: Schedule | None = None
    work: str = ""
    assumed: tuple[str, ...] = ()
    only: bool = False

    def on(self, plan: Plan) -> Plan:
        """The plan with this schedule, and no other, in its bytes, so that the approval binds it."""
        if self.schedule is None and plan.schedule is None:
            return plan
        assumptions = tuple(dict.fromkeys((*plan.assumptions, *self.assumed)))
        return plan.model_copy(update={"schedule": self.schedule, "assumptions": assumptions})


AT_ONCE: Final = Timing()


async def timing(services: Services, request: StoredRequest, base: Plan | None) -> Timing:
    """Read the times; doing it again reads the same. Raises BadInput for what cannot be kept."""
    times = await times_of(services, request, base)
    asked = request.asked_at or services.clock.now()
    found = read(request.text, now=asked, zone=times.zone)
    if isinstance(found, Unreadable):
        raise BadInput("{reason}", reason=found.text)
    if times.again is not None:
        again = times.again.schedule.model_copy(update={"of": times.again.id})
        return Timing(again, found.work)
    if base is None:
        return Timing(found.schedule, found.work, found.assumed)
    kept, schedule = base.schedule, found.schedule
    if kept is not None and times.runs is not None:
        kept = kept.model_copy(update={"of": times.runs.id})  # what it becomes is for the same one
    if found.latest == "nothing":
        return Timing(kept, found.work)
    if schedule is not None and kept is not None:
        schedule = schedule.model_copy(update={"of": kept.of})
    return Timing(schedule, found.work, found.assumed, only=found.latest == "alone")


def restamped(plan: Plan, schedule: Schedule | None, now: datetime) -> Plan:
    """The plan as a new one that runs at other times, to be approved anew."""
    return plan.model_copy(
        update={
            "schedule": schedule,
            "continues": None,
            "created_at": now.isoformat(),
            "expires_at": (now + timedelta(seconds=PLAN_LIFE_S)).isoformat(),
        }
    )
