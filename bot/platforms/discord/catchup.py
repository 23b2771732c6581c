"""What happened while nobody listened: reactions and words at the open messages."""

from collections.abc import Iterable

import discord

from bot.chat import Incoming
from bot.language.emoji import canonical
from bot.platforms.discord import places
from bot.platforms.discord.client import Client
from bot.platforms.discord.inbound import Inbound, Memory
from bot.platforms.discord.reactions import Press
from memory.model.identity import MessageRef

_WORDS = 200
"""How many missed messages of a thread are read."""


async def missed(
    client: Client, inbound: Inbound, memory: Memory, ref: MessageRef
) -> Iterable[Incoming]:
    """The reactions on the message now, those taken back, and what was said after it.

    What was handed over before comes with the same event ids.
    """
    channel = client.get_partial_messageable(places.target(ref.where, ref.message))
    message = await channel.fetch_message(int(ref.message))
    guild = None if ref.where.workspace == places.DIRECT else int(ref.where.workspace)
    people: dict[Press, discord.abc.User] = {}
    for reaction in message.reactions:
        if not isinstance(reaction.emoji, str):
            continue
        emoji = canonical(reaction.emoji)
        async for user in reaction.users():
            if not user.bot:
                people[Press(channel.id, message.id, user.id, emoji)] = user
    there, gone = memory.reactions.missed(message.id, people)
    found = [
        inbound.pressed(
            press,
            memory.reactions.added(press, live=False),
            where=ref.where,
            author=places.identity(people[press], guild),
            removed=False,
        )
        for press in there
    ]
    found += [
        inbound.pressed(
            press,
            event_id,
            where=ref.where,
            author=places.identity_of(press.user, guild),
            removed=True,
        )
        for press, event_id in gone
    ]
    memory.reactions.read(message.id)
    if ref.where.thread or guild is None:
        memory.joined.put(int(ref.where.thread or ref.where.channel), item=True)
        async for said in channel.history(after=message, limit=_WORDS, oldest_first=True):
            if inbound.concerns(said):
                found += await inbound.message(said, ref.where)
    return found
