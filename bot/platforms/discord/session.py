"""Events of the connection of the moment, put into lanes and acknowledged."""

import asyncio
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

import discord
import structlog

from bot.chat import DETAILS, HOME, Incoming, OpenMessages, Receive
from bot.platforms.discord.answering import answer, explain, whisper
from bot.platforms.discord.buttons import modal
from bot.platforms.discord.catchup import missed
from bot.platforms.discord.client import Client, Taker
from bot.platforms.discord.inbound import Inbound, Memory
from bot.platforms.discord.lanes import Lanes, Parcel
from bot.platforms.discord.places import target
from bot.platforms.discord.surfaces.giving import is_given
from bot.platforms.discord.surfaces.home import HomePanel, asks_for_home
from bot.platforms.homes import Homes
from bot.platforms.reactions import Reaction
from memory.model.identity import MessageRef
from memory.model.text import text

ACKNOWLEDGE_S: Final = 2.0
"""Discord gives three seconds; storing an event takes milliseconds, so this is for bad days."""

_CATCH_UP: Final = 0
_log = structlog.get_logger()


class Session:
    """Outlives connections: what one of them told is delivered even when it is gone."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        receive: Receive,
        open_messages: OpenMessages,
        memory: Memory,
        homes: Homes,
    ) -> None:
        self._lanes = Lanes(group, receive)
        self._open_messages = open_messages
        self._memory = memory
        self._home = HomePanel(memory, homes)
        self._client: Client
        self._inbound: Inbound
        self._progress = False

    def begin(self, client: Client, inbound: Inbound) -> None:
        """From now on the events are this client's."""
        self._client = client
        self._inbound = inbound

    def take_progress(self) -> bool:
        """Whether a connection was made since the last time this was asked."""
        made, self._progress = self._progress, False
        return made

    def close(self) -> None:
        """Stop what is under way."""
        self._lanes.close()

    @property
    def takers(self) -> Mapping[str, Taker]:
        """Who takes which of discord.py's events."""
        return {
            "message": self._message,
            "raw_message_edit": self._edited,
            "raw_message_delete": self._deleted,
            "raw_bulk_message_delete": self._deleted,
            "raw_reaction_add": self._reaction_added,
            "raw_reaction_remove": self._reaction_removed,
            "interaction": self._interaction,
            "ready": self._ready,
            "resumed": self._ready,
        }

    def _message(self, message: discord.Message) -> None:
        if self._inbound.concerns(message):
            parcel = Parcel(partial(self._inbound.message, message))
            self._lanes.put(message.channel.id, parcel)

    def _edited(self, event: discord.RawMessageUpdateEvent) -> None:
        if self._inbound.concerns(event.message):
            parcel = Parcel(partial(self._inbound.edited, event.message))
            self._lanes.put(event.channel_id, parcel)

    def _deleted(
        self, event: discord.RawMessageDeleteEvent | discord.RawBulkMessageDeleteEvent
    ) -> None:
        if isinstance(event, discord.RawMessageDeleteEvent):
            gone = [event.message_id]
        else:
            gone = sorted(event.message_ids)
        for message in gone:
            make = partial(self._inbound.deleted, event.guild_id, event.channel_id, message)
            self._lanes.put(event.channel_id, Parcel(make))

    def _reaction_added(self, event: discord.RawReactionActionEvent) -> None:
        press = self._inbound.press(event)
        if press is None or event.message_author_id not in (None, self._inbound.me):
            return
        reaction = self._memory.reactions.added(press)
        if reaction is not None:
            self._memory.reactions.keep(reaction)
            parcel = Parcel(partial(self._inbound.reaction, event, reaction))
            self._lanes.put(event.channel_id, parcel)

    def _reaction_removed(self, event: discord.RawReactionActionEvent) -> None:
        """Discord does not say whose message it was: ours, or one that is still open."""
        press = self._inbound.press(event)
        if press is None:
            return
        ours = self._memory.reactions.knows(press)
        reaction = self._memory.reactions.removed(press, self._client.stamp)
        self._memory.reactions.keep(reaction, self._client.stamp)
        make = partial(self._removal, event, reaction, ours=ours)
        self._lanes.put(event.channel_id, Parcel(make))

    async def _removal(
        self, event: discord.RawReactionActionEvent, reaction: Reaction, *, ours: bool
    ) -> Iterable[Incoming]:
        if not ours:
            still_open = await self._open_messages()
            if reaction.press.message not in {ref.message for ref in still_open}:
                return ()
        return await self._inbound.reaction(event, reaction)

    def _ready(self) -> None:
        self._progress = True
        self.catch_up()

    def catch_up(self) -> None:
        """Read what happened at the open messages."""
        self._lanes.put(_CATCH_UP, Parcel(self._look_at_open))

    def look_at(self, ref: MessageRef) -> None:
        """Read what happened at this message."""
        make = partial(missed, self._client, self._inbound, self._memory, ref)
        self._lanes.put(target(ref.where, ref.message), Parcel(make))

    async def _look_at_open(self) -> Iterable[Incoming]:
        for ref in await self._open_messages():
            if ref.where.platform == "discord":
                self.look_at(ref)
        return ()

    # interactions

    def _interaction(self, interaction: discord.Interaction[Any]) -> None:
        data: Any = interaction.data or {}
        if asks_for_home(interaction):
            return self._lanes.run(self._home.opened(self._client, interaction))
        if interaction.type is discord.InteractionType.component:
            action = self._memory.actions.action_of(data.get("custom_id", "")) or ""
            if action.startswith(HOME):
                self._home.used(self._client, interaction)
            if action.startswith(DETAILS):
                of = action.removeprefix(DETAILS)
                return self._lanes.run(explain(self._client, self._memory, interaction, of))
            asks = self._memory.actions.asks(data.get("custom_id", ""))
            if asks:
                opened = modal(data["custom_id"], asks)
                return self._lanes.run(answer(self._client, interaction, opened))
        stored = asyncio.Event()
        parcel = Parcel(partial(self._inbound.interaction, interaction), stored.set)
        self._lanes.put(interaction.channel_id or 0, parcel)
        return self._lanes.run(self._acknowledge(interaction, stored))

    async def _acknowledge(
        self, interaction: discord.Interaction[Any], stored: asyncio.Event
    ) -> None:
        """Answer when the event is safe, or when Discord's patience ends."""
        try:
            async with asyncio.timeout(ACKNOWLEDGE_S):
                await stored.wait()
        except TimeoutError:
            _log.warning("discord_interaction_stored_late")
        await answer(self._client, interaction, self._acknowledgement(interaction))

    def _acknowledgement(self, interaction: discord.Interaction[Any]) -> dict[str, Any]:
        data: Any = interaction.data or {}
        if is_given(interaction):
            return whisper(text("Got it. I'll answer in the thread on that message."))
        if interaction.type is discord.InteractionType.application_command:
            return whisper(text("Got it. I'll answer with a message here."))
        if self._memory.actions.action_of(data.get("custom_id", "")) is None:
            return whisper(text("I've restarted since then. Please type your choice."))
        return {"type": 6}
