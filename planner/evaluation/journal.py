"""Rows kept one by one, so that work that broke off goes on where it was."""

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
        found = [_row(line) for line in lines]
        rows = [row for row in found[1:] if row is not None] if found[:1] == [self._head] else []
        write_text(self._path, "".join(f"{json_line(row)}\n" for row in (self._head, *rows)))
        return rows

    def add(self, row: Row) -> None:
        """Keep a row. Raises BadInput where the disk refuses."""
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{json_line(row)}\n")
        except OSError as error:
            raise BadInput(
                "{path} cannot be written: {strerror}.", path=self._path, strerror=error.strerror
            ) from error

    def remove(self) -> None:
        """The work is done; nothing is left to go on with."""
        self._path.unlink(missing_ok=True)


def _row(line: str) -> Row | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
