"""Words of a request that are to be written somewhere, and so order nothing themselves. Pure."""

import re
from typing import Final

_QUOTED: Final = re.compile(
    r"“[^“”]*”|\"[^\"\n]*\"|‘[^‘’]*’|`[^`]*`|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w))*'(?!\w)"
)
_CARRIED: Final = re.compile(
    r"\s*(?:please\s+|(?:can|could|would)\s+you\s+(?:please\s+)?)?(?:write|put|save|store|add|append|note|jot|create|make|start)\b"
    r"[^:\n]{0,120}\b(?:this|that|these|following|note|\w+\.\w{1,8}|with|saying|containing)\b[^:\n]{0,40}:(?:[ \t]|[ \t]*\n|$)|\s*note\s*:",
    re.IGNORECASE,
)
"""An order to write down what stands behind its colon."""


def masked(line: str) -> str:
    """The line with what is meant word for word made unreadable, place for place."""
    carried = _CARRIED.match(line)
    if carried:
        line = line[: carried.end()] + _mask(line[carried.end() :])
    return _QUOTED.sub(_hidden, line)


def _hidden(match: re.Match[str]) -> str:
    inside = match[0][1:-1]
    if "*" in inside:  # a cron expression
        return match[0]
    return f"{match[0][0]}{_mask(inside)}{match[0][-1]}"


def carries(line: str) -> bool:
    """Whether the line orders to write down what comes after it."""
    return _CARRIED.match(line) is not None


def _mask(words: str) -> str:
    return "·" * len(words)
