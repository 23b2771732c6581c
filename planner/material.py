"""What else planning may look at: the project's templates, and its plans for requests like this."""

import asyncio
from pathlib import Path
from typing import Literal

from memory.model.base import PlanHash, ProjectId
from memory.model.errors import Conflict, NotFound
from memory.recall.service import Recall
from memory.store.engine.database import Connection, Database
from memory.store.knowledge import notes, projects
from memory.store.planning import plans, requests
from planner.port import PlanRequest, Remembered
from planner.templates.library import library

PLANS = 6
"""How many past plans are looked at closely."""

COMPARED = 40
"""As many are compared with a plan that becomes a template."""

KIND: Literal["plan"] = "plan"


async def with_material(
    request: PlanRequest, database: Database | None, recall: Recall | None
) -> PlanRequest:
    """The request with templates and past plans in it. A change of a plan needs neither.

    Raises StorageTrouble.
    """
    if request.base is not None:
        return request
    if database is None:
        return request.model_copy(update={"library": await asyncio.to_thread(library, None)})
    found = await asyncio.to_thread(library, await _root(request.project, database))
    past = await _remembered(request, database, recall)
    return request.model_copy(update={"library": found, "past": past})


async def approved(connection: Connection, project: ProjectId) -> tuple[Remembered, ...]:
    """The newest plans that were approved, newest first."""
    kept = await notes.notes_of(connection, project, kinds=(KIND,), limit=COMPARED)
    loaded = [await _loaded(connection, project, one.source, 0.0) for one in kept]
    return tuple(one for one in loaded if one is not None)


async def _root(project: ProjectId, database: Database) -> Path | None:
    async with database.reading() as connection:
        try:
            return await projects.root(connection, project)
        except NotFound:
            return None


async def _remembered(
    request: PlanRequest, database: Database, recall: Recall | None
) -> tuple[Remembered, ...]:
    """Approved plans for requests like this one, the most alike first."""
    if recall is not None:
        found = await recall.search(request.project, request.text, kinds=(KIND,), limit=PLANS)
        near = [(one.source, one.score) for one in found]
    else:
        near = []
    async with database.reading() as connection:
        if recall is None:
            kept = await notes.notes_of(connection, request.project, kinds=(KIND,), limit=PLANS)
            near = [(one.source, 0.0) for one in kept]
        loaded = [await _loaded(connection, request.project, *one) for one in near]
    return tuple(one for one in loaded if one is not None)


async def _loaded(
    connection: Connection, project: ProjectId, plan: str, likeness: float
) -> Remembered | None:
    try:
        stored = await plans.load(connection, project, PlanHash(plan))
        asked = await requests.load(connection, stored.plan.request)
    except (NotFound, Conflict):
        return None
    return Remembered(text=asked.text, plan=stored.plan, likeness=likeness)
