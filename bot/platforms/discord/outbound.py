"""Messages as Discord writes them: parts, buttons, files, and edits."""

from collections.abc import Mapping
from typing import Final

import discord
import structlog

from bot.chat import OutFile, Outgoing
from bot.platforms.discord import marker
from bot.platforms.discord.buttons import view
from bot.platforms.discord.cards import (
    FILES,
    WHOLE,
    Drawn,
    fits,
    missing,
    upload,
    whole,
    words_of,
)
from bot.platforms.discord.client import Client
from bot.platforms.discord.inbound import Memory
from bot.platforms.discord.places import target
from bot.platforms.discord.text import mentioned, thread_name
from bot.platforms.discord.trouble import (
    THREAD_ARCHIVED,
    THREAD_EXISTS,
    TROUBLE,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
)
from bot.platforms.parts import split
from bot.platforms.recent import Recent
from memory.model.identity import MessageRef, ThreadRef
from memory.model.text import text

PART_CHARS: Final = 1960
"""Discord takes 2000 characters; the rest is for the invisible key."""

LOOK_BACK: Final = 100
_ARCHIVE_MINUTES: Final = 10080
_CARD: Final = 1 << 15
"""The flag of messages made of components (IS_COMPONENTS_V2)."""

_log = structlog.get_logger()


class Outbound:
    """Sends through the client of the moment.

    A long text becomes several messages; the last of them is *the* message: it has the buttons,
    files and reactions and is sent last, so finding it means that all of it arrived.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._earlier: Recent[int, tuple[int, ...]] = Recent()
        self._files: Recent[int, dict[str, discord.Attachment]] = Recent()
        self._cards: Recent[int, bool] = Recent()
        self._seeded: Recent[tuple[int, str], bool] = Recent()

    async def post(
        self, client: Client, where: ThreadRef, out: Outgoing, files: Mapping[str, bytes], key: str
    ) -> MessageRef:
        """Send it, opening the thread it belongs to where that is not open yet."""
        await self._open_thread(client, where)
        if out.tone != "plain":
            return await self._post_card(client, where, out, files, key)
        *earlier, last = split(_words(out, files), PART_CHARS)
        sent: list[int] = []
        known = await self._recent(client, where) if earlier else ()
        for number, part in enumerate(earlier):
            sent.append(await self._part(client, where, part, f"{key}#{number}", known))
        channel = self._channel(client, where)
        shown = [file for file in out.files if fits(file, files)][:FILES]
        message = await channel.send(
            last + marker.mark(key),
            files=[upload(file, files) for file in shown],
            view=view(out.sections, self._memory.actions) or discord.utils.MISSING,
            nonce=marker.nonce(key),
            allowed_mentions=_pings(last),
            suppress_embeds=True,
        )
        self._earlier.put(message.id, tuple(sent))
        return await self._posted(client, where, out, message, shown)

    async def _post_card(
        self, client: Client, where: ThreadRef, out: Outgoing, files: Mapping[str, bytes], key: str
    ) -> MessageRef:
        """Send a card, which is one message however long it is."""
        card = Drawn(out, files, {}, self._memory.actions, marker.mark(key))
        message = await self._channel(client, where).send(
            files=card.uploads,
            view=card.view,
            nonce=marker.nonce(key),
            allowed_mentions=_pings(card.words),
        )
        self._earlier.put(message.id, ())
        self._cards.put(message.id, item=True)
        return await self._posted(client, where, out, message, card.shown)

    async def _posted(
        self,
        client: Client,
        where: ThreadRef,
        out: Outgoing,
        message: discord.Message,
        shown: list[OutFile],
    ) -> MessageRef:
        self._memory.reactions.posted(str(message.channel.id), str(message.id))
        self._remember_files(message, shown)
        ref = MessageRef(where=where, message=str(message.id))
        await self._seed(client, ref, out.seeds)
        return ref

    async def edit(
        self, client: Client, ref: MessageRef, out: Outgoing, files: Mapping[str, bytes], key: str
    ) -> MessageRef:
        """Turn the message into another; one that was deleted is sent anew."""
        try:
            await self._edited(client, ref, out, files, key)
        except discord.HTTPException as error:
            if error.code == UNKNOWN_MESSAGE:
                return await self.post(client, ref.where, out, files, key)
            if error.code != THREAD_ARCHIVED:
                raise
            await client.http.edit_channel(target(ref.where), archived=False)
            await self._edited(client, ref, out, files, key)
        await self._seed(client, ref, out.seeds)
        await self._unseed(client, ref, out.seeds)
        return ref

    async def find(self, client: Client, where: ThreadRef, key: str) -> MessageRef | None:
        """The message with this key among the last hundred."""
        for number, content in await self._recent(client, where):
            if marker.is_marked(content, key):
                return MessageRef(where=where, message=str(number))
        return None

    async def react(self, client: Client, ref: MessageRef, emoji: str) -> None:
        """Put the bot's reaction under a message."""
        channel = target(ref.where, ref.message)
        await client.http.add_reaction(channel, int(ref.message), emoji)
        self._seeded.put((int(ref.message), emoji), item=True)

    # parts

    def _channel(self, client: Client, where: ThreadRef) -> discord.PartialMessageable:
        return client.get_partial_messageable(target(where))

    async def _open_thread(self, client: Client, where: ThreadRef) -> None:
        """Open the thread on its message, unless it is known to be open."""
        if not where.thread:
            return
        thread, channel = int(where.thread), int(where.channel)
        title = self._memory.titles.get(thread)
        if title is None and self._memory.joined.get(thread) is None:
            title = await self._missing_thread(client, where)
        if title is None:
            return
        try:
            await client.http.start_thread_with_message(
                channel, thread, name=title, auto_archive_duration=_ARCHIVE_MINUTES
            )
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise
        self._memory.titles.drop(thread)
        self._memory.joined.put(thread, item=True)

    async def _missing_thread(self, client: Client, where: ThreadRef) -> str | None:
        """The name for a thread that a restart kept from being opened; None if it is open."""
        try:
            await client.http.get_channel(int(where.thread))
        except discord.NotFound as error:
            if error.code != UNKNOWN_CHANNEL:
                raise
            start = await client.http.get_message(int(where.channel), int(where.thread))
            own = f"<@{client.me}>"
            return thread_name(start["content"].replace(own, ""))
        self._memory.joined.put(int(where.thread), item=True)
        return None

    async def _recent(self, client: Client, where: ThreadRef) -> tuple[tuple[int, str], ...]:
        """Our last messages there, newest first, as (id, content)."""
        try:
            shown = await client.http.logs_from(target(where), LOOK_BACK)
        except discord.NotFound:
            return ()
        me = str(client.me)
        return tuple((int(m["id"]), words_of({**m})) for m in shown if str(m["author"]["id"]) == me)

    async def _part(
        self,
        client: Client,
        where: ThreadRef,
        part: str,
        key: str,
        known: tuple[tuple[int, str], ...],
    ) -> int:
        """Send a part that is continued, unless an earlier try has."""
        mark = marker.mark(key, continued=True)
        for number, content in known:
            if content.endswith(mark):
                return number
        message = await self._channel(client, where).send(
            part + mark,
            nonce=marker.nonce(key),
            allowed_mentions=_pings(part),
            suppress_embeds=True,
        )
        return message.id

    async def _edited(
        self, client: Client, ref: MessageRef, out: Outgoing, files: Mapping[str, bytes], key: str
    ) -> None:
        number = int(ref.message)
        channel = self._channel(client, ref.where)
        earlier = await self._earlier_of(channel, client, number)
        if await self._is_card(client, ref, out):
            await self._edit_card(channel, number, out, files, key)
            for gone in earlier:
                await channel.get_partial_message(gone).delete()
            return
        parts, whole = _fitted(_words(out, files), len(earlier) + 1)
        surplus = len(earlier) - (len(parts) - 1)
        for gone in earlier[:surplus]:
            await channel.get_partial_message(gone).delete()
        for place, part in zip(earlier[surplus:], parts, strict=False):
            content = part + marker.mark(f"{key}#{place}", continued=True)
            await channel.get_partial_message(place).edit(
                content=content, allowed_mentions=_pings(part)
            )
        self._earlier.put(number, earlier[surplus:])
        kept = self._files.get(number) or {}
        shown = [file for file in out.files if fits(file, files)][: FILES - len(whole)]
        shown.sort(key=lambda file: file.digest not in kept)  # kept ones come first in the answer
        message = await channel.get_partial_message(number).edit(
            content=parts[-1] + marker.mark(key),
            attachments=[*(kept.get(f.digest) or upload(f, files) for f in shown), *whole],
            view=view(out.sections, self._memory.actions),
            allowed_mentions=_pings(parts[-1]),
        )
        self._remember_files(message, shown)

    async def _is_card(self, client: Client, ref: MessageRef, out: Outgoing) -> bool:
        """Whether the message has to be drawn as a card: it is one, or has been."""
        if out.tone != "plain":
            return True
        known = self._cards.get(int(ref.message))
        if known is None:
            place = target(ref.where, ref.message)
            message = await client.http.get_message(place, int(ref.message))
            known = bool(message.get("flags", 0) & _CARD)
            self._cards.put(int(ref.message), known)
        return known

    async def _edit_card(
        self,
        channel: discord.PartialMessageable,
        number: int,
        out: Outgoing,
        files: Mapping[str, bytes],
        key: str,
    ) -> None:
        """Turn the message into a card, or into another."""
        kept = self._files.get(number) or {}
        card = Drawn(out, files, kept, self._memory.actions, marker.mark(key))
        message = await channel.get_partial_message(number).edit(
            content=None,
            attachments=[*card.kept, *card.uploads],
            view=card.view,
            allowed_mentions=_pings(card.words),
        )
        self._earlier.put(number, ())
        self._cards.put(number, item=True)
        self._remember_files(message, card.shown)

    async def _earlier_of(
        self, channel: discord.PartialMessageable, client: Client, number: int
    ) -> tuple[int, ...]:
        """The parts that come before a message of ours, oldest first."""
        known = self._earlier.get(number)
        if known is not None:
            return known
        found: list[int] = []
        async for message in channel.history(limit=10, before=discord.Object(number)):
            ours = message.author.id == client.me
            if not ours or not marker.is_continued(message.content):
                break
            found.insert(0, message.id)
        return tuple(found)

    def _remember_files(self, message: discord.Message, shown: list[OutFile]) -> None:
        pairs = zip(shown, message.attachments, strict=False)
        self._files.put(message.id, {file.digest: sent for file, sent in pairs})

    async def _seed(self, client: Client, ref: MessageRef, reactions: tuple[str, ...]) -> None:
        """Put the reactions under it; the message stands, whatever becomes of them."""
        for emoji in reactions:
            if self._seeded.get((int(ref.message), emoji)):
                continue
            try:
                await self.react(client, ref, emoji)
            except TROUBLE:
                _log.warning("discord_reaction_not_seeded", exc_info=True)
                return

    async def _unseed(self, client: Client, ref: MessageRef, kept: tuple[str, ...]) -> None:
        """Take back what no longer means anything there, as far as is remembered."""
        number, channel = int(ref.message), target(ref.where, ref.message)
        for message, emoji in self._seeded.known():
            if message != number or emoji in kept:
                continue
            self._seeded.drop((number, emoji))
            try:
                await client.http.remove_own_reaction(channel, number, emoji)
            except TROUBLE:
                _log.warning("discord_reaction_left", exc_info=True)


def _words(out: Outgoing, files: Mapping[str, bytes]) -> str:
    """The text, and a line for each file that Discord would not take."""
    texts = (section.text for section in out.sections)
    return "\n\n".join(filter(None, (*texts, *missing(out, files))))


def _pings(words: str) -> discord.AllowedMentions:
    people = [discord.Object(int(user)) for user in mentioned(words)][:100]
    return discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=people)


def _fitted(words: str, room: int) -> tuple[tuple[str, ...], list[discord.File]]:
    """At most `room` parts; what is longer ends in … and comes whole as a file."""
    parts = split(words, PART_CHARS)
    if len(parts) <= room:
        return parts, []
    note = f"…\n{text('(the whole text is in `{file}`)', file=WHOLE)}"
    last = parts[room - 1][: PART_CHARS - len(note)] + note
    return (*parts[: room - 1], last), [whole(words)]
