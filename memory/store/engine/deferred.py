"""What a transaction leaves for later: states, what follows for each run, news, the audit chain.

Thirty rows in one statement cost little more than a single one, and several tasks of a run that
end in one transaction need to be followed up only once.

Rows that every transaction adds would otherwise make them all wait for one another: each would
hold its place in the chain while it still does other work. Written last and under one lock, they
are also numbered in the order in which they are committed, so that a reader who keeps its place
by a number misses none.
"""

from collections.abc import Callable, Coroutine, Sequence
from enum import IntEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

OPTION: Final = "orchestra_later"
"""The execution option that carries a transaction's last words."""

_LOCK = sa.select(sa.func.pg_advisory_xact_lock(7_061_174))  # any number, always the same

Write = Callable[[AsyncConnection, Sequence[Any]], Coroutine[Any, Any, None]]


class Step(IntEnum):
    """The order of what is left for later. Any step may leave more, also for one before it."""

    STATE = 0
    """Rows that the next step reads."""
    FOLLOW = 1
    """What follows from what was done, for each run."""
    LAST = 2
    """Rows that nobody reads in this transaction."""


class Later:
    """Rows by the function that writes them; functions in the order in which they were named."""

    def __init__(self) -> None:
        self._rows: dict[Write, tuple[Step, list[Any]]] = {}
        self._then: list[Callable[[], None]] = []

    def add(self, write: Write, row: object, step: Step) -> None:
        """Have the row written at the end."""
        self._rows.setdefault(write, (step, []))[1].append(row)

    def then(self, call: Callable[[], None]) -> None:
        """Have this called when all of it is committed."""
        self._then.append(call)

    def committed(self) -> None:
        """Call what waited for the commit."""
        for call in self._then:
            call()

    async def flush(self, tx: AsyncConnection) -> None:
        """Write all of it, now that nothing else is left to do."""
        locked = tx.dialect.name != "postgresql"
        while self._rows:
            write = min(self._rows, key=lambda named: self._rows[named][0])
            step, rows = self._rows.pop(write)
            if step is Step.LAST and not locked:
                await tx.execute(_LOCK)
                locked = True
            await write(tx, rows)


async def at_end(tx: AsyncConnection, write: Write, row: object, step: Step = Step.LAST) -> None:
    """Have `write` called with this row, and others like it, right before the commit."""
    later = _later(tx)
    if later is not None:
        later.add(write, row, step)
    else:
        await write(tx, [row])


def after_commit(tx: AsyncConnection, call: Callable[[], None]) -> None:
    """Have this called, in whatever thread, once the transaction has happened; else never."""
    later = _later(tx)
    if later is None:
        raise RuntimeError("only a transaction of the database has something after it")
    later.then(call)


def _later(tx: AsyncConnection) -> Later | None:
    found = tx.sync_connection.get_execution_options().get(OPTION) if tx.sync_connection else None
    return found if isinstance(found, Later) else None
