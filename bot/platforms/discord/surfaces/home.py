"""A person's home on Discord: a panel that only they see, kept true while Discord lets us."""

from typing import Any, Final

import discord
from discord.http import Route

from bot.chat import Outgoing, Section
from bot.platforms.discord import places
from bot.platforms.discord.answering import EPHEMERAL, answer, sent
from bot.platforms.discord.cards import layout
from bot.platforms.discord.client import Client
from bot.platforms.discord.inbound import Memory
from bot.platforms.homes import Homes

WORD: Final = "home"
"""What `/orchestra` says to open it."""

CHARS: Final = 3800
ITEMS: Final = 36
"""Of 4,000 characters and 40 components; what's beyond is in the threads themselves."""

_CARD: Final = 1 << 15


def asks_for_home(interaction: discord.Interaction[Any]) -> bool:
    """Whether somebody says `/orchestra home`."""
    if interaction.type is not discord.InteractionType.application_command:
        return False
    data: Any = interaction.data or {}
    words = [str(option.get("value", "")) for option in data.get("options", ())]
    return " ".join(words).strip().casefold() == WORD


class HomePanel:
    """The panels of everyone, drawn over whichever interaction is at hand."""

    def __init__(self, memory: Memory, homes: Homes) -> None:
        self._memory = memory
        self._homes = homes

    async def opened(self, client: Client, interaction: discord.Interaction[Any]) -> None:
        """Answer with the person's home."""
        shown = False

        async def show(out: Outgoing) -> bool:
            nonlocal shown
            if shown:
                return await _redrawn(client, interaction, self._body(out))
            shown = True
            return await answer(client, interaction, {"type": 4, "data": self._body(out)})

        person = places.identity(interaction.user, interaction.guild_id)
        await self._homes.opened(person, None, show, anew=True)

    def used(self, client: Client, interaction: discord.Interaction[Any]) -> None:
        """Somebody pressed a button of theirs: from now on it's redrawn over this press."""

        async def show(out: Outgoing) -> bool:
            return await _redrawn(client, interaction, self._body(out))

        self._homes.moved(places.identity(interaction.user, interaction.guild_id), show)

    def _body(self, out: Outgoing) -> dict[str, Any]:
        view = layout(_fitting(out), self._memory.actions, files=(), mark="")
        return {
            "components": view.to_components(),  # type: ignore[no-untyped-call]  # discord.py leaves it untyped
            "flags": EPHEMERAL | _CARD,
            "allowed_mentions": {"parse": []},
        }


def _fitting(out: Outgoing) -> Outgoing:
    """As many of its sections as Discord takes."""
    kept: list[Section] = []
    chars = items = 0
    for section in out.sections:
        chars += len(section.text) + 8
        items += 3 + 6 * ((len(section.buttons) + 4) // 5)
        if kept and (chars > CHARS or items > 4 * ITEMS):
            break
        kept.append(section.model_copy(update={"text": section.text[:CHARS]}))
    return out.model_copy(update={"sections": tuple(kept), "files": ()})


async def _redrawn(
    client: Client, interaction: discord.Interaction[Any], body: dict[str, Any]
) -> bool:
    route = Route(
        "PATCH",
        "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        webhook_id=interaction.application_id,
        webhook_token=interaction.token,
    )
    return await sent(client, route, {**body, "flags": _CARD})
