"""What is on the terminal and can be answered: which message a reaction or a number means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.chat import Button, Outgoing
from bot.language.emoji import (
    AGAIN,
    CHANGE,
    DISLIKE,
    DROP,
    DRY_RUN,
    LIKE,
    PAUSE,
    RESUME,
    RUN,
    STOP,
    canonical,
)
from memory.model.base import name_key
from memory.model.identity import MessageRef

NUMBERED: Final = ("answer", "person", "budget")
"""Buttons that a number, their label or its first letter presses."""

SPOKEN: Final = ("defaults:", "takeit:")
"""Buttons that their whole label presses, for they have no number."""

LASTING: Final = 400
DECISIONS: Final = (RUN, CHANGE, DRY_RUN, DROP)
MEANT: Final = frozenset({*DECISIONS, LIKE, DISLIKE, PAUSE, RESUME, STOP, AGAIN})
"""What can mean something on a message; any other emoji is taken as a word."""


@dataclass
class Board:
    """The messages posted, oldest first, as they are now."""

    messages: dict[str, tuple[MessageRef, Outgoing]] = field(default_factory=dict)

    def put(self, ref: MessageRef, out: Outgoing) -> None:
        """Note a message or its new form."""
        self.messages[ref.message] = (ref, out)
        while len(self.messages) > LASTING:
            del self.messages[next(iter(self.messages))]

    def reacted(self, emoji: str, others: Sequence[MessageRef] = ()) -> MessageRef | None:
        """The newest message that offers this reaction; else the first of `others`.

        `others`, newest first, were shown in an earlier session and can still be decided on.
        None for a decision that nothing on the screen asks for: it is then taken as a word.
        """
        wanted = canonical(emoji)
        if wanted not in MEANT:
            return None
        for ref, out in self._newest():
            if wanted in map(canonical, out.reactions):
                return ref
        if others:
            return others[0]
        if wanted in DECISIONS:
            return None
        return next((ref for ref, out in self._newest() if out.reactions), None)

    def pressed(self, line: str) -> tuple[MessageRef, Button] | None:
        """The button that the line means: its number, its label or its first letter.

        Numbers and letters go to the first question that is still open in the newest message
        with buttons.
        """
        words = name_key(line)
        for ref, out in self._newest():
            if any(section.buttons for section in out.sections):
                button = _button(words, out)
                return None if button is None else (ref, button)
        return None

    def _newest(self) -> list[tuple[MessageRef, Outgoing]]:
        return list(self.messages.values())[::-1]


def _button(words: str, out: Outgoing) -> Button | None:
    """The button of the message that the words press, by label, number or letter."""
    buttons = [button for section in out.sections for button in section.buttons]
    named = (b for b in buttons if _by_label(b) and words == name_key(b.label))
    options = _options(out)
    return next(named, None) or _by_number(words, options) or _by_letter(words, options)


def _options(out: Outgoing) -> list[Button]:
    """What the first question that is still open can be answered with, but for typing."""
    groups = ([b for b in section.buttons if numbered(b)] for section in out.sections)
    return [button for button in next(filter(None, groups), []) if not button.asks]


def numbered(button: Button) -> bool:
    """Whether the button is pressed by its number."""
    return button.action.partition(":")[0] in NUMBERED


def _by_label(button: Button) -> bool:
    """Whether the button's whole label presses it: not where its words mean more than it does."""
    return not button.asks and (numbered(button) or button.action.startswith(SPOKEN))


def _by_number(words: str, options: Sequence[Button]) -> Button | None:
    if words.isascii() and words.isdigit() and 0 < int(words[:3]) <= len(options):
        return options[int(words[:3]) - 1]
    return None


def _by_letter(words: str, options: Sequence[Button]) -> Button | None:
    if len(words) != 1 or not words.isalpha():
        return None
    found = [button for button in options if name_key(button.label).startswith(words)]
    return found[0] if len(found) == 1 else None
