"""Simple questions to data in German, French and Spanish: their turns of phrase in English. Pure.

Only what says how to count is put into English. What names columns and values stays as it is: the
reader of questions knows those, and common words for them, in these languages.
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from planner.offline.grammar.language import english_words

TABLE: Final = Path(__file__).with_suffix(".toml")


def in_english(words: str, names: Collection[str]) -> str:
    """The question in English, as far as this goes; "" where it is none in one of the languages.

    `names` (in lower case) are those of columns, which stay as they are.
    """
    best, most = "", english_words(words)
    for language in _tables():
        said, hits, sure = _put(words, language, frozenset(names))
        if sure and hits > most:
            best, most = said, hits
    return best


def _put(words: str, language: str, names: frozenset[str]) -> tuple[str, int, bool]:
    pattern, meanings = _compiled(language)
    hits, sure = 0, False

    def put(match: re.Match[str]) -> str:
        nonlocal hits, sure
        low = match.group().lower()
        if low in names:
            return match.group()
        english, telling = meanings[low]
        hits, sure = hits + 1, sure or telling
        return f"{english} " if low.endswith("'") else english

    parts = re.split(r"(\"[^\"]*\"|“[^”]*”|[\w./-]+\.\w{2,7}\b)", words)
    said = "".join(part if n % 2 else pattern.sub(put, part) for n, part in enumerate(parts))
    return said, hits, sure


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


@cache
def _compiled(language: str) -> tuple[re.Pattern[str], Mapping[str, tuple[str, bool]]]:
    """What finds the ways of saying, and of each its English and whether only data is asked so."""
    meanings = {
        way: (english, kind == "data")
        for kind, table in _tables()[language].items()
        for english, ways in table.items()
        for way in ways
    }
    longest = sorted(meanings, key=len, reverse=True)
    choice = "|".join(re.escape(way) + ("" if way.endswith("'") else r"\b") for way in longest)
    return re.compile(rf"\b(?:{choice})", re.IGNORECASE), meanings
