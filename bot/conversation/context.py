"""One event being worked on, and the transaction that decides it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.actions.places import CONSOLE
from bot.chat import Incoming, Outgoing, say
from bot.language.commands import ConversationState
from bot.services import Services
from memory.model.authority import (
    About,
    Denied,
    Right,
    authorise,
)
from memory.model.base import ProjectId
from memory.model.crash import crashpoint, declare
from memory.model.errors import NotAllowed
from memory.model.identity import Identity, Role, ThreadRef
from memory.model.job import Claimed
from memory.store.engine.database import Connection
from memory.store.traffic import jobs, outbox, threads

declare("in_decision", "after_decision")


@asynccontextmanager
async def deciding(services: Services, event: Claimed) -> AsyncIterator[Connection]:
    """The transaction in which the event is decided, answered and worked off: all or nothing."""
    async with services.database.transaction() as tx:
        yield tx
        await jobs.finish(tx, event.seq, at=services.clock.now())
        crashpoint("in_decision")
    crashpoint("after_decision")
    services.wakeups.ring_all()


@dataclass(frozen=True)
class Context:
    """Something a person did: who, as what, where, and how the conversation stands."""

    services: Services
    event: Claimed
    incoming: Incoming
    project: ProjectId
    thread: ThreadRef
    role: Role
    state: ConversationState

    @property
    def person(self) -> Identity:
        """Who did it."""
        return self.incoming.author

    @property
    def alone(self) -> bool:
        """Whether this is the owner of a console, who may stand in for anybody there."""
        return self.person.platform == CONSOLE and self.role is Role.OWNER

    @asynccontextmanager
    async def deciding(self) -> AsyncIterator[Connection]:
        """Decide this event."""
        async with deciding(self.services, self.event) as tx:
            if self.incoming.kind in {"message", "command"}:
                now, ref = self.services.clock.now(), self.thread
                await threads.ensure(tx, ref, self.project, opened_by=self.person, at=now)
                await threads.heard(tx, self.project, ref, self.person, self.incoming.text, at=now)
            yield tx

    def must(self, action: Right, about: About | None = None) -> None:
        """Pass the gate, or raise NotAllowed with the reason."""
        about = about or About(alone=self.alone)
        verdict = authorise(self.person, self.role, action, about)
        if isinstance(verdict, Denied):
            raise NotAllowed(verdict.message)

    async def post(self, tx: Connection, key: str, out: Outgoing, *, edits: str = "") -> bool:
        """Say something in the thread, once per key."""
        return await outbox.put(
            tx,
            key,
            project=self.project,
            thread=self.thread,
            body=out.model_dump(mode="json"),
            edits=edits,
            at=self.services.clock.now(),
        )

    async def reply(self, tx: Connection, text: str | Outgoing) -> None:
        """Answer this event."""
        out = say(text) if isinstance(text, str) else text
        await self.post(tx, f"re:{self.event.event_id}", out)

    async def just_reply(self, text: str | Outgoing) -> None:
        """Answer this event and be done with it."""
        async with self.deciding() as tx:
            await self.reply(tx, text)
