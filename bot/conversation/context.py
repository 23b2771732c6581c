"""One event being worked on, and the transaction that decides it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot import places
from bot.actions.act import Act, Actor, Door, acting
from bot.actions.chat_events import Transaction, deciding, keep_words, post
from bot.chat import Incoming, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.state import ConversationState
from bot.queries.asking import Asking, asking
from bot.services import Services
from memory.model.authority import CONSOLE, About, Right, require
from memory.model.base import ProjectId
from memory.model.identity import Identity, Role, ThreadRef
from memory.model.job import Claimed


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
    archived: bool = False
    beside: Section | None = None
    """What is offered beside the answer, where the words may have meant something else."""

    @property
    def person(self) -> Identity:
        """Who did it."""
        return self.incoming.author

    @property
    def locale(self) -> Locale:
        """The language to answer in."""
        return self.services.locale

    @property
    def alone(self) -> bool:
        """Whether this is the owner of a console, who may stand in for anybody there."""
        return self.person.platform == CONSOLE and self.role is Role.OWNER

    async def is_open(self) -> bool:
        """Whether the bot may work in this channel."""
        async with self.services.database.reading() as connection:
            return await places.is_open(connection, self.services.settings, self.thread)

    @asynccontextmanager
    async def deciding(self) -> AsyncIterator[Transaction]:
        """Decide this event."""
        async with deciding(self.services, self.event) as tx:
            if self.incoming.kind in {"message", "command"}:
                await keep_words(tx, self.services, self.project, self.thread, self.incoming)
            yield tx

    @asynccontextmanager
    async def acting(self, project: ProjectId | None = None) -> AsyncIterator[Act]:
        """Decide this event by actions, in one transaction with the answer.

        `project`: the one they are about, where it isn't that of the conversation.
        """
        actor = Actor(identity=self.person, door=Door.CHAT, event=self.event.event_id)
        about = project or self.project
        async with self.deciding() as tx, acting(self.services, actor, about, tx=tx) as act:
            yield act

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[Asking]:
        """Look, without deciding this event yet."""
        async with asking(self.services, self.person, self.project, self.role) as found:
            yield found

    def must(self, action: Right, about: About | None = None) -> None:
        """Pass the gate, or raise NotAllowed with the reason."""
        given = replace(about or About(alone=self.alone), archived=self.archived)
        require(self.person, self.role, action, given)

    async def post(self, tx: Transaction, key: str, out: Outgoing, *, edits: str = "") -> bool:
        """Say something in the thread, once per key."""
        return await post(tx, self.services, self.project, self.thread, key, out, edits=edits)

    async def reply(self, tx: Transaction, text: str | Outgoing) -> None:
        """Answer this event."""
        out = say(text) if isinstance(text, str) else text
        if self.beside is not None:
            out = out.model_copy(update={"sections": (*out.sections, self.beside)})
        await self.post(tx, f"re:{self.event.event_id}", out)

    async def just_reply(self, text: str | Outgoing) -> None:
        """Answer this event and be done with it."""
        async with self.deciding() as tx:
            await self.reply(tx, text)
