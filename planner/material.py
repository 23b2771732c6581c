"""What else planning may look at: the project's templates, and its plans for requests like this."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
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
    root = await _root(request.project, database) if database else None
    past = await _remembered(request, database, recall) if database else ()
    templates = await asyncio.to_thread(library, root)
    return request.model_copy(update={"library": templates, "past": past})


async def approved(connection: Connection, project: ProjectId) -> tuple[Remembered, ...]:
    """The newest plans that were approved, newest first."""
    kept = await notes.notes_of(connection, project, kinds=(KIND,), limit=COMPARED)
    return await _loaded(connection, project, [(note.source, 0.0) for note in kept])


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
    near: list[tuple[str, float]] = []
    if recall is not None:
        passages = await recall.search(request.project, request.text, kinds=(KIND,), limit=PLANS)
        near = [(passage.source, passage.score) for passage in passages]
    async with database.reading() as connection:
        if recall is None:
            kept = await notes.notes_of(connection, request.project, kinds=(KIND,), limit=PLANS)
            near = [(note.source, 0.0) for note in kept]
        return await _loaded(connection, request.project, near)


async def _loaded(
    connection: Connection, project: ProjectId, near: Sequence[tuple[str, float]]
) -> tuple[Remembered, ...]:
    """The plans with their requests, as far as both are still there."""
    past = []
    for plan, likeness in near:
        with suppress(NotFound, Conflict):
            stored = await plans.load(connection, project, PlanHash(plan))
            asked = await requests.load(connection, stored.plan.request)
            past.append(Remembered(text=asked.text, plan=stored.plan, likeness=likeness))
    return tuple(past)
