"""Records: the audit chain, the settings with their reasons, and how work went."""

from typing import Annotated

from fastapi import APIRouter, Query

from bot.queries.about.here import effective
from bot.queries.audit import verdict
from bot.queries.plans.cards import agent_names
from bot.queries.web.records import audit_page, people_in, went
from bot.render.audit import chain_verdict
from bot.web.shapes.audit import AuditLine, audit_line
from bot.web.shapes.common import Cursor, InProject, Limit, Page, number, page_of
from bot.web.shapes.records import (
    Analytics,
    Settings,
    Verified,
    analytics_shape,
    settings_shape,
)
from bot.web.state import Reads
from memory.model.audit import Intact
from memory.model.errors import NotAllowed

router = APIRouter(tags=["records"])

Named = Annotated[str, Query(max_length=300)]


@router.get("/audit")
async def list_audit(
    visit: Reads,
    project: InProject = "",
    action: Named = "",
    actor: Named = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[AuditLine]:
    """Who did what in the projects you may see, newest first."""
    chosen = await visit.project(project) if project else None
    before = number(cursor)
    async with visit.reading() as (connection, reach):
        rows = await audit_page(
            connection, reach, project=chosen, action=action, actor=actor, before=before,
            limit=limit + 1,
        )  # fmt: skip
        people = await people_in(connection, reach.lines)
    return page_of(
        rows,
        limit,
        lambda row: audit_line(row, reach.name(row.project_id), people),
        lambda row: [row.seq],
    )


@router.get("/audit/verify")
async def verify(visit: Reads) -> Verified:
    """Whether the chain of every project still holds; for admins, since it tells of all of them."""
    async with visit.looking() as asking:
        async with visit.reading() as (_, reach):
            if not reach.admin:
                raise NotAllowed("Only an admin of this installation can check the whole chain.")
        found = await verdict(asking)
    return Verified(
        intact=isinstance(found, Intact), text=chain_verdict(visit.services.locale, found)
    )


@router.get("/settings")
async def settings(visit: Reads, project: InProject = "") -> Settings:
    """What holds in the project, where it's from, and what you may do."""
    async with visit.looking(project) as asking:
        found = await effective(asking)
    return settings_shape(visit.services.locale, found)


@router.get("/analytics")
async def analytics(
    visit: Reads, project: InProject = "", days: Annotated[int, Query(ge=1, le=366)] = 30
) -> Analytics:
    """How the project's runs went lately, as the stored rows say."""
    async with visit.looking(project) as asking:
        found = await went(asking, days)
    return analytics_shape(found, days, agent_names(visit.services))
