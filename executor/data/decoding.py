"""Bytes to text: which encoding it was, or one sentence that it is no text."""

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
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16", name)
    if _is_binary(data[:PROBE_BYTES]):
        raise BadInput("{name} isn't a text file. Name one that holds text.", name=name)
    try:
        encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; Latin-1 reads them, so nothing is lost.
        try:
            return Decoded(data.decode("cp1252"), "cp1252")
        except UnicodeDecodeError:
            return Decoded(data.decode("latin-1"), "latin-1")


def _strict(data: bytes, encoding: str, name: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        raise BadInput("{name} isn't a text file. Name one that holds text.", name=name) from error


def _is_binary(head: bytes) -> bool:
    odd = sum(head.count(control) for control in CONTROLS)
    return b"\x00" in head or odd > CONTROLS_ALLOWED * len(head)
