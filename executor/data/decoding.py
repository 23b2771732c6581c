"""Bytes to text: which encoding it was, or one sentence that it is no text."""

from contextlib import suppress
from dataclasses import dataclass

from memory.model.errors import BadInput

PROBE_BYTES = 8192
CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})
CONTROLS_ALLOWED = 0.01


@dataclass(frozen=True)
class Decoded:
    """A text and the encoding it was read by."""

    text: str
    encoding: str


def decode(data: bytes, *, name: str) -> Decoded:
    """The text of a file: UTF-8, UTF-16 by its mark, else Windows-1252 (the usual third).

    Raises BadInput for what is not text.
    """
    for encoding in _encodings(data):
        with suppress(UnicodeDecodeError):
            return Decoded(data.decode(encoding), encoding)
    raise BadInput("{name} isn't a text file. Name one that holds text.", name=name)


def _encodings(data: bytes) -> tuple[str, ...]:
    """Those to try. Five bytes mean nothing in Windows-1252; Latin-1 reads all of them."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if _is_binary(data[:PROBE_BYTES]):
        return ()
    marked = data.startswith(b"\xef\xbb\xbf")
    return ("utf-8-sig" if marked else "utf-8", "cp1252", "latin-1")


def _is_binary(head: bytes) -> bool:
    odd = sum(head.count(control) for control in CONTROLS)
    return b"\x00" in head or odd > CONTROLS_ALLOWED * len(head)
