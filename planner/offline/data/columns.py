"""Words of a request to columns of a file: by name, near name, or a value seen in it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from memory.model.base import name_key
from memory.model.work.value import Column, FileInfo

SYNONYMS: tuple[frozenset[str], ...] = (
    frozenset({"revenue", "sale", "turnover", "income", "amount", "net", "gross", "total"}),
    frozenset({"quantity", "qty", "unit", "piece", "volume", "number"}),
    frozenset({"customer", "client", "buyer", "account"}),
    frozenset({"price", "cost", "fee", "charge", "expense"}),
    frozenset({"product", "item", "article", "sku"}),
    frozenset({"date", "day", "time", "timestamp", "created"}),
    frozenset({"region", "area", "territory", "zone", "country"}),
    frozenset({"employee", "person", "staff", "worker", "name"}),
    frozenset({"category", "type", "kind", "group", "segment"}),
    frozenset({"salary", "wage", "pay", "income"}),
)
NEAR = 0.82
"""How alike two spellings must be to be taken for one."""


def plain(text: str) -> str:
    """Words in lower case without plural, parted by single blanks: "Unit_Prices" → "unit price"."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    words = re.split(r"[\W_]+", name_key(parted))
    return " ".join(_singular(word) for word in words if word)


@dataclass(frozen=True)
class Match:
    """A column for a phrase. `sure` is False where a person should be asked."""

    column: Column
    sure: bool


def find_column(phrase: str, columns: Sequence[Column]) -> Match | None:
    """The column the phrase names: the same name, its only name with these words, a near spelling."""
    wanted = plain(phrase)
    if not wanted:
        return None
    by_name = [(plain(column.name), column) for column in columns]
    exact = [column for name, column in by_name if name == wanted]
    if exact:
        literal = [column for column in exact if name_key(column.name) == name_key(phrase)]
        return Match((literal or exact)[0], sure=len(exact) == 1 or len(literal) == 1)
    words = set(wanted.split())
    holding = [column for name, column in by_name if words <= set(name.split())]
    if len(holding) == 1:
        return Match(holding[0], sure=True)
    if holding:
        return Match(holding[0], sure=False)
    near = sorted(by_name, key=lambda pair: -_alike(wanted, pair[0]))
    if near and len(wanted) > 3 and _alike(wanted, near[0][0]) >= NEAR:
        return Match(near[0][1], sure=True)
    return None


def like_named(phrase: str, columns: Sequence[Column]) -> Column | None:
    """A column of another name that may mean the same, to be offered, never taken silently."""
    words = set(plain(phrase).split())
    for column in columns:
        names = set(plain(column.name).split())
        if any(words & group and names & group for group in SYNONYMS):
            return column
    return None


def numeric(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Those that can be added up, identifiers last."""
    usable = [column for column in columns if column.numeric]
    return tuple(sorted(usable, key=lambda column: is_id(column.name)))


def dated(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Those that hold dates, by type or by name and look."""
    return tuple(column for column in columns if is_date(column))


def is_date(column: Column) -> bool:
    """Whether the values are days or moments."""
    if column.type.upper().startswith(("DATE", "TIMESTAMP")):
        return True
    seen = [sample for sample in column.samples if sample]
    return (
        column.type.upper().startswith("VARCHAR")
        and bool(seen)
        and all(re.match(r"\d{4}-\d{2}-\d{2}", sample) for sample in seen)
    )


def holding_value(value: str, columns: Sequence[Column]) -> tuple[tuple[Column, str], ...]:
    """Columns in which this value was seen, with its spelling there."""
    wanted = name_key(value)
    return tuple(
        (column, sample)
        for column in columns
        for sample in column.samples
        if name_key(sample) == wanted
    )


def column_file(phrase: str, files: Sequence[FileInfo]) -> FileInfo | None:
    """The file that has a column of this name."""
    return next((one for one in files if find_column(phrase, one.columns)), None)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def is_id(name: str) -> bool:
    """Whether the column's name says that its numbers name something and are not amounts."""
    return is_key(name) or plain(name) in _PLACES or plain(name).split()[-1:] == ["year"]


def is_key(name: str) -> bool:
    """Whether the column's name says that it names a thing, so that files can be joined by it."""
    return plain(name).split()[-1:] in _KEYS


_KEYS = [["id"], ["key"], ["code"], ["zip"], ["zipcode"], ["postcode"], ["uuid"], ["sku"]]
_PLACES = frozenset({"index", "row", "number"})
