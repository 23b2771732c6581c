"""The drafter port: whoever turns words into a draft, with every way that can end."""

from dataclasses import dataclass
from typing import Protocol

from memory.model.base import Model
from memory.model.wires.turns import Given, Turn
from planner.draft import Draft
from planner.port import PlanRequest


@dataclass(frozen=True)
class Earlier:
    """What was drafted before and why it is drafted again: `problems`, or else new answers."""

    text: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drafted:
    """A draft, by whom, and what is worth saying beside the plan."""

    draft: Draft
    author: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Malformed:
    """An answer that is no draft; `problem` says why, for one more try."""

    text: str
    problem: str
    author: str


@dataclass(frozen=True)
class Refused:
    """The drafter will not plan this. `text` is for people."""

    text: str


@dataclass(frozen=True)
class Unreachable:
    """No drafter could be reached. `text` says which and why, for people."""

    text: str


Drafting = Drafted | Malformed | Refused | Unreachable


class Looked(Model):
    """What a model looked at before it drafts: its turns, and what each gave. Kept in checkpoints."""

    model: str = ""
    messages: tuple[Turn | Given, ...] = ()

    @property
    def turns(self) -> int:
        """How often it looked."""
        return sum(isinstance(message, Turn) for message in self.messages)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the looks gave."""
        return tuple(message.text for message in self.messages if isinstance(message, Given))


@dataclass(frozen=True)
class Wants:
    """It wants to look at something first: these uses of the model's turn."""

    model: str
    turn: Turn


class Looker(Protocol):
    """A drafter that may look at things before it drafts. Raises nothing but StorageTrouble."""

    async def look(
        self, request: PlanRequest, *, known: tuple[str, ...], looked: Looked
    ) -> Drafting | Wants:
        """Draft, or say what it wants to look at; after so many turns it has to draft."""
        ...

    async def again(self, request: PlanRequest, *, known: tuple[str, ...]) -> Drafting:
        """Draft anew without any look, by another model where there is one."""
        ...


class Drafter(Protocol):
    """Turns a request into a draft. Raises nothing: every ending is a value."""

    async def draft(
        self, request: PlanRequest, *, known: tuple[str, ...], earlier: Earlier | None
    ) -> Drafting:
        """Draft once. `known` are passages of the project that fit the request, as data."""
        ...
