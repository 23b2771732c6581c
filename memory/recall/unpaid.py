"""Rows that are in no index since their project's budgets had no room for embedding them."""

from collections.abc import Iterable

from memory.model.base import ProjectId
from memory.recall.sources import Entry


class Unpaid:
    """Of one table: which rows of which project. What is kept here is lost with the process, so
    `place` says from where to read again.
    """

    def __init__(self) -> None:
        self._rows: dict[ProjectId, dict[str, int]] = {}

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._rows)

    def add(self, rows: Iterable[Entry]) -> None:
        """They were not embedded."""
        for row in rows:
            self._rows.setdefault(row.project, {})[row.id] = row.seq

    def done(self, project: ProjectId, ids: Iterable[str]) -> None:
        """They were embedded, or are gone."""
        rows = self._rows.get(project, {})
        for row in ids:
            rows.pop(row, None)
        if not rows:
            self._rows.pop(project, None)

    def some(self, most: int) -> dict[ProjectId, list[str]]:
        """The ids of up to so many rows of each project, oldest first."""
        return {
            project: sorted(rows, key=rows.__getitem__)[:most]
            for project, rows in self._rows.items()
        }

    def place(self, place: int, project: ProjectId | None = None) -> int:
        """How far the index has read without a hole: for this project, or for all."""
        found = (
            seq
            for owner, rows in self._rows.items()
            if project in {None, owner}
            for seq in rows.values()
        )
        return min(place, min(found, default=place + 1) - 1)

    def clear(self) -> None:
        """All of them are read anew."""
        self._rows.clear()
