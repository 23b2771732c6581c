"""Rows kept one by one, so that interrupted work continues where it stopped."""

import json
from pathlib import Path

from pydantic import JsonValue

from memory.model.base import sha256
from memory.model.errors import BadInput
from planner.evaluation.disk import json_line, read_text, write_text

Row = dict[str, JsonValue]


class Journal:
    """A file of rows that belongs to certain inputs: with others it begins afresh."""

    def __init__(self, path: Path, *inputs: object) -> None:
        self._path = path
        self._head: Row = {"of": sha256(repr(inputs).encode())}

    def resume(self) -> list[Row]:
        """The rows kept so far; call it before the first `add`.

        A line that a crash cut short is dropped. Raises BadInput where the disk refuses.
        """
        lines = read_text(self._path).split("\n") if self._path.exists() else []
        head, *rest = map(_row, lines or [""])
        rows = [row for row in rest if row is not None] if head == self._head else []
        write_text(self._path, "".join(f"{json_line(row)}\n" for row in (self._head, *rows)))
        return rows

    def add(self, row: Row) -> None:
        """Keep a row. Raises BadInput where the disk refuses."""
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{json_line(row)}\n")
        except OSError as error:
            raise BadInput(
                "I can't write {path}: {reason}.", path=self._path, reason=error.strerror
            ) from error

    def remove(self) -> None:
        """Delete the file: the work is done."""
        self._path.unlink(missing_ok=True)


def _row(line: str) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
