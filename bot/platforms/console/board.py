"""What is on the terminal and can be answered: which message a reaction or a number means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.chat import Button, Outgoing
from bot.emoji import canonical
from memory.model.base import name_key
from memory.model.identity import MessageRef

CHOSEN: Final = ("answer", "person", "defaults", "budget", "feedback")
"""Buttons that a number or their label presses; the others have words of their own."""

LASTING: Final = 400


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
        """The newest message that offers this reaction; else the newest of `others`.

        `others` are messages of an earlier session on which a reaction would still decide.
        """
        wanted = canonical(emoji)
        offering = [ref for ref, out in self._newest() if out.reactions]
        for ref, out in self._newest():
            if wanted in map(canonical, out.reactions):
                return ref
        if others:
            return others[-1]
        return offering[0] if offering else None

    def pressed(self, line: str) -> tuple[MessageRef, Button] | None:
        """The button that the line means: its number, its label or its first letter.

        Numbers and letters go to the first question that is still open in the newest message
        with choices.
        """
        said = name_key(line)
        for ref, out in self._newest():
            choices = [
                [button for button in section.buttons if chosen(button)] for section in out.sections
            ]
            choices = [buttons for buttons in choices if buttons]
            if not choices:
                continue
            for button in [one for buttons in choices for one in buttons if not one.asks]:
                if said == name_key(button.label):
                    return ref, button
            first = _by_number(said, choices[0]) or _by_letter(said, choices[0])
            return None if first is None else (ref, first)
        return None

    def _newest(self) -> list[tuple[MessageRef, Outgoing]]:
        return list(self.messages.values())[::-1]


def chosen(button: Button) -> bool:
    """Whether the button is pressed by its number or label."""
    return button.action.partition(":")[0] in CHOSEN


def _by_number(said: str, buttons: Sequence[Button]) -> Button | None:
    plain = [button for button in buttons if not button.asks]
    if said.isascii() and said.isdigit() and 0 < int(said[:3]) <= len(plain):
        return plain[int(said[:3]) - 1]
    return None


def _by_letter(said: str, buttons: Sequence[Button]) -> Button | None:
    if len(said) != 1 or not said.isalpha():
        return None
    found = [b for b in buttons if not b.asks and name_key(b.label).startswith(said)]
    return found[0] if len(found) == 1 else None
