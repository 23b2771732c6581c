"""Discord's text and ours: mentions in and out, and splitting what is too long."""

import re
from collections.abc import Callable, Iterator
from typing import Final

PART_CHARS: Final = 1960
"""Discord takes 2000 characters; the rest is for the invisible key."""

_USER: Final = re.compile(r"<@!?(\d{1,20})>")
_FENCE: Final = re.compile(r"^[ \t]*(`{3,9}|~{3,9})[ \t]*([\w+-]{0,20})")


def mentioned(content: str) -> tuple[str, ...]:
    """The ids of the people mentioned, in order, each once."""
    return tuple(dict.fromkeys(_USER.findall(content)))


def readable(content: str, *, own: re.Pattern[str], name: Callable[[str], str]) -> str:
    """The words as said: without our own mention, with `@name` for the others."""
    text = re.sub(rf"[ \t]*(?:{own.pattern})[ \t]*", " ", content.replace("\x00", ""))
    return _USER.sub(lambda found: f"@{name(found[1])}", text).strip()


def thread_name(text: str) -> str:
    """A thread's name: the first words, at most 80 of the 100 characters Discord allows."""
    words = " ".join(text.split()) or "Request"
    if len(words) <= 80:
        return words
    return words[:79].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def split(text: str, limit: int = PART_CHARS) -> tuple[str, ...]:
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
        cut = limit if cut < 0 else cut
        yield line[:cut]
        line = line[cut:].removeprefix(" ")
    yield line
