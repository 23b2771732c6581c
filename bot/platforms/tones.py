"""How the state of a card is coloured, beside the words that say it."""

from collections.abc import Mapping
from typing import Final

from bot.chat import Tone

ICONS: Final[Mapping[Tone, str]] = {
    "waiting": "🟡",
    "working": "🔵",
    "paused": "⏸️",
    "done": "🟢",
    "failed": "🔴",
}
"""Signs for where nothing can be coloured."""

COLOURS: Final[Mapping[Tone, int]] = {
    "waiting": 0xECB22E,
    "working": 0x36C5F0,
    "paused": 0xF2994A,
    "done": 0x2EB67D,
    "failed": 0xE01E5A,
    "closed": 0x9AA0A6,
}
"""The same as 0xRRGGBB."""
