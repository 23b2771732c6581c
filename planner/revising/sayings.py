"""Changes of a plan said in other words, or in another language, put as the edits read them. Pure."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from memory.model.patterns import short

_LEAD: Final = re.compile(
    r"(?:(?:hm+|oh|well|actually|wait|and|now|then|ok(?:ay)?|but|so|please|yes|no|also|und|jetzt|dann|bitte|aber|et|maintenant|"
    r"puis|mais|y|ahora|pero|luego|put|show|with|lieber|doch|plutôt|mejor|rather|prefer)[, ]+)+",
    re.IGNORECASE,
)
_TRAIL: Final = short(
    r"[\s,]+(?:please|pls|thanks|instead|then|bitte|stattdessen|s'il (?:te|vous) plaît|svp|por favor|too|as well)$",
    re.IGNORECASE,
    most=400,
)
MOST_CHARS: Final = 120


def plainly(clause: str) -> str:
    """The change as it is usually said; "" where it is said no other way here."""
    if len(clause) > MOST_CHARS:
        return ""
    line = " ".join(clause.replace("’", "'").strip(" ?.!,").split())
    bare = _TRAIL.sub("", _LEAD.sub("", line, count=1) if _LEAD.match(line) else line)
    for plain, pattern in _sayings():
        found = pattern.fullmatch(bare) or pattern.fullmatch(line)
        if found is not None:
            return plain.format(*(group for group in found.groups() if group))
    return ""


@cache
def _sayings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    path = Path(__file__).with_name("sayings.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple((plain, _pattern(ways)) for plain, ways in table.items())


def _pattern(ways: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{way})" for way in ways), re.IGNORECASE)
