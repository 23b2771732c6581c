"""The engine port: a durable queue that hands each ticket to one worker at a time."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from memory.store.engine.database import Connection


@dataclass(frozen=True)
class Ticket:
    """One attempt to be made: `id` is unique for ever, `lane` is whose limit it counts in.

    Of those in a lane the one with the lowest `turn` goes first (1 to 2,147,483,647).
    """

    id: str
    lane: str
    delay_s: float = 0.0
    turn: int = 1


Work = Callable[[str], Awaitable[None]]
"""Does the ticket with this id. It is called again for a ticket whose worker died."""


class Engine(Protocol):
    """Keeps tickets until they are worked off, across restarts and deaths of workers."""

    @property
    def worker(self) -> str:
        """The name of this worker, new at every start: host:pid:uuid."""
        ...

    @property
    def holds(self) -> bool:
        """Whether what this worker does is its own still: False where others may have it."""
        ...

    @property
    def doing(self) -> frozenset[str]:
        """The tickets this worker does now."""
        ...

    async def open(self, work: Work, *, lost: Callable[[], None]) -> None:
        """Begin to hand out tickets. `lost` is called when others may have taken our work."""
        ...

    async def enqueue(self, tx: Connection, tickets: Sequence[Ticket]) -> None:
        """Keep the tickets, in the caller's transaction. A known id is kept once."""
        ...

    def room(self, wanted: int) -> int:
        """How many of so many tickets this worker has room to begin itself, and at once."""
        ...

    def begin(self, tx: Connection, tickets: Sequence[Ticket]) -> None:
        """Begin the tickets here, without the queue, when the transaction has happened.

        Nothing else keeps them: it must write attempts that name this worker, so that others
        find them when it dies.
        """
        ...

    async def drain(self, within_s: float) -> None:
        """Hand out nothing more, and wait for what is under way, but no longer than that."""
        ...

    async def close(self) -> None:
        """Stop handing out. Work under way is cancelled, and taken up at the next start."""
        ...
