"""Which language words are in, and simple questions to data put into English. Pure.

Only what says how to count is put into English. What names columns and values stays as it is: the
reader of questions knows those, and common words for them, in these languages.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from memory.model.text import text
from planner.lexicon.words import word_set

_ENGLISH: Final = word_set(
    "the a an and of to in it by for from with total chart write load show is this that please file then "
    "does did are were who which what how many much people than our us we you at or not have had be been "
    "there any when where whose would can my"
)

_SPENT: Final = re.compile(
    r"\b(?:dépens|cout|coût|gast|cost|kost|ausgegeben|verbrauch|budget|agent|run|lauf)\w*",
    re.IGNORECASE,
)


def other_language(request: str) -> str:
    """A sentence that asks for English, or "" where the text may well be."""
    words = re.findall(r"[^\W\d_]+", request.casefold())
    if not words:
        return ""
    letters = "".join(words)
    foreign = sum(1 for letter in letters if ord(letter) > 0x2AF) > len(letters) / 3
    english = len(set(words) & _ENGLISH)
    best = max(len(set(words) & set(line.split())) for line in _tables()["known"].values())
    if not foreign and (best < 2 or best <= english):
        return ""
    return only_english()


def only_english() -> str:
    """The sentence that asks for English."""
    return text(
        "Without a language model I only read English. Say it in English, or set a model key and "
        "write in any language."
    )


def in_english(words: str, names: Collection[str]) -> str:
    """The question in English, as far as this goes; "" where it is none in one of the languages.

    `names` (in lower case) are those of columns, which stay as they are.
    """
    best, most = "", _english_words(words)
    for language in [name for name in _tables() if name != "known"]:
        said, hits, sure = _put(words, language, frozenset(names))
        if sure and hits > most:
            best, most = said, hits
    return best


def counts_in_groups(words: str) -> bool:
    """Whether it is a question in another language for a figure of each of something, and not for
    what the bot itself has cost.
    """
    grouped = re.search(r"\b(?:per|by) \w", in_english(words, ())) is not None
    return grouped and _SPENT.search(words) is None


def _english_words(request: str) -> int:
    """How many words of the request only English has."""
    return len(set(re.findall(r"[^\W\d_]+", request.casefold())) & (_ENGLISH - {"in", "a", "an"}))


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

    parts = re.split(r"(\"[^\"]*\"|“[^”]*”|(?<![\w./-])[\w./-]+\.\w{2,7}\b)", words)
    said = "".join(part if n % 2 else pattern.sub(put, part) for n, part in enumerate(parts))
    return said, hits, sure


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))


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
