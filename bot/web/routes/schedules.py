"""Schedules: what runs again by itself, and when."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path

from bot.actions import schedules
from bot.actions.act import Action
from bot.actions.schedules import OfSchedule, ScheduleMoved
from bot.queries.schedules import all_schedules
from bot.queries.web.now import each
from bot.web.shapes.common import InProject, Number, Page
from bot.web.shapes.schedules import Moved, ScheduleLine, schedule_line
from bot.web.state import Reads, Visit, Works
from memory.model.base import Model

router = APIRouter(tags=["schedules"])

_MOVES: Final[dict[str, Action[OfSchedule, ScheduleMoved]]] = {
    "pause": schedules.pause,
    "resume": schedules.resume,
    "run": schedules.run,
}
How = Annotated[Literal["pause", "resume", "run"], Path()]


class Nothing(Model):
    """An empty body."""


@router.get("/schedules")
async def list_schedules(visit: Reads, project: InProject = "") -> Page[ScheduleLine]:
    """Schedules of the projects you may see."""
    chosen = await visit.project(project) if project else None
    async with visit.reading() as (connection, reach):
        found = [
            schedule
            for asking in each(connection, visit.services, reach, chosen)
            for schedule in await all_schedules(asking)
        ]
    return Page(items=tuple(schedule_line(visit.services.locale, each) for each in found))


@router.post("/schedules/{number}/{how}")
async def move(
    visit: Works, number: Number, how: How, given: Nothing, project: InProject = ""
) -> Moved:
    """Pause it, let it go on, or run it once now under the approval it has."""
    del given
    return await _moved(visit, project, number, _MOVES[how])


@router.delete("/schedules/{number}")
async def delete(visit: Works, number: Number, project: InProject = "") -> Moved:
    """End it, and the approvals it runs under, for good."""
    return await _moved(visit, project, number, schedules.delete)


async def _moved(
    visit: Visit, project: str, number: int, wanted: Action[OfSchedule, ScheduleMoved]
) -> Moved:
    meant = await visit.project(project)
    done = await visit.act(meant, wanted, OfSchedule(number=number))
    return Moved(number=number, done=done.done)
