"""Words of a request to columns of a file: by name, near name, or a value seen in it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from memory.model.base import name_key
from memory.model.work.value import Column
from planner.offline.grammar.words import word_set

SYNONYMS: tuple[frozenset[str], ...] = (
    word_set("revenue sale turnover income amount net gross total"),
    word_set("quantity qty unit piece volume number"),
    word_set("customer client buyer account"),
    word_set("price cost fee charge expense"),
    word_set("product item article sku"),
    word_set("date day time timestamp created"),
    word_set("region area territory zone country"),
    word_set("employee person staff worker name"),
    word_set("category type kind group segment"),
    word_set("salary wage pay income"),
)
NEAR = 0.82
"""How alike two spellings must be to be taken for one."""
LONGEST = 3
"""The most words a column's name has in a sentence."""
_KEYS = word_set("id key code zip zipcode postcode uuid sku")
_PLACES = word_set("index row number")


def plain(text: str) -> str:
    """Words in lower case without plural, parted by single blanks: "Unit_Prices" → "unit price"."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return " ".join(_singular(word) for word in re.split(r"[\W_]+", name_key(parted)) if word)


@dataclass(frozen=True)
class Match:
    """A column for a phrase. `sure` is False where a person should be asked."""

    column: Column
    sure: bool


def find_column(phrase: str, columns: Sequence[Column]) -> Match | None:
    """The column the phrase names: the same name, its only name with these words, a near spelling."""
    wanted = plain(phrase)
    names = [(plain(column.name), column) for column in columns] if wanted else []
    exact = [column for name, column in names if name == wanted]
    same = [column for column in exact if name_key(column.name) == name_key(phrase)]
    holding = [column for name, column in names if set(wanted.split()) <= set(name.split())]
    named = same or exact or holding
    return Match(named[0], sure=len(named) == 1) if named else _near(wanted, names)


def _near(wanted: str, names: Sequence[tuple[str, Column]]) -> Match | None:
    alike = [(SequenceMatcher(None, wanted, name).ratio(), column) for name, column in names]
    best, column = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    close = column is not None and best >= NEAR and len(wanted) > 3
    return Match(column, sure=True) if column is not None and close else None


def sure_column(phrase: str, columns: Sequence[Column]) -> Column | None:
    """The column the phrase names, where there is no doubt."""
    match = find_column(phrase, columns)
    return match.column if match is not None and match.sure else None


def column_at(words: Sequence[str], columns: Sequence[Column]) -> tuple[Column | None, int]:
    """The column whose name the words begin with, the longest name first, and its length."""
    for count in range(min(LONGEST, len(words)), 0, -1):
        column = sure_column(" ".join(words[:count]), columns)
        if column is not None:
            return column, count
    return None, 1


def like_named(phrase: str, columns: Sequence[Column]) -> Column | None:
    """A column of another name that may mean the same, to be offered, never taken silently."""
    asked = set(plain(phrase).split())
    for column in columns:
        names = set(plain(column.name).split())
        if any(asked & group and names & group for group in SYNONYMS):
            return column
    return None


def numeric(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Those that can be added up, identifiers last."""
    usable = [column for column in columns if column.numeric]
    return tuple(sorted(usable, key=lambda column: is_id(column.name)))


def is_date(column: Column) -> bool:
    """Whether the values are days or moments, by type or by the look of those seen."""
    kind = column.type.upper()
    seen = [sample for sample in column.samples if sample]
    look = bool(seen) and all(re.match(r"\d{4}-\d{2}-\d{2}", sample) for sample in seen)
    return kind.startswith(("DATE", "TIMESTAMP")) or (kind.startswith("VARCHAR") and look)


def holding_value(value: str, columns: Sequence[Column]) -> tuple[tuple[Column, str], ...]:
    """Columns in which this value was seen, with its spelling there."""
    wanted = name_key(value)
    return tuple(
        (column, sample)
        for column in columns
        for sample in column.samples
        if name_key(sample) == wanted
    )


def is_id(name: str) -> bool:
    """Whether the column's name says that its numbers name something and are not amounts."""
    return is_key(name) or plain(name) in _PLACES or plain(name).split()[-1:] == ["year"]


def is_key(name: str) -> bool:
    """Whether the column's name says that it names a thing, so that files can be joined by it."""
    return bool(_KEYS.intersection(plain(name).split()[-1:]))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
