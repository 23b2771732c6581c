"""An action under way: who acts, in which project, as what, and the transaction it happens in.

An action is `async (Act, typed input) -> typed result`. It passes the gate with `must`, changes
rows in `act.tx`, writes its one audit row and has no words for people: the door that called it
renders the result. A door that has more to do in the same transaction (the chat answers in it)
opens it with `acting`; the others call `perform`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar, get_type_hints

from bot import places
from bot.config.projects import is_admin, rules_of
from bot.queries.roles import name_able
from bot.services import Desk
from memory.model.authority import CONSOLE, About, Right, require
from memory.model.base import Model, ProjectId
from memory.model.errors import NotAllowed
from memory.model.identity import UNLINKED, Identity, People, Role
from memory.store.engine.database import Connection
from memory.store.knowledge import people, projects
from memory.store.traffic import acts, audit

Given = TypeVar("Given", bound=Model)
Result = TypeVar("Result", bound=Model)


class Door(StrEnum):
    """Where people come in."""

    CHAT = "chat"
    CLI = "cli"
    API = "api"
    WEB = "web"
    MCP = "mcp"


class Actor(Model):
    """Who acts and through which door. `event`: a second call with the same id is the same act."""

    identity: Identity
    door: Door
    event: str


@dataclass
class Act:
    """One action under way. `people`: all identities of whoever acts."""

    tx: Connection
    desk: Desk
    actor: Actor
    project: ProjectId
    role: Role
    now: datetime
    sandbox: bool = False
    archived: bool = False
    people: People = UNLINKED
    recorded: str = field(default="", init=False)

    @property
    def person(self) -> Identity:
        """Who acts."""
        return self.actor.identity

    @property
    def alone(self) -> bool:
        """Whether this is the owner of a console, who may stand in for anybody there."""
        return self.person.platform == CONSOLE and self.role is Role.OWNER

    @property
    def admin(self) -> bool:
        """Whether the person is an admin of this installation, whatever project this is."""
        return is_admin(self.desk.settings, self.person)

    def must(self, right: Right, about: About | None = None) -> None:
        """Pass the gate, or raise NotAllowed with the reason."""
        given = about or About(alone=self.alone, admin=self.admin, sandbox=self.sandbox)
        require(
            self.person,
            self.role,
            right,
            replace(given, archived=self.archived, people=self.people),
        )

    async def record(self, action: str, on: str, **ids: str) -> None:
        """Write the act's one row of the audit chain. `ids` holds ids only, no text of people."""
        if self.recorded:
            raise RuntimeError(f"{action} is the second audit row of an act, after {self.recorded}")
        self.recorded = action
        await audit.record(
            self.tx,
            self.project,
            actor=self.person.key,
            action=action,
            on=on,
            at=self.now,
            ids={"role": self.role, "door": self.actor.door, **ids},
        )


@dataclass(frozen=True)
class Action(Generic[Given, Result]):
    """Something people can do, by its name in the table of actions."""

    name: str
    given: type[Given]
    result: type[Result]
    body: Callable[[Act, Given], Awaitable[Result]]

    async def __call__(self, act: Act, given: Given) -> Result:
        """Do it in the act's transaction. Raises NotAllowed, and what the body says it raises."""
        return await self.body(act, given)


def action(
    name: str,
) -> Callable[[Callable[[Act, Given], Awaitable[Result]]], Action[Given, Result]]:
    """Make an action of a function `async (Act, input) -> result`; both types are Models."""

    def made(body: Callable[[Act, Given], Awaitable[Result]]) -> Action[Given, Result]:
        hints = get_type_hints(body)
        return Action(name, hints["given"], hints["return"], body)

    return made


@asynccontextmanager
async def acting(
    desk: Desk, actor: Actor, project: ProjectId, *, tx: Connection | None = None
) -> AsyncIterator[Act]:
    """The act, in a transaction of its own or the caller's. Its role is the one of this moment."""
    if tx is not None:
        yield await _act(desk, actor, project, tx)
        return
    async with desk.database.transaction() as own:
        yield await _act(desk, actor, project, own)
    desk.wakeups.ring_all()


async def perform(
    desk: Desk,
    actor: Actor,
    project: ProjectId,
    wanted: Action[Given, Result],
    given: Given,
    *,
    then: Callable[[Act, Result], Awaitable[None]] | None = None,
) -> Result:
    """Do one action in one transaction. The same event again does nothing and has the same result.

    `then`: what its door has to do in the same transaction.
    """
    async with acting(desk, actor, project) as act:
        earlier = await acts.result_of(act.tx, actor.event, wanted.name)
        if earlier is not None:
            return wanted.result.model_validate(earlier)
        try:
            result = await wanted(act, given)
        except NotAllowed as denied:
            await name_able(act.tx, desk, project, denied)
            raise
        if then is not None:
            await then(act, result)
        body = result.model_dump(mode="json")
        await acts.keep(act.tx, project, actor.event, wanted.name, body, at=act.now)
    return result


async def _act(desk: Desk, actor: Actor, project: ProjectId, tx: Connection) -> Act:
    now = desk.clock.now()
    role = await places.role_of(tx, desk.settings, project, actor.identity, at=now)
    sandbox = (await rules_of(desk.settings, tx, project, now=now)).sandbox
    archived = await projects.is_archived(tx, project)
    return Act(
        tx=tx, desk=desk, actor=actor, project=project, role=role, now=now,
        sandbox=sandbox, archived=archived, people=await people.of_person(tx, actor.identity.key),
    )  # fmt: skip
