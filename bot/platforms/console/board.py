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
        offering = (
            [] if wanted in DECISIONS else [ref for ref, out in self._newest() if out.reactions]
        )
        return offering[0] if offering else None

    def pressed(self, line: str) -> tuple[MessageRef, Button] | None:
        """The button that the line means: its number, its label or its first letter.

        Numbers and letters go to the first question that is still open in the newest message
        with buttons.
        """
        said = name_key(line)
        for ref, out in self._newest():
            if not any(section.buttons for section in out.sections):
                continue
            groups = [[b for b in section.buttons if numbered(b)] for section in out.sections]
            asked = [buttons for buttons in groups if buttons]
            labels = [one for section in out.sections for one in section.buttons if _by_label(one)]
            named = [one for one in labels if said == name_key(one.label)]
            found = named[0] if named else _by_number(said, asked) or _by_letter(said, asked)
            return None if found is None else (ref, found)
        return None

    def _newest(self) -> list[tuple[MessageRef, Outgoing]]:
        return list(self.messages.values())[::-1]


def numbered(button: Button) -> bool:
    """Whether the button is pressed by its number."""
    return button.action.partition(":")[0] in NUMBERED


def _by_label(button: Button) -> bool:
    """Whether the button's whole label presses it: not where its words mean more than it does."""
    return not button.asks and (numbered(button) or button.action.startswith(SPOKEN))


def _by_number(said: str, asked: Sequence[Sequence[Button]]) -> Button | None:
    plain = [button for button in asked[0] if not button.asks] if asked else []
    if said.isascii() and said.isdigit() and 0 < int(said[:3]) <= len(plain):
        return plain[int(said[:3]) - 1]
    return None


def _by_letter(said: str, asked: Sequence[Sequence[Button]]) -> Button | None:
    if len(said) != 1 or not said.isalpha() or not asked:
        return None
    found = [b for b in asked[0] if not b.asks and name_key(b.label).startswith(said)]
    return found[0] if len(found) == 1 else None
