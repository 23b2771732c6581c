"""Runs: lists, one with all there is to it, its files and its events."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from bot.queries.web import events
from bot.queries.web.runs import artifact, project_of_run, run_details, run_page
from bot.web.shapes.common import Cursor, Hash, Id, InProject, Limit, Page, moment_and_id, page_of
from bot.web.shapes.graphs import laid_out
from bot.web.shapes.runs import (
    Artifact,
    Event,
    RunDetail,
    RunLine,
    artifacts_of,
    run_detail,
    run_line,
)
from bot.web.state import Reads, Visit
from bot.web.tags import fresh

router = APIRouter(tags=["runs"])

_SHOWN: Final = {"image/png", "image/jpeg", "image/gif", "image/webp"}


@router.get("/runs")
async def list_runs(
    visit: Reads,
    project: InProject = "",
    running: bool | None = None,  # noqa: FBT001 - a query parameter
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[RunLine]:
    """Runs of the projects you may see, newest first."""
    chosen = await visit.project(project) if project else None
    before = moment_and_id(cursor)
    async with visit.reading() as (connection, reach):
        rows = await run_page(
            connection, reach, project=chosen, running=running, before=before, limit=limit + 1
        )
    return page_of(rows, limit, run_line, lambda row: [row.started_at.isoformat(), row.id])


@router.get("/runs/{run}")
async def one_run(visit: Reads, run: Id, request: Request, response: Response) -> RunDetail:
    """One run: its tasks, tries, files, and what it was said to cost."""
    detail = await _detail(visit, run)
    return fresh(request, response, detail)


@router.get("/runs/{run}/artifacts")
async def list_artifacts(visit: Reads, run: Id) -> Page[Artifact]:
    """The files that its tasks gave."""
    project = await _project(visit, run)
    async with visit.looking(project) as asking:
        return Page(items=artifacts_of(await run_details(asking, run)))


@router.get("/runs/{run}/artifacts/{digest}", response_class=Response)
async def one_artifact(visit: Reads, run: Id, digest: Hash) -> Response:
    """The bytes of one. Pictures are shown, anything else is a download."""
    project = await _project(visit, run)
    async with visit.looking(project) as asking:
        file, data = await artifact(asking, run, digest)
    name = file.path.rpartition("/")[2]
    plain = "".join(
        char if (char.isascii() and char.isalnum()) or char in "-_." else "_" for char in name
    )
    how = "inline" if file.media_type in _SHOWN else "attachment"
    kind = file.media_type if how == "inline" else "application/octet-stream"
    headers = {
        "Content-Disposition": f'{how}; filename="{plain}"',
        "Cache-Control": "private, max-age=86400",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(data, media_type=kind, headers=headers)


@router.get("/runs/{run}/events")
async def list_events(
    visit: Reads,
    run: Id,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Limit = 200,
) -> Page[Event]:
    """What is stored of how it went, oldest first."""
    async with visit.reading() as (connection, reach):
        await project_of_run(connection, reach, run)
        rows = await events.of_run(connection, run, after, limit)
    return Page(
        items=tuple(Event(seq=row.seq, kind=row.kind, at=row.at, body=row.body) for row in rows)
    )


async def _project(visit: Visit, run: str) -> str:
    async with visit.reading() as (connection, reach):
        return await project_of_run(connection, reach, run)


async def _detail(visit: Visit, run: str) -> RunDetail:
    project = await _project(visit, run)
    async with visit.looking(project) as asking:
        found = await run_details(asking, run)
    layout = await asyncio.to_thread(laid_out, found.plan.graph)
    return run_detail(found, layout)
