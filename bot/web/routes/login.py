"""Coming in by a one-time link, going out, and who one is."""

from importlib.metadata import version

from fastapi import APIRouter, Request, Response
from pydantic import Field

from bot.actions.access import logins
from bot.queries.web.callers import Reach, reach_of
from bot.queries.web.places import workspace_project
from bot.services import Services
from bot.web.shapes.me import Me, mine_of
from bot.web.state import Reads, Web
from memory.model.access.caller import Caller, Scope
from memory.model.base import Model, ProjectId

router = APIRouter(tags=["login"])

SESSION_S = 12 * 3600


class LogIn(Model):
    """The code at the end of the link."""

    code: str = Field(min_length=1, max_length=200)


@router.post("/login")
async def log_in(request: Request, response: Response, given: LogIn) -> Me:
    """Come in by a link that `orchestra web` showed; the cookie that is set holds for 12 hours."""
    web: Web = request.app.state.web
    services = await web.services()
    person, secret = await logins.log_in(services, given.code)
    response.set_cookie(
        web.cookie,
        secret,
        max_age=SESSION_S,
        path="/",
        httponly=True,
        samesite="lax",
        secure=web.place.secure,
    )
    return await _me(services, Caller(person=person, scopes=frozenset(Scope)))


@router.post("/logout", status_code=204)
async def log_out(visit: Reads, response: Response) -> None:
    """End this browser's session."""
    await logins.log_out(visit.services, visit.caller)
    response.delete_cookie(visit.web.cookie, path="/", secure=visit.web.place.secure)


@router.get("/me")
async def me(visit: Reads) -> Me:
    """Who you are, and the projects you may see."""
    return await _me(visit.services, visit.caller)


async def _me(services: Services, caller: Caller) -> Me:
    async with services.database.reading() as connection:
        reach = await reach_of(connection, services, caller)
        here = await workspace_project(connection, services)
    return _told(services, reach, here)


def _told(services: Services, reach: Reach, here: ProjectId | None) -> Me:
    person = reach.caller.person
    return Me(
        person=person.key,
        name=person.display or person.user_id,
        admin=reach.admin,
        door="api" if reach.caller.token else "web",
        scopes=tuple(scope for scope in Scope if scope in reach.caller.scopes),
        projects=mine_of(reach, here),
        version=version("orchestra"),
        language=services.locale.code,
        offline=services.offline,
    )
