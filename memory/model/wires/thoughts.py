"""Thoughts that a model writes before its answer, taken off. Pure."""

import re

_BLOCK = re.compile(
    r"\A\s*<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z)\s*", re.DOTALL | re.IGNORECASE
)
_CLOSED_ONLY = re.compile(
    r"\A.*?^[ \t]*</(?:think|thinking)>[ \t]*$\s*", re.DOTALL | re.IGNORECASE | re.MULTILINE
)
_OPENED = re.compile(r"<(?:think|thinking)>", re.IGNORECASE)


def without_thoughts(text: str) -> str:
    """The answer behind `<think>…</think>`; "" where the thoughts never end.

    Where a chat template wrote the opening tag, only the closing one comes, on a line of its own.
    """
    while (block := _BLOCK.match(text)) is not None:
        text = text[block.end() :]
    closed = _CLOSED_ONLY.match(text)
    if closed is not None and not _OPENED.search(text, 0, closed.end()):
        return text[closed.end() :]
    return text
