"""Plans: what waits and what was, and one with its exact bytes."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bot.queries.web.plans import PlanDetails, plan_details, plan_page, project_of_plan
from bot.web.shapes.common import Cursor, Hash, InProject, Limit, Page, moment_and_id, page_of
from bot.web.shapes.graphs import laid_out
from bot.web.shapes.plans import PlanDetail, PlanRow, plan_detail, plan_row
from bot.web.state import Reads, Visit
from bot.web.tags import fresh
from memory.model.work.approval import PlanState

router = APIRouter(tags=["plans"])


@router.get("/plans")
async def list_plans(
    visit: Reads,
    project: InProject = "",
    state: Annotated[list[PlanState] | None, Query(max_length=6)] = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[PlanRow]:
    """Plans of the projects you may see, newest first."""
    chosen = await visit.project(project) if project else None
    before = moment_and_id(cursor)
    async with visit.reading() as (connection, reach):
        rows = await plan_page(
            connection,
            reach,
            project=chosen,
            states=tuple(state or ()),
            before=before,
            limit=limit + 1,
        )
    return page_of(
        rows,
        limit,
        lambda row: plan_row(row, reach),
        lambda row: [row.created_at.isoformat(), row.plan.hash],
    )


@router.get("/plans/{plan}")
async def one_plan(visit: Reads, plan: Hash, request: Request, response: Response) -> PlanDetail:
    """One plan: what it does, changes and costs, who may approve it, and who has."""
    found, name = await _found(visit, plan)
    layout = await asyncio.to_thread(laid_out, found.stored.plan.graph)
    return fresh(request, response, plan_detail(visit.services.locale, found, layout, name))


@router.get("/plans/{plan}/bytes", response_class=Response)
async def plan_bytes(visit: Reads, plan: Hash) -> Response:
    """The exact bytes that an approval is for; their SHA-256 is the hash."""
    found, _ = await _found(visit, plan)
    headers = {"Content-Disposition": f'attachment; filename="plan-{plan[:8]}.json"'}
    return Response(found.stored.plan.canonical(), media_type="application/json", headers=headers)


async def _found(visit: Visit, plan: str) -> tuple[PlanDetails, str]:
    async with visit.reading() as (connection, reach):
        project = await project_of_plan(connection, reach, plan)
        asking = visit.asking(connection, reach, project)
        return await plan_details(asking, plan), reach.name(project)
