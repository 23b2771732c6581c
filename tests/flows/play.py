"""Plays a dialogue over a platform: people act, the bot is expected to say things."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Said:
    """Somebody writes."""

    who: str
    text: str


@dataclass(frozen=True)
class Reacts:
    """Somebody reacts to the newest plan ("plan"), result, or their own words ("words")."""

    who: str
    emoji: str
    on: str = "plan"
    removed: bool = False


@dataclass(frozen=True)
class Presses:
    """Somebody presses the newest button with this label, typing where it asks."""

    who: str
    label: str
    typed: str = ""


@dataclass(frozen=True)
class Later:
    """Time passes."""

    hours: float


@dataclass(frozen=True)
class Spends:
    """The channel's budget passes a threshold."""

    percent: int


@dataclass(frozen=True)
class Bot:
    """The bot has said or shown all of this since the last act of a person (edits count)."""

    parts: tuple[str, ...]
    absent: tuple[str, ...] = ()


Step = Said | Reacts | Presses | Later | Spends | Bot


@dataclass(frozen=True)
class Dialogue:
    """A name, what the people in it are, and the steps."""

    name: str
    steps: tuple[Step, ...]
    approvers: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


def bot(*parts: str, absent: Sequence[str] = ()) -> Bot:
    return Bot(parts, tuple(absent))


class Harness(Protocol):
    """What a platform's test bench can do. Every act returns when the bot is done with it."""

    async def say(self, who: str, text: str) -> None: ...
    async def react(self, who: str, emoji: str, *, on: str, removed: bool) -> None: ...
    async def press(self, who: str, label: str, typed: str) -> None: ...
    async def later(self, hours: float) -> None: ...
    async def spend(self, percent: int) -> None: ...
    def heard(self) -> str:
        """All the bot said or edited since the last act."""
        ...


async def play(harness: Harness, dialogue: Dialogue) -> None:  # noqa: C901 - a flat case per step
    """Raises AssertionError with the step that did not go as told."""
    for number, step in enumerate(dialogue.steps, start=1):
        match step:
            case Said():
                await harness.say(step.who, step.text)
            case Reacts():
                await harness.react(step.who, step.emoji, on=step.on, removed=step.removed)
            case Presses():
                await harness.press(step.who, step.label, step.typed)
            case Later():
                await harness.later(step.hours)
            case Spends():
                await harness.spend(step.percent)
            case Bot():
                said = harness.heard()
                where = f"{dialogue.name}, step {number}"
                for part in step.parts:
                    assert part in said, f"{where}: {part!r} is not in:\n{said}"
                for part in step.absent:
                    assert part not in said, f"{where}: {part!r} should not be in:\n{said}"
