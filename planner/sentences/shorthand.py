"""Ways of writing that stand for words: "w/o", "card / cash", "15.07.2024", "once each". Pure."""

import re
from typing import Final

_QUOTED: Final = re.compile(r"(“[^”]{0,400}”|\"[^\"\n]{0,400}\"|`[^`\n]{0,400}`)")
_WAYS: Final = (
    (re.compile(r"(?<![\w/])w/o(?![\w/])", re.IGNORECASE), "without"),
    (re.compile(r"(?<![\w/])w/(?=\s)", re.IGNORECASE), "with"),
    (re.compile(r"(?<=\w) / (?=\w)"), " or "),
)
_DAY: Final = re.compile(
    r"(?<![\d.])(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.((?:19|20)\d\d)(?!\d|\.\d)"
)
"""A day with dots is always said before its month."""


_ONCE: Final = re.compile(
    r"^(?P<asks>\W{0,9}(?:(?:please|can you|could you) )?(?:(?:list|show|give|name|print|get|display) )?(?:me |us )?)"
    r"(?P<every>(?:(?:all|the|each|every|of|our|my|any) )*)(?P<what>\w[\w-]{0,60}(?: (?!\w+ed\b)\w[\w-]{0,60})??(?: (?:in|from|of) \S{1,200}\.\w{2,7})?)[, ]{1,3}"
    r"(?:(?:only|just|but|exactly) )?(?:once(?: each| only)?|(?:with(?:out| no)|no) (?:any )?(?:repeats|repetitions?|duplicates|doubles))(?:[, ]+please)?\W*$",
    re.IGNORECASE,
)
_TELLS: Final = re.compile(r"\b(?:who|which|that|what|how|whose|when|with)\b", re.IGNORECASE)


def written_out(words: str) -> str:
    """The words with these written out; what is quoted stays."""
    once = _ONCE.match(words)
    if once and (once["asks"] or once["every"]) and not _TELLS.search(once["what"]):
        return written_out(f"{once['asks']}the distinct {once['what']}")
    parts = _QUOTED.split(words)
    return "".join(part if n % 2 else _out(part) for n, part in enumerate(parts))


def _out(words: str) -> str:
    for pattern, meant in _WAYS:
        words = pattern.sub(meant, words)
    return _DAY.sub(_iso, words)


def _iso(day: "re.Match[str]") -> str:
    return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
