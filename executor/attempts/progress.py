"""What agents say while they work: the last words of each, stored at most every two seconds.

The words are text from outside. They are masked and cut here, and shown as code.
"""

from typing import Final

from executor.parts import Parts
from memory.model.events import TaskSaid
from memory.store.running import attempts
from memory.store.running.attempts import Attempt
from memory.store.traffic import news

SAY_S: Final = 2.0
"""How often what was said last is stored."""

CHARS: Final = 120


async def tell(parts: Parts) -> None:
    """Store the last words of each attempt this process works on, replacing its previous ones.

    Raises StorageTrouble; those words aren't shown then.
    """
    for attempt, text in parts.voices.take():
        if line := words(parts, text):
            await _store(parts, attempt, line)


def words(parts: Parts, text: str) -> str:
    """One line without secrets. Invisible signs go first: they could split a secret."""
    visible = "".join(sign if sign.isprintable() else " " * sign.isspace() for sign in text)
    line = " ".join(parts.hooks.redact(visible).split())
    return line if len(line) <= CHARS else line[: CHARS - 1].rstrip() + "…"


async def _store(parts: Parts, attempt: Attempt, text: str) -> None:
    said = TaskSaid(run=attempt.run, task=attempt.task, attempt=attempt.number, text=text)
    async with parts.database.transaction() as tx:
        if await attempts.is_with(tx, attempt.id, parts.engine.worker):
            await news.tell_last(tx, attempt.project, said, at=parts.clock.now())
