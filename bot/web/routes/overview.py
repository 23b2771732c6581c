"""Now: what runs, what waits for people, who works, what money is left."""

from fastapi import APIRouter

from bot.queries.web.now import now_in, waiting_in
from bot.web.shapes.common import InProject, Page
from bot.web.shapes.now import Now, Waiting, now_shape, waiting_line
from bot.web.state import Reads

router = APIRouter(tags=["now"])


@router.get("/overview")
async def overview(visit: Reads, project: InProject = "") -> Now:
    """Everything that is going on in the projects you may see."""
    chosen = await visit.project(project) if project else None
    async with visit.reading() as (connection, reach):
        found = await now_in(connection, visit.services, reach, chosen)
    return now_shape(found, reach, visit.services.clock.now())


@router.get("/waiting")
async def waiting(visit: Reads, project: InProject = "") -> Page[Waiting]:
    """What waits for people: plans for approval, and questions; the longest first."""
    chosen = await visit.project(project) if project else None
    async with visit.reading() as (connection, reach):
        found = await waiting_in(connection, visit.services, reach, chosen)
    return Page(items=tuple(waiting_line(reach, *each) for each in found))
