"""Short orders that leave open what they are about: "improve this", "mach einen Bericht". Pure."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

MOST_WORDS: Final = 8
"""Longer orders say what they are about."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*['’]?")
_ELSE: Final = re.compile(r"[^\w\s.,!?'’-]|\d")
"""What names something: a number, a quote, a path."""


def open_order(words: str) -> str:
    """The order in English where a verb of making opens it and no word tells what it is about; "" for
    any other words.
    """
    line = " ".join(words.casefold().split()).strip(" .!?,")
    if _ELSE.search(line) or re.search(r"\w\.\w", line) or len(line.split()) > MOST_WORDS:
        return ""
    for language in ("", *(name for name in _tables() if name != "pools")):
        said = _in_english(line, language)
        if said and _begins(said) and set(said[1:]) <= _pool("light"):
            return " ".join(said)
    return ""


def _begins(said: list[str]) -> bool:
    """Whether a verb of making opens the words, or one of asking with what is wanted."""
    more = set(said[1:])
    wanted = said[0] in _pool("asking") and not _pool("nouns").isdisjoint(said)
    bare = said[0] == "make" and more <= _pool("pointing")  # "mach das" starts what waits
    return wanted or (bool(more) and said[0] in _pool("verbs") and not bare)


def _in_english(line: str, language: str) -> list[str]:
    """The words in English; none where the language doesn't know one of them."""
    if not language:
        return _WORD.findall(line)
    meanings = _meanings(language)
    said: list[str] = []
    place = 0
    while match := _WORD.search(line, place):
        more = _WORD.search(line, match.end())
        pair = f"{match[0]} {more[0]}" if more else ""
        known = pair if pair in meanings else match[0]
        if known not in meanings:
            return []
        said += meanings[known].split()
        place = more.end() if more and known == pair else match.end()
    return said


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("orders.toml").read_text(encoding="utf-8"))


@cache
def _pool(name: str) -> frozenset[str]:
    return frozenset(_tables()["pools"][name].split())


@cache
def _meanings(language: str) -> dict[str, str]:
    return {way: english for english, ways in _tables()[language].items() for way in ways}
