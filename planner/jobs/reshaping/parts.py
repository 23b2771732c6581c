"""A request cut into typed parts: the files, columns and numbers it names, and its other words. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from memory.model.work.value import Column, FileInfo
from planner.jobs.making import Making
from planner.jobs.wording import bare
from planner.lexicon.words import NUMBERS, number, word_set
from planner.names import DATA, FORMATS, is_data

_TO: Final = word_set("as to into called named under save keep store write export")
_SAVES: Final = word_set("save keep store write export")
_NUMBER: Final = re.compile(rf"\d[\d,]*|{'|'.join(NUMBERS)}", re.IGNORECASE)
_STEM: Final = 4
"""Letters from which on a word's beginning stands for it."""
_LONGEST: Final = 4
"""Words of a column's name that are looked at together."""


@dataclass(frozen=True)
class Parts:
    """What the words hold. `columns` are those of `tables`, each with the words that name it."""

    tables: tuple[FileInfo, ...]
    out: str = ""
    """Where the result is to go; "" where that isn't said."""
    ending: str = ""
    """The ending of the format that is named, "" for none."""
    columns: tuple[Column, ...] = ()
    number: int | None = None
    words: tuple[str, ...] = ()
    """What is left, in small letters."""


def parts(making: Making, words: str, known: Collection[str]) -> Parts | None:
    """The parts of the words; None where they name a file that isn't there, or no table.

    `known` are words that say something by themselves and are no part of a column's name.
    """
    tokens = [token.strip("“”\"'`,;:!?()").removesuffix(".") for token in bare(words).split()]
    left: list[str] = []
    tables: list[FileInfo] = []
    out = ""
    for place, token in enumerate(tokens):
        before = tokens[place - 1].casefold() if place else ""
        found = making.called(token) if _is_path(token) else []
        if out or (token and not _is_path(token)):
            left.append(token)
        elif len(found) == 1 and found[0].columns and not (tables and _goes_to(tokens, place)):
            tables.append(found[0])
        elif is_data(token) and (before in _TO or tables):
            out = token
        elif token:
            return None
    tables = tables or list(_by_stem(making, left))
    if not tables and not any(file.columns for file in making.request.readable):
        return None
    columns, left = _named(left, tables, known)
    return _parts(tuple(dict.fromkeys(tables)), out, columns, left)


def bases(word: str) -> tuple[str, ...]:
    """The word and what it may come from: "divided", "splitting", "monthly"."""
    stems = [
        word[: -len(ending)] for ending in ("ed", "d", "ing", "s", "ly") if word.endswith(ending)
    ]
    short = [stem[:-1] for stem in stems if stem[-2:-1] == stem[-1:]]
    return (word, *stems, *short, *(f"{stem}e" for stem in stems))


def _parts(
    tables: tuple[FileInfo, ...], out: str, columns: Sequence[Column], left: Sequence[str]
) -> Parts:
    lows = [word.casefold() for word in left]
    counted = [word for word in lows if _NUMBER.fullmatch(word) and word != "one"]
    rest = tuple(word for word in lows if word not in counted and word not in FORMATS and word)
    formats = ["file" for word in lows if word in FORMATS]
    return Parts(
        tables=tables,
        out=out,
        ending=next((FORMATS[word] for word in lows if word in FORMATS), ""),
        columns=tuple(dict.fromkeys(columns)),
        number=number(counted[0]) if len(counted) == 1 else None,
        words=(*rest, *formats, *(counted if len(counted) > 1 else ())),
    )


def _is_path(token: str) -> bool:
    """Whether it is written like a file's name."""
    suffix = PurePosixPath(token).suffix.casefold()
    return bool(suffix[1:].isalnum() and (suffix in DATA or not suffix[1:].isdigit()))


def _goes_to(tokens: Sequence[str], place: int) -> bool:
    """Whether a result is said to go there: "save it in x.csv"."""
    before = [token.casefold() for token in tokens[max(0, place - 4) : place]]
    return bool(before) and bool(_SAVES.intersection(before)) and before[-1] in {*_TO, "in", "at"}


def _by_stem(making: Making, left: list[str]) -> Iterator[FileInfo]:
    """Tables that are named without their ending; their words are taken out of `left`."""
    for token in tuple(left):
        found = [file for file in making.called(token) if file.columns]
        if len(found) == 1:
            left.remove(token)
            yield found[0]


def _named(
    left: list[str], tables: Sequence[FileInfo], said: Collection[str]
) -> tuple[list[Column], list[str]]:
    """The columns that the words name, the longest names first, and the words without them."""
    known = {_key(column.name): column for file in reversed(tables) for column in file.columns}
    found: list[Column] = []
    rest: list[str] = []
    place = 0
    while place < len(left):
        for size in range(min(_LONGEST, len(left) - place), 0, -1):
            column = known.get(_key(" ".join(left[place : place + size])))
            if column is not None:
                found.append(column)
                place += size
                break
        else:
            rest.append(left[place])
            place += 1
    for word in tuple(rest):
        near = [c for name, c in known.items() if _is_part(_key(word), name)]
        if word.casefold() not in said and len(near) == 1:
            found += near
            rest.remove(word)
    return found, rest


def _is_part(said: str, name: str) -> bool:
    """Whether each word is one of the name's, or begins one: "sign up" and signed up."""
    words = name.split()
    return bool(said) and all(
        any(part == word or (len(part) >= _STEM and word.startswith(part)) for word in words)
        for part in said.split()
    )


def _key(name: str) -> str:
    """The name's words without case, marks and the ending of a plural."""
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold())
    return " ".join(_single(word) for word in words)


def _single(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
