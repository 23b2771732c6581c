"""Buttons and modals: what they carry, and how they are laid out.

The action travels in the custom id, so a button outlives restarts. Beside words the buttons stand in
the plain rows of classic components, each section's in a row of its own; cards have their own
(`cards.py`).
"""

from collections.abc import Sequence
from typing import Any, Final

import discord

from bot.chat import Button, Section
from bot.language.words import shorten
from bot.platforms.recent import Recent
from memory.model.base import sha256

CUSTOM_ID_CHARS: Final = 100
LABEL_CHARS: Final = 80
MODAL_CHARS: Final = 45
_ASKS: Final = "\x1f"
_DIGEST: Final = "\x1e"
_STYLES: Final = {
    "plain": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}


class Actions:
    """Custom ids for actions and back.

    An action too long for a custom id is remembered by its digest, which a restart forgets;
    `action_of` then answers None and the person is asked to type instead.
    """

    def __init__(self) -> None:
        self._long: Recent[str, str] = Recent()

    def custom_id(self, button: Button) -> str:
        """At most 100 characters that stand for the action and what it asks."""
        whole = button.action
        if button.asks:
            whole += _ASKS + _short(button.asks, MODAL_CHARS)
        if len(whole) <= CUSTOM_ID_CHARS:
            return whole
        if button.asks and len(button.action) < CUSTOM_ID_CHARS - 1:
            return whole[:CUSTOM_ID_CHARS]
        digest = _DIGEST + sha256(whole.encode())
        self._long.put(digest, whole)
        return digest

    def action_of(self, custom_id: str) -> str | None:
        """The action it stands for."""
        whole = self._long.get(custom_id) if custom_id.startswith(_DIGEST) else custom_id
        return None if whole is None else whole.partition(_ASKS)[0]

    def asks(self, custom_id: str) -> str:
        """The label of the field it opens, or ""."""
        return (self._long.get(custom_id) or custom_id).partition(_ASKS)[2]


def view(sections: tuple[Section, ...], actions: Actions) -> discord.ui.View | None:
    """The buttons of all sections; those beyond five rows of five are left out.

    The view is stopped at once: discord.py would keep every live view in memory for ever, and
    presses are taken from the gateway anyway.
    """
    rows = _rows([section.buttons for section in sections if section.buttons])
    if not rows:
        return None
    built = discord.ui.View(timeout=None)
    seen: set[str] = set()
    for number, row in enumerate(rows):
        for button in row:
            custom_id = actions.custom_id(button)
            if custom_id not in seen:
                seen.add(custom_id)
                built.add_item(_item(button, custom_id, number))
    built.stop()
    return built


def row_of(
    buttons: Sequence[Button], actions: Actions, seen: set[str]
) -> list[discord.ui.Button[discord.ui.LayoutView]]:
    """Buttons of a card, without those that are `seen` in it already."""
    built: list[discord.ui.Button[discord.ui.LayoutView]] = []
    for button in buttons:
        custom_id = actions.custom_id(button)
        if custom_id not in seen:
            seen.add(custom_id)
            label = _short(button.label, LABEL_CHARS)
            style = _STYLES[button.style]
            built.append(discord.ui.Button(style=style, label=label, custom_id=custom_id))
    return built


def modal(custom_id: str, asks: str) -> dict[str, Any]:
    """The answer to a press that opens a field."""
    label = _short(asks, MODAL_CHARS)
    field = {"type": 4, "custom_id": "text", "style": 2, "required": True, "max_length": 4000}
    return {
        "type": 9,
        "data": {
            "custom_id": custom_id,
            "title": label,
            "components": [{"type": 18, "label": label, "component": field}],
        },
    }


def typed(data: Any) -> str:
    """What was typed into a modal, wherever Discord put the field."""
    match data:
        case {"type": 4, "value": str(value)}:
            return value
        case {"component": inner}:
            return typed(inner)
        case {"components": list(inner)}:
            return "\n".join(filter(None, map(typed, inner)))
        case _:
            return ""


def _short(words: str, limit: int) -> str:
    return shorten(words.strip(), limit) or "…"


def _item(button: Button, custom_id: str, row: int) -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(
        style=_STYLES[button.style],
        label=_short(button.label, LABEL_CHARS),
        custom_id=custom_id,
        row=row,
    )


def _rows(groups: list[tuple[Button, ...]]) -> list[tuple[Button, ...]]:
    rows = [group[at : at + 5] for group in groups for at in range(0, len(group), 5)]
    if len(rows) > 5:
        dense = tuple(button for group in groups for button in group)[:25]
        rows = [dense[at : at + 5] for at in range(0, len(dense), 5)]
    return rows
