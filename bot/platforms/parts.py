"""Splitting a text that is too long for one message or block."""

import re
from collections.abc import Iterator
from typing import Final

_FENCE: Final = re.compile(r"^[ \t]*(`{3,9}|~{3,9})[ \t]*([\w+-]{0,20})")


def split(text: str, limit: int) -> tuple[str, ...]:
    """The text in parts of at most `limit` characters, cut between paragraphs where possible.

    A code fence is not cut unless it alone is too long; then it is closed and opened again.
    """
    parts: list[str] = []
    open_part = ""
    for block in _blocks(text):
        joined = f"{open_part}\n{block}" if open_part else block
        if len(joined) <= limit:
            open_part = joined
            continue
        if open_part.strip():
            parts.append(open_part.strip("\n"))
        *full, open_part = _cut(block, limit)
        parts.extend(full)
    if open_part.strip() or not parts:
        parts.append(open_part.strip("\n"))
    return tuple(parts)


def _blocks(text: str) -> Iterator[str]:
    """Lines, and fences whole."""
    fence: list[str] = []
    closing = ""
    for line in text.split("\n"):
        if fence:
            fence.append(line)
            if line.strip().startswith(closing):
                yield "\n".join(fence)
                fence = []
        elif found := _FENCE.match(line):
            fence, closing = [line], found[1]
        else:
            yield line
    if fence:
        yield "\n".join(fence)


def _cut(block: str, limit: int) -> Iterator[str]:
    found = _FENCE.match(block)
    if found is None or len(block) <= limit:
        yield from _wrapped(block, limit)
        return
    mark, language = found[1], found[2]
    body = block.split("\n")[1:]
    if body and body[-1].strip().startswith(mark):
        body.pop()
    room = limit - len(language) - 2 * len(mark) - 2
    for piece in _gathered([part for line in body for part in _wrapped(line, room)], room):
        yield f"{mark}{language}\n{piece}\n{mark}"


def _gathered(lines: list[str], room: int) -> Iterator[str]:
    gathered = ""
    for number, line in enumerate(lines):
        joined = f"{gathered}\n{line}" if number else line
        if len(joined) <= room:
            gathered = joined
            continue
        yield gathered
        gathered = line
    yield gathered


def _wrapped(line: str, limit: int) -> Iterator[str]:
    while len(line) > limit:
        cut = line.rfind(" ", limit // 2, limit)
        cut = _whole(line, limit) if cut < 0 else cut
        yield line[:cut]
        line = line[cut:].removeprefix(" ")
    yield line


def _whole(line: str, limit: int) -> int:
    """A cut that leaves `&amp;` and `<…>` whole."""
    for opening, closing in (("&", ";"), ("<", ">")):
        start = line.rfind(opening, max(0, limit - 300), limit)
        if start > 0 and closing not in line[start:limit]:
            return start
    return limit
