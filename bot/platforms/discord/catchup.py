"""What happened while nobody listened: reactions and words at the open messages."""

from collections.abc import Iterable
from typing import Final

import discord

from bot.chat import Incoming
from bot.language.emoji import canonical
from bot.platforms.discord import places
from bot.platforms.discord.client import Client
from bot.platforms.discord.inbound import Inbound, Memory
from bot.platforms.discord.trouble import UNKNOWN_MESSAGE
from bot.platforms.reactions import Press
from memory.model.identity import MessageRef

_MESSAGES: Final = 200
"""How many missed messages of a thread are read."""


async def missed(
    client: Client, inbound: Inbound, memory: Memory, ref: MessageRef
) -> Iterable[Incoming]:
    """The reactions on the message now, those taken back, and what was said after it; or its end.

    What was handed over before comes with the same event ids.
    """
    channel = client.get_partial_messageable(places.target(ref.where, ref.message))
    try:
        message = await channel.fetch_message(int(ref.message))
    except discord.NotFound as error:
        return (inbound.gone(ref.where, int(ref.message)),) if error.code == UNKNOWN_MESSAGE else ()
    guild = None if ref.where.workspace == places.DIRECT else int(ref.where.workspace)
    people = await _people(message)
    found = []
    for reaction in memory.reactions.missed(str(channel.id), ref.message, people, again=True):
        memory.reactions.keep(reaction, reaction.event_id)
        user = people.get(reaction.press)
        author = (
            places.identity(user, guild)
            if user is not None
            else places.identity_of(int(reaction.press.user), guild)
        )
        found.append(inbound.pressed(reaction, where=ref.where, author=author))
    memory.reactions.read(str(channel.id), ref.message)
    if ref.where.thread or guild is None:
        memory.joined.put(int(ref.where.thread or ref.where.channel), item=True)
        async for later in channel.history(after=message, limit=_MESSAGES, oldest_first=True):
            if inbound.concerns(later):
                found += await inbound.message(later, ref.where)
    return found


async def _people(message: discord.Message) -> dict[Press, discord.abc.User]:
    """Who reacted, and with what; custom emoji and bots mean nothing."""
    channel, number = str(message.channel.id), str(message.id)
    people: dict[Press, discord.abc.User] = {}
    for reaction in message.reactions:
        if isinstance(reaction.emoji, str):
            emoji = canonical(reaction.emoji)
            async for user in reaction.users():
                if not user.bot:
                    people[Press(channel, number, str(user.id), emoji)] = user
    return people
