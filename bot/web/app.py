"""The app: every router under its address, errors as problems, and the guard before all of it."""

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI

from bot.web import pages, problems
from bot.web.guard import Guard
from bot.web.problems import Problem
from bot.web.routes import (
    agents,
    audit,
    decisions,
    events,
    health,
    knowledge,
    login,
    money,
    overview,
    plans,
    runs,
    schedules,
    sessions,
    steering,
    workflows,
)
from bot.web.state import Web

V1 = "/api/v1"
ALIAS = "/api"

_ROOMS = (
    login, overview, runs, steering, plans, decisions, sessions, agents, money, schedules,
    workflows, knowledge, audit, events,
)  # fmt: skip


def made(web: Web) -> Guard:
    """The server's whole app."""
    app = FastAPI(
        title="Orchestra",
        version=version("orchestra"),
        openapi_url=f"{V1}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.web = web
    problems.add_to(app)
    refusals: dict[int | str, dict[str, Any]] = {
        "4XX": {"model": Problem, "description": "Why it was refused"},
        "5XX": {"model": Problem, "description": "What failed"},
    }
    everything = APIRouter(responses=refusals)
    for room in _ROOMS:
        everything.include_router(room.router)
    app.include_router(everything, prefix=V1)
    app.include_router(everything, prefix=ALIAS, include_in_schema=False)
    app.include_router(health.router)
    app.include_router(pages.router)
    return Guard(app, web)
