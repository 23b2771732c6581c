"""Discord's events as Incoming. What is not for us gives nothing."""

import re
from typing import Any

import discord

from bot.chat import Attachment, Details, Incoming, deletion_id, edit_id
from bot.language.emoji import canonical
from bot.platforms.discord import places, text
from bot.platforms.discord.buttons import Actions, typed
from bot.platforms.discord.client import Client
from bot.platforms.discord.surfaces.giving import given, is_given
from bot.platforms.reactions import Press, Reaction, ReactionLog
from bot.platforms.recent import Recent
from memory.model.identity import Identity, ThreadRef
from memory.model.timing.clock import Clock

_HEARD = (discord.MessageType.default, discord.MessageType.reply)


class Memory:
    """What the adapter keeps between connections."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.actions = Actions()
        self.reactions = ReactionLog(started=str(int(clock.now().timestamp() * 1000)))
        self.joined: Recent[int, bool] = Recent()
        """Threads the bot takes part in."""
        self.titles: Recent[int, str] = Recent()
        """By message: the name of the thread to open on it."""
        self.details: Details | None = None


class Inbound:
    """Turns the objects of one client into Incoming."""

    def __init__(self, client: Client, memory: Memory) -> None:
        self._client = client
        self._memory = memory

    @property
    def me(self) -> int:
        """The bot's user id."""
        return self._client.me

    def concerns(self, message: discord.Message) -> bool:
        """Whether a person wrote it: not us, another bot, a webhook or Discord itself."""
        person = not message.author.bot and message.webhook_id is None
        return person and message.type in _HEARD

    async def message(
        self, message: discord.Message, where: ThreadRef | None = None, *, heard: bool = False
    ) -> tuple[Incoming, ...]:
        """A post. Heard: mentions, replies to us, direct messages, and threads we are in; with
        `heard`, any.
        """
        channel = await self._channel(message, where)
        where = where or places.thread_ref(channel)
        if where is None or _is_empty(message):
            return ()
        own = self._own_mention(message)
        named = own.search(message.content) is not None
        addressed = named or self._is_ours(message, where)
        ours = addressed or self._takes_part(where, channel)
        if not ours and not heard:
            return ()
        words = self._words(message, own)
        if ours:
            where = self._answered_in(where, message, channel, words if named else "")
        return (self._post(message, where, words, addressed=addressed),)

    def _is_ours(self, message: discord.Message, where: ThreadRef) -> bool:
        """Whether it's said to us without naming us."""
        return where.workspace == places.DIRECT or self._is_reply_to_us(message)

    async def edited(self, message: discord.Message) -> tuple[Incoming, ...]:
        """A post whose author changed its words; embeds and pins bring no time of an edit."""
        at = message.edited_at
        heard = await self.message(message, heard=True) if at else ()
        return tuple(
            said.model_copy(
                update={
                    "kind": "edited",
                    "event_id": edit_id(said.event_id, at.isoformat()),
                    "form_of": said.event_id,
                    "at": at,
                }
            )
            for said in heard
            if at is not None
        )

    async def deleted(self, guild: int | None, channel: int, message: int) -> tuple[Incoming, ...]:
        """A message that is gone; Discord doesn't say whose it was."""
        where = await self._place(guild, channel)
        return () if where is None else (self.gone(where, message),)

    def gone(self, where: ThreadRef, message: int) -> Incoming:
        """The end of a message that hung there."""
        form_of = f"message:{message}"
        return Incoming(
            event_id=deletion_id(form_of),
            kind="deleted",
            thread=where,
            author=places.identity_of(self.me, _guild(where)),
            message=str(message),
            addressed=False,
            form_of=form_of,
            at=self._memory.clock.now(),
        )

    async def _channel(self, message: discord.Message, where: ThreadRef | None) -> object:
        """Where it was posted; with what that hangs under, where it is not known."""
        if where is None and isinstance(message.channel, discord.PartialMessageable):
            return await self._client.fetch_channel(message.channel.id)
        return message.channel

    def _post(
        self, message: discord.Message, where: ThreadRef, words: str, *, addressed: bool
    ) -> Incoming:
        guild = _guild(where)
        return Incoming(
            event_id=f"message:{message.id}",
            kind="message",
            thread=where,
            author=places.identity(message.author, guild),
            message=str(message.id),
            text=words,
            mentions=self._mentions(message, guild),
            attachments=tuple(
                Attachment(
                    name=file.filename,
                    media_type=file.content_type or "application/octet-stream",
                    size=file.size,
                    handle=f"{message.channel.id}/{message.id}/{file.id}",
                )
                for file in message.attachments
            ),
            addressed=addressed,
            at=message.created_at,
        )

    def _own_mention(self, message: discord.Message) -> re.Pattern[str]:
        """Our mention, also by the role that Discord made for us: people pick it by mistake."""
        role = message.guild.self_role if message.guild else None
        return re.compile(rf"<@!?{self.me}>" + (rf"|<@&{role.id}>" if role else ""))

    def _is_reply_to_us(self, message: discord.Message) -> bool:
        if message.type is not discord.MessageType.reply:
            return False
        if any(user.id == self.me for user in message.mentions):
            return True  # the ping of a reply is no mention in the text
        original = message.reference.resolved if message.reference else None
        return isinstance(original, discord.Message) and original.author.id == self.me

    def _takes_part(self, where: ThreadRef, channel: object) -> bool:
        if not where.thread:
            return False
        if isinstance(channel, discord.Thread) and (
            channel.owner_id == self.me or channel.me is not None
        ):
            return True
        return bool(self._memory.joined.get(int(where.thread)))

    def _answered_in(
        self, where: ThreadRef, message: discord.Message, channel: object, named: str
    ) -> ThreadRef:
        """A mention in a channel is answered in a thread on it, whose id Discord makes equal."""
        if isinstance(channel, discord.TextChannel) and (named or not message.reference):
            self._memory.titles.put(message.id, text.thread_name(named))
            where = where.model_copy(update={"thread": str(message.id)})
        if where.thread:
            self._memory.joined.put(int(where.thread), item=True)
        return where

    def _words(self, message: discord.Message, own: re.Pattern[str]) -> str:
        names = {str(user.id): user.display_name for user in message.mentions}
        words = text.readable(
            message.content, own=own, name=lambda user: names.get(user, "someone")
        )
        for role in message.role_mentions:
            words = words.replace(f"<@&{role.id}>", f"@{role.name}")
        for channel in message.channel_mentions:
            words = words.replace(f"<#{channel.id}>", f"#{channel.name}")
        return words

    def _mentions(self, message: discord.Message, guild: int | None) -> tuple[Identity, ...]:
        people = {str(user.id): user for user in message.mentions}
        ids = [user for user in text.mentioned(message.content) if user in people]
        return tuple(places.identity(people[user], guild) for user in ids if int(user) != self.me)

    # reactions

    def press(self, event: discord.RawReactionActionEvent) -> Press | None:
        """The reaction, unless it is ours, a bot's or a custom emoji."""
        member = event.member
        if event.user_id == self.me or event.emoji.id is not None or (member and member.bot):
            return None
        emoji = canonical(event.emoji.name)
        return Press(str(event.channel_id), str(event.message_id), str(event.user_id), emoji)

    async def reaction(
        self, event: discord.RawReactionActionEvent, reaction: Reaction
    ) -> tuple[Incoming, ...]:
        """A reaction that was given or taken back."""
        where = await self._place(event.guild_id, event.channel_id)
        if where is None:
            return ()
        member = event.member
        author = (
            places.identity(member, event.guild_id)
            if member
            else places.identity_of(event.user_id, event.guild_id)
        )
        return (self.pressed(reaction, where=where, author=author),)

    def pressed(self, reaction: Reaction, *, where: ThreadRef, author: Identity) -> Incoming:
        """A reaction as Incoming."""
        return Incoming(
            event_id=reaction.event_id,
            kind="reaction",
            thread=where,
            author=author,
            message=reaction.press.message,
            emoji=reaction.press.emoji,
            removed=reaction.removed,
            at=self._memory.clock.now(),
        )

    async def _place(self, guild: int | None, channel_id: int) -> ThreadRef | None:
        if guild is None:
            return places.ref(None, channel_id)
        channel = self._client.get_channel(channel_id)
        return places.thread_ref(channel or await self._client.fetch_channel(channel_id))

    # buttons, modals, commands

    async def interaction(self, interaction: discord.Interaction[Any]) -> tuple[Incoming, ...]:
        """A pressed button, a sent modal or a slash command."""
        if interaction.channel_id is None:
            return ()
        where = places.thread_ref(interaction.channel)
        where = where or await self._place(interaction.guild_id, interaction.channel_id)
        data: Any = interaction.data
        if where is None or data is None:
            return ()
        shared: dict[str, Any] = {
            "event_id": f"interaction:{interaction.id}",
            "thread": where,
            "author": places.identity(interaction.user, _guild(where)),
            "at": interaction.created_at,
        }
        if is_given(interaction):
            return self._given(interaction, where)
        if interaction.type is discord.InteractionType.application_command:
            words = " ".join(str(option.get("value", "")) for option in data.get("options", ()))
            return (Incoming(kind="command", text=words.strip(), **shared),)
        action = self._memory.actions.action_of(data["custom_id"])
        if action is None:
            return ()
        message = str(interaction.message.id) if interaction.message else ""
        words = typed(data).strip()
        return (Incoming(kind="button", action=action, message=message, text=words, **shared),)

    def _given(
        self, interaction: discord.Interaction[Any], where: ThreadRef
    ) -> tuple[Incoming, ...]:
        """A message that somebody gives us; it's answered in a thread on it."""
        author = places.identity(interaction.user, _guild(where))
        said = given(interaction, where, author, own=self.me)
        if said is None:
            return ()
        if isinstance(interaction.channel, discord.TextChannel):
            self._memory.titles.put(int(said.message), text.thread_name(said.text))
            said = said.model_copy(
                update={"thread": where.model_copy(update={"thread": said.message})}
            )
        if said.thread.thread:
            self._memory.joined.put(int(said.thread.thread), item=True)
        return (said,)


def _guild(where: ThreadRef) -> int | None:
    return None if where.workspace == places.DIRECT else int(where.workspace)


def _is_empty(message: discord.Message) -> bool:
    return not (message.content or message.attachments)
