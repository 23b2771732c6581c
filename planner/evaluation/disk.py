"""The files of an evaluation: read whole, written whole."""

import json
from pathlib import Path

from pydantic import JsonValue

from memory.model.errors import BadInput

READ_BYTES = 500_000_000
"""A file of 3,000 plans has 1 MB; beyond this the machine's memory is at stake."""


def read_text(path: Path) -> str:
    """The file's text. Raises BadInput where it is missing, too large or not UTF-8."""
    try:
        if path.stat().st_size > READ_BYTES:
            raise BadInput("{path} is larger than 500 MB; split it.", path=path)
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(
            "I can't read {path}: {reason}.", path=path, reason=error.strerror
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput("{path} isn't UTF-8 text.", path=path) from error


def write_text(path: Path, text: str) -> None:
    """Replace the file's text. Raises BadInput where the disk refuses."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(
            "I can't write {path}: {reason}.", path=path, reason=error.strerror
        ) from error


def json_line(row: dict[str, JsonValue]) -> str:
    """The row as one line of JSON."""
    return json.dumps(row, ensure_ascii=False)
