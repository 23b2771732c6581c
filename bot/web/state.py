"""What every request works with: the program behind, who calls, and what they may see."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Final
from uuid import uuid4

from fastapi import Depends, Request

from bot.actions.act import Act, Action, Actor, Door, Given, Result, perform
from bot.chat import Incoming
from bot.config.settings import Settings
from bot.config.web_settings import WebSettings
from bot.language.catalogue import ENGLISH, Locale
from bot.queries.asking import Asking
from bot.queries.web.callers import Connection, Reach, caller_of, reach_of
from bot.queries.web.places import workspace_project
from bot.services import Services
from bot.web.hub import Hub
from bot.web.metrics import Metrics
from bot.web.problems import Unauthenticated
from memory.model.access.caller import Caller, Scope
from memory.model.base import ProjectId, name_key, sha256
from memory.model.errors import BadInput, NotAllowed, NotFound
from memory.model.identity import Identity

COOKIE: Final = "orchestra"
SECURE_COOKIE: Final = "__Host-orchestra"


@dataclass
class Web:
    """The server's own: where it is, and how it reaches the program. `port` is known once it listens."""

    settings: Settings
    services: Callable[[], Awaitable[Services]]
    receive: Callable[[Incoming], Awaitable[None]]
    hub: Hub = field(default_factory=Hub)
    metrics: Metrics = field(default_factory=Metrics)
    port: int = 0
    locale: Locale = ENGLISH
    streams: dict[str, int] = field(default_factory=dict)
    """How many live streams each person has open."""

    @property
    def place(self) -> WebSettings:
        """Where it is."""
        return self.settings.web

    @property
    def cookie(self) -> str:
        """What the cookie is called: over https a name that browsers keep to this very host."""
        return SECURE_COOKIE if self.place.secure else COOKIE


@dataclass(frozen=True)
class Visit:
    """One request of somebody. `event`: the same for a request that is repeated."""

    web: Web
    services: Services
    caller: Caller
    event: str

    @property
    def person(self) -> Identity:
        """Who calls."""
        return self.caller.person

    @property
    def actor(self) -> Actor:
        """The caller, doing one thing."""
        door = Door.API if self.caller.token else Door.WEB
        return Actor(identity=self.person, door=door, event=self.event)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[tuple[Connection, Reach]]:
        """A snapshot of everything, and what of it the caller may see."""
        async with self.services.database.reading() as connection:
            yield connection, await reach_of(connection, self.services, self.caller)

    @asynccontextmanager
    async def looking(self, project: str = "") -> AsyncIterator[Asking]:
        """A question about one project that the caller may see. Raises NotFound, BadInput."""
        async with self.reading() as (connection, reach):
            meant = await self._meant(connection, reach, project)
            yield self.asking(connection, reach, meant)

    def asking(self, connection: Connection, reach: Reach, project: ProjectId) -> Asking:
        """A question about this project of theirs. Raises NotFound."""
        role = reach.role(project)
        now = self.services.clock.now()
        return Asking(connection, self.services, self.person, project, role, now)

    async def project(self, named: str = "") -> ProjectId:
        """The project with this id or name, of those the caller may see; "" where there's one to mean."""
        async with self.reading() as (connection, reach):
            return await self._meant(connection, reach, named)

    async def act(
        self,
        project: ProjectId,
        wanted: Action[Given, Result],
        given: Given,
        *,
        then: Callable[[Act, Result], Awaitable[None]] | None = None,
    ) -> Result:
        """Do one action in a project that the caller may see. Raises as the action does."""
        await self.project(project)
        return await perform(self.services, self.actor, project, wanted, given, then=then)

    async def _meant(self, connection: Connection, reach: Reach, named: str) -> ProjectId:
        if named:
            key = name_key(named)
            found = [
                line.id for line in reach.lines.values() if key in {line.id, name_key(line.name)}
            ]
            if not found:
                raise NotFound("There's no such project among yours.")
            return found[0]
        here = await workspace_project(connection, self.services)
        if here in reach.lines:
            return ProjectId(here)
        if len(reach.lines) == 1:
            return next(iter(reach.lines))
        raise BadInput("Say which project is meant: give its id as `project`.")


async def visit(request: Request) -> Visit:
    """Who calls, by token or cookie. Raises Unauthenticated."""
    web: Web = request.app.state.web
    services = await web.services()
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind and kind.casefold() != "bearer":
        raise Unauthenticated("Send a token as `Authorization: Bearer orc_…`.")
    cookie = request.cookies.get(web.cookie, "")
    async with services.database.reading() as connection:
        caller = await caller_of(connection, services, cookie=cookie, token=token.strip() or kind)
    if caller is None:
        if kind:
            raise Unauthenticated("That token isn't good, or isn't any more.")
        raise Unauthenticated(
            "You aren't logged in. Type `orchestra web login` in a terminal to get a link."
        )
    key = request.headers.get("idempotency-key", "").strip()
    return Visit(web, services, caller, event_of(caller, request, key))


def event_of(caller: Caller, request: Request, key: str) -> str:
    """The id of what's asked for: with a key, the same for the same request of the same person."""
    if not key:
        return f"web:{uuid4().hex}"
    same = f"{caller.person.key}\n{request.method} {request.url.path}\n{key}"
    return f"web:{sha256(same.encode(errors='replace'))[:32]}"


def visiting(scope: Scope) -> Callable[[Visit], Visit]:
    """Let in who has shown a proof that is good for this."""

    def admitted(found: Annotated[Visit, Depends(visit)]) -> Visit:
        if scope not in found.caller.scopes:
            raise NotAllowed(
                "This token isn't good for that: it lacks the scope {scope}.", scope=scope.value
            )
        return found

    admitted.scope = scope  # type: ignore[attr-defined]  # a test looks at what each endpoint asks for
    return admitted


Reads = Annotated[Visit, Depends(visiting(Scope.READ))]
Works = Annotated[Visit, Depends(visiting(Scope.WORK))]
Decides = Annotated[Visit, Depends(visiting(Scope.APPROVE))]
