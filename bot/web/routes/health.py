"""Whether it's well, and figures for those who watch over it. Nothing here tells of anybody's work."""

from importlib.metadata import version
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.queries.web.figures import figures
from bot.web.state import Reads, Web
from memory.model.base import Model
from memory.model.errors import NotAllowed, StorageTrouble

router = APIRouter(include_in_schema=False)


class Health(Model):
    """It answers."""

    status: Literal["ok", "starting"]
    version: str


@router.get("/health")
async def health() -> Health:
    """Whether the server answers at all."""
    return Health(status="ok", version=version("orchestra"))


@router.get("/ready")
async def ready(request: Request) -> Health:
    """Whether requests can be worked on. Raises StorageTrouble."""
    web: Web = request.app.state.web
    if not web.hub.ready.is_set():
        raise StorageTrouble("It's still starting; try again in a few seconds.")
    await figures(await web.services())
    return Health(status="ok", version=version("orchestra"))


@router.get("/metrics")
async def metrics(visit: Reads) -> Response:
    """Figures of the whole installation, for admins and whoever they give a token."""
    async with visit.reading() as (_, reach):
        if not reach.admin:
            raise NotAllowed("Only an admin of this installation, or a token of one, sees these.")
    text = visit.web.metrics.exposed(await figures(visit.services))
    return Response(text, media_type="text/plain; version=0.0.4")
