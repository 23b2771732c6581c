"""Answers to interactions: within three seconds, and what only the person sees."""

import asyncio
from typing import Any, Final

import discord
import structlog
from discord.http import Route

from bot.platforms.discord import places
from bot.platforms.discord.client import Client
from bot.platforms.discord.inbound import Memory
from bot.platforms.discord.trouble import TROUBLE
from bot.platforms.parts import split
from memory.model.errors import StorageTrouble
from memory.model.identity import MessageRef
from memory.model.text import text

_LOOK_S: Final = 2.0
"""Discord gives three seconds."""

_CHARS: Final = 1990
_MESSAGES: Final = 5
"""A first answer and four more; what's longer is in the plan's file anyway."""

EPHEMERAL: Final = 64
"""The flag of what only one person sees."""

_log = structlog.get_logger()


def whisper(words: str) -> dict[str, Any]:
    """An answer that only the person sees."""
    return {"type": 4, "data": {**_unpinged(words), "flags": EPHEMERAL}}


async def answer(
    client: Client, interaction: discord.Interaction[Any], body: dict[str, Any]
) -> bool:
    """Answer the interaction, and whether that went; trouble is only logged, for what was done is stored."""
    route = Route(
        "POST",
        "/interactions/{webhook_id}/{webhook_token}/callback",
        webhook_id=interaction.id,
        webhook_token=interaction.token,
    )
    return await sent(client, route, body)


async def explain(
    client: Client, memory: Memory, interaction: discord.Interaction[Any], of: str
) -> None:
    """Tell the person, and nobody else, all of what the message stands for."""
    parts = split(await _details(memory, interaction, of), _CHARS)
    if len(parts) > _MESSAGES:
        rest = text("The rest is in the file below the plan.")
        parts = (*parts[: _MESSAGES - 1], rest)
    await answer(client, interaction, whisper(parts[0]))
    for part in parts[1:]:
        route = Route(
            "POST",
            "/webhooks/{webhook_id}/{webhook_token}",
            webhook_id=interaction.application_id,
            webhook_token=interaction.token,
        )
        await sent(client, route, {**_unpinged(part), "flags": EPHEMERAL})


async def _details(memory: Memory, interaction: discord.Interaction[Any], of: str) -> str:
    words = ""
    where = places.thread_ref(interaction.channel)
    if memory.details is not None and interaction.message is not None and where is not None:
        shown = MessageRef(where=where, message=str(interaction.message.id))
        try:
            async with asyncio.timeout(_LOOK_S):
                words = await memory.details(shown, of)
        except (TimeoutError, StorageTrouble):
            _log.warning("discord_details_late")
    return words or text("I don't have that any more; say `plan again`.")


def _unpinged(words: str) -> dict[str, Any]:
    return {"content": words, "allowed_mentions": {"parse": []}}


async def sent(client: Client, route: Route, body: dict[str, Any]) -> bool:
    """Whether Discord took it; trouble is only logged."""
    try:
        await client.http.request(route, json=body)
    except TROUBLE:
        _log.warning("discord_interaction_unanswered", exc_info=True)
        return False
    return True
