"""Discord's text and ours: mentions in and out, and the names of threads."""

import re
from collections.abc import Callable
from typing import Final

_USER: Final = re.compile(r"<@!?(\d{1,20})>")


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
