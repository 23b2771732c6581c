"""Lines of a script, from a file or a pipe, whatever is in it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from bot.language.words import clean
from memory.model.errors import BadInput
from memory.model.limits import REQUEST_CHARS

LINE_BYTES = 4 * REQUEST_CHARS
"""More than the longest request in UTF-8; what follows is skipped without being kept."""


def open_script(path: Path) -> BinaryIO:
    """The script's bytes. Raises BadInput where there is no such file or it cannot be read."""
    try:
        if path.is_dir():
            raise BadInput("{path} is a folder, but --script needs a text file.", path=path)
        return path.open("rb")
    except OSError as error:
        raise BadInput(
            "The script {path} can't be read: {reason}.", path=path, reason=error.strerror
        ) from error


async def lines(stream: BinaryIO) -> AsyncIterator[str]:
    """Every line that has something in it, without its end.

    Bytes that are not UTF-8 become "�". A line longer than a request may be comes cut, still
    too long, so that whoever reads it can say so. Raises BadInput for what is not text.
    """
    first = True
    while True:
        data = await asyncio.to_thread(_line, stream)
        if not data:
            return
        if data.count(b"\x00") * 10 > len(data):
            raise BadInput("That script isn't a text file. Save it as UTF-8, one message per line.")
        text = data.decode("utf-8-sig" if first else "utf-8", errors="replace")
        first = False
        line = clean(text).strip()
        if line:
            yield line


def _line(stream: BinaryIO) -> bytes:
    """One line; of a longer one the first LINE_BYTES, the rest read and dropped."""
    data = stream.readline(LINE_BYTES)
    rest = data
    while rest and not rest.endswith(b"\n") and len(rest) >= LINE_BYTES:
        rest = stream.readline(LINE_BYTES)
    return data
