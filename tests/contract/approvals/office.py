"""A project with people on two platforms: the real gate and store, and the executor's own last look."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from bot.actions.act import Action, Actor, Door, perform
from bot.actions.people.linking import (
    AskCode,
    Linking,
    TypeCode,
    Unlink,
    ask_code,
    type_code,
    unlink,
)
from bot.actions.plans import approvals
from bot.actions.plans.approvals import Decide, OnPlan
from bot.actions.roles import SetRole, set_role
from bot.chat import say
from bot.config.projects import rules_of
from bot.config.settings import ProjectSettings, Settings
from bot.places import role_of
from bot.services import Desk
from executor.engine.port import Ticket
from executor.parts import Parts
from executor.runs import start as starting
from executor.runs.approval import before_effect
from memory.model.agents.spec import Catalogue, EffectClass
from memory.model.authority import Allowed
from memory.model.base import Model, PlanHash, ProjectId, RequestId, RunId
from memory.model.errors import OrchestraError
from memory.model.identity import Identity, Role, Standing, ThreadRef
from memory.model.work.approval import PlanState
from memory.model.work.graph import Effect
from memory.model.work.plan import Plan
from memory.model.work.request import StoredRequest
from memory.store.engine import schema
from memory.store.engine.database import Connection, Database, database_url
from memory.store.knowledge import groups, projects
from memory.store.planning import plans, requests
from memory.store.traffic import outbox, threads
from tests.conftest import SetClock
from tests.unit.executor.world import Unhurried, plan, scripted, task

PROJECT = ProjectId("p")
THREAD = ThreadRef(platform="slack", workspace="T1", channel="C1", thread="t1")
PUBLISHES = (Effect(effect=EffectClass.PUBLISH, target="blog"),)


@cache
def empty() -> Path:
    """A folder with an empty database, made once."""
    folder = Path(tempfile.mkdtemp(prefix="orchestra-approvals-"))

    async def make() -> None:
        database = Database(database_url(folder))
        await schema.upgrade(database)
        await database.close()

    asyncio.run(make())
    return folder


def slack(name: str) -> Identity:
    return Identity(platform="slack", workspace="T1", user_id=f"U-{name}", display=name)


def discord(number: int, server: str = "G1") -> Identity:
    return Identity(platform="discord", workspace=server, user_id=str(number), display="d")


def terminal(name: str) -> Identity:
    return Identity(platform="console", workspace="local", user_id=name, display=name)


OWNER = slack("owner")
"""Gives roles and asks for nothing; named in the settings."""


class Quiet:
    """An engine that takes tickets and begins none: what starts is looked at, not done."""

    worker = "quiet"
    holds = True
    doing: frozenset[str] = frozenset()

    async def enqueue(self, tx: Connection, tickets: Sequence[Ticket]) -> None:
        del tx, tickets

    def room(self, wanted: int) -> int:
        del wanted
        return 0

    def begin(self, tx: Connection, tickets: Sequence[Ticket]) -> None:
        del tx
        assert not tickets


@dataclass
class Office:
    """`events` counts what people did; each act has an event of its own unless one is named.

    Several workers, called otherwise, may be at one database.
    """

    folder: Path
    clock: SetClock
    quorum: int = 1
    events: int = 0
    worker: str = ""

    def __post_init__(self) -> None:
        self.made = 0
        self.settings = Settings(
            data=self.folder,
            workspace=self.folder,
            admins=("slack:T1:U-admin",),
            projects=(
                ProjectSettings(
                    name="p", channels=("C1",), owners=(OWNER.key,), quorum=self.quorum
                ),
            ),
        )
        self.open()

    def open(self) -> None:
        """Begin, or begin again, with nothing but what is stored."""
        self.database = Database(database_url(self.folder))
        echo = scripted()
        work = SimpleNamespace(catalogue=lambda: Catalogue(agents=(echo.spec,)))
        self.desk = Desk(self.database, self.clock, self.settings, cast("Any", work))
        self.parts = Parts(
            database=self.database,
            engine=cast("Any", Quiet()),
            agents={echo.spec.name: echo},
            clock=self.clock,
            random=Unhurried(),
            rules=lambda connection, project: rules_of(
                self.settings, connection, project, now=self.clock.now()
            ),
        )

    async def restart(self) -> None:
        await self.database.close()
        self.open()

    async def meet(self, *people: Identity, standing: Standing | None = None) -> None:
        """They are seen in the project, as what the platform says they are."""
        async with self.database.transaction() as tx:
            at = self.clock.now()
            await projects.make(tx, PROJECT, name="p", root=self.folder, at=at)
            for who in people:
                await role_of(tx, self.settings, PROJECT, who, at=at, standing=standing)

    async def does(
        self, who: Identity, wanted: Action[Any, Any], given: Model, *, event: str = ""
    ) -> Any:
        """What came of it, None where it was refused."""
        self.events += 1
        actor = Actor(identity=who, door=Door.CHAT, event=event or f"{self.worker}e{self.events}")
        try:
            return await perform(self.desk, actor, PROJECT, wanted, given)
        except OrchestraError:
            return None

    async def asks(self, who: Identity, old: PlanHash | None = None) -> PlanHash:
        """A new plan of this person's, in place of the old one."""
        self.made += 1
        number = f"{self.worker}{self.made}"
        made: Plan = plan(
            task("think"), task("post", "think", effects=PUBLISHES),
            title=f"plan {number}", now=self.clock,
        ).model_copy(update={"request": RequestId(f"r{number}")})  # fmt: skip
        at = self.clock.now()
        request = StoredRequest(
            id=made.request, project=PROJECT, thread_key=THREAD.key, author=who, text="publish"
        )
        async with self.database.transaction() as tx:
            await threads.ensure(tx, THREAD, PROJECT, opened_by=who, at=at)
            await requests.create(tx, request, at=at)
            for state in (PlanState.WAITING, PlanState.APPROVED) if old else ():
                await plans.move(tx, cast("PlanHash", old), PlanState.SUPERSEDED, only_from=state)
            key = f"m{number}"
            body = say("the plan").model_dump(mode="json")
            await plans.keep(tx, made, thread_key=THREAD.key, message_key=key, at=at)
            await outbox.put(tx, key, project=PROJECT, thread=THREAD, body=body, at=at)
            (row,) = await outbox.waiting(tx, ["slack"], now=at)
            await outbox.mark_sent(tx, row.seq, f"ts{number}", at=at)
        return made.hash

    async def approves(self, who: Identity, which: PlanHash, via: str, *, event: str = "") -> bool:
        """Whether it was heard as an approval that counts."""
        given = Decide.model_validate({"plan": which, "via": via, "at": self.clock.now()})
        done = await self.does(who, approvals.approve, given, event=event)
        return done is not None and done.outcome in {"counted", "approved"}

    async def withdraws(self, who: Identity, which: PlanHash) -> bool:
        done = await self.does(who, approvals.withdraw, OnPlan(plan=which))
        return done is not None and done.outcome == "withdrawn"

    async def refuses(self, who: Identity, which: PlanHash) -> None:
        given = Decide(plan=which, via="button", at=self.clock.now())
        await self.does(who, approvals.refuse, given)

    async def gives(self, whom: Identity, role: Role) -> bool:
        return await self.does(OWNER, set_role, SetRole(person=whom, role=role)) is not None

    async def told(self, who: Identity, *groups_: str) -> None:
        """The platform says that they are in these groups now, and in no other."""
        async with self.database.transaction() as tx:
            await groups.note(tx, who, groups_, at=self.clock.now())

    async def links(self, first: Identity, second: Identity) -> bool:
        self.clock.forward(hours=1)  # whoever does nothing else would be told to wait
        code = await self.does(first, ask_code, AskCode(private=True))
        given = TypeCode(code=code.code, private=True, sure=True)
        done = await self.does(second, type_code, given)
        return bool(done.outcome is Linking.LINKED)

    async def parts_from(self, who: Identity) -> bool:
        return await self.does(who, unlink, Unlink()) is not None

    async def starts(self, which: PlanHash) -> bool:
        """Whether the executor starts it, and would let its effect happen at once."""
        try:
            await starting.start(
                self.parts, PROJECT, which, thread_key=THREAD.key, by=OWNER, simulated=False
            )
        except OrchestraError:
            return False
        return await self.effects(which)

    async def effects(self, which: PlanHash) -> bool:
        """Whether an effect of the plan's run may happen now."""
        run = RunId(starting.run_id(which, simulated=False))
        attempt = cast("Any", SimpleNamespace(run=run, simulated=False))
        async with self.database.transaction() as tx:
            stored = await plans.load(tx, PROJECT, which)
            if stored.state is not PlanState.STARTED:
                return False
            said = await before_effect(tx, self.parts, attempt, stored.plan)
        return isinstance(said, Allowed)
