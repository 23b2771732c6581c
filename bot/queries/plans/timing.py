"""When a request's work is to be done: said in its words, or by the schedule it is for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.queries.plans.zones import zone_of
from bot.services import Desk
from memory.model.errors import BadInput
from memory.model.limits import PLAN_LIFE_S
from memory.model.timing.schedule import Schedule
from memory.model.work.plan import Plan
from memory.model.work.request import StoredRequest
from memory.store.engine.database import Connection
from memory.store.planning import questions
from memory.store.scheduling import schedules
from planner.timing.reminders import WHEN
from planner.timing.schedules import Timed, Unreadable, read
from planner.timing.zone import Zone


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
        if self.schedule is None and plan.schedule is None and not self.assumed:
            return plan
        assumptions = tuple(dict.fromkeys((*plan.assumptions, *self.assumed)))
        return plan.model_copy(update={"schedule": self.schedule, "assumptions": assumptions})


AT_ONCE: Final = Timing()


async def timing(desk: Desk, request: StoredRequest, base: Plan | None) -> Timing:
    """Read the times; doing it again reads the same. Raises BadInput for what cannot be kept."""
    async with desk.database.reading() as connection:
        zone = await zone_of(connection, desk, request.project, request.author.key)
        again = await schedules.find(connection, request.schedule)
        runs = await schedules.of_plan(connection, base.hash) if base else None
        when = await _answered(connection, request)
    found = _said(request, when, now=request.asked_at or desk.clock.now(), zone=zone)
    if again is not None:
        return Timing(again.schedule.model_copy(update={"of": again.id}), found.work)
    if base is None:
        return Timing(found.schedule, found.work, found.assumed)
    kept, schedule = base.schedule, found.schedule
    if kept is not None:  # what it becomes is for the same schedule
        of = {"of": runs.id if runs else kept.of}
        kept = kept.model_copy(update=of)
        schedule = schedule and schedule.model_copy(update=of)
    if found.latest == "nothing":
        return Timing(kept, found.work)
    return Timing(schedule, found.work, found.assumed, only=found.latest == "alone")


def _said(request: StoredRequest, when: str, *, now: datetime, zone: Zone) -> Timed:
    """The times of the request. `when`: what was answered to when it is due, "" for nothing."""
    found = read(f"{request.text}\n\n{when}" if when else request.text, now=now, zone=zone)
    if isinstance(found, Unreadable):
        raise BadInput("{reason}", reason=found.text)
    if when and found.latest != "alone":
        raise BadInput("I couldn't tell when “{answer}” is. Ask again with a time.", answer=when)
    return found


async def _answered(connection: Connection, request: StoredRequest) -> str:
    """When a reminder is due, as it was answered; "" where that wasn't asked."""
    asked = await questions.of_request(connection, request.id)
    return next(
        (question.answer for question in asked if question.slot == WHEN and question.answer), ""
    )


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
