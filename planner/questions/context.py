"""What a question is read against."""

from dataclasses import dataclass
from datetime import date

from memory.model.work.value import FileInfo, Trial
from planner.questions.asking import Questions
from planner.questions.sources import Link
from planner.questions.spec import QuerySpec


@dataclass(frozen=True)
class Context:
    """What a question is read against. `pinned` are the files it is about, where that is known."""

    every: tuple[FileInfo, ...]
    today: date
    questions: Questions
    pinned: tuple[FileInfo, ...] = ()
    stacked: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    earlier: QuerySpec | None = None
    facts: tuple[str, ...] = ()
    """What people taught about their words, oldest first."""
    change: bool = False
    """The words change the earlier question: they need not make one themselves."""
    preferred: frozenset[str] = frozenset()
    """Files that were used before."""
    trial: Trial | None = None
    """Tries readings on the files, where somebody can."""
