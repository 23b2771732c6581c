"""What a column holds: a key, a code, a date, an amount … by its name, type and what was seen. Pure."""

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import PurePosixPath

from memory.model.work.value import Column, FileInfo
from planner.questions.kept import kept
from planner.questions.words import lexicon
from planner.questions.words.lexicon import concept, folded, parts, plain, singular, word_set
from planner.questions.words.short import long

COLUMNS, FILES = 20_000, 2_000
"""Of how many it is kept what they are."""


class Role(StrEnum):
    """What the values of a column are."""

    KEY = "key"
    CODE = "code"
    YEAR = "year"
    PHONE = "phone"
    ZIP = "zip"
    DATE = "date"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    PRICE = "price"
    RATE = "rate"
    SCORE = "score"
    MEASURED = "measured"
    AGE = "age"
    PAY = "pay"
    DURATION = "duration"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CATEGORY = "category"
    NAME = "name"
    TEXT = "text"


NAMING = frozenset({Role.KEY, Role.CODE, Role.YEAR, Role.PHONE, Role.ZIP})
"""Their numbers name something: counted, never added up."""
ADDED = frozenset({Role.AMOUNT, Role.QUANTITY})
"""Added up where no function is said."""
AVERAGED = frozenset({Role.PRICE, Role.RATE, Role.SCORE, Role.MEASURED, Role.AGE})
"""Averaged where no function is said: their sum means nothing."""
OPEN = frozenset({Role.PAY, Role.DURATION, Role.NUMBER})
"""Total and average both make sense, so that one is asked for."""
MEASURES = ADDED | AVERAGED | OPEN

FEW = 9
"""Of so few rows nobody can tell whether what differs in all of them names them."""
_TRUTHS = (
    {"yes", "no"}, {"true", "false"}, {"y", "n"}, {"ja", "nein"}, {"t", "f"}, {"si", "no"}, {"oui", "non"},
)  # fmt: skip
TRUE = frozenset({"yes", "true", "y", "ja", "t", "1", "si", "oui"})
_NUMERIC_ROLES = (
    (lexicon.RATE_WORDS, Role.RATE),
    (lexicon.PRICE_WORDS, Role.PRICE),
    (lexicon.AGE_WORDS, Role.AGE),
    (lexicon.SCORE_WORDS, Role.SCORE),
    (lexicon.PAY_WORDS, Role.PAY),
    (lexicon.AMOUNT_WORDS, Role.AMOUNT),
    (lexicon.MEASURED_WORDS, Role.MEASURED),
    (lexicon.QUANTITY_WORDS, Role.QUANTITY),
    (lexicon.DURATION_WORDS, Role.DURATION),
)
_DAY = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}([T ]\d.*)?$|\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})( \d.*)?$|\d{4}/\d{1,2}/\d{1,2}$"
)


@kept(COLUMNS)
def role_of(column: Column, rows: int | None = None) -> Role:
    """The role of a column; `rows`: how many rows its file has."""
    words = words_of(column)
    named = set(words)
    kind = column.type.upper()
    if kind.startswith(("DATE", "TIMESTAMP")):
        return Role.DATE
    if kind == "BOOLEAN" or is_truth(column):
        return Role.BOOLEAN
    if kind.startswith("VARCHAR") and looks_like_dates(column):
        return Role.DATE
    naming = _naming(words, named)
    if column.numeric:
        return naming or _number_role(column, words, named, rows)
    if kind.startswith("TIME"):
        return Role.TEXT
    return naming or _text_role(column, named, rows)


@kept(COLUMNS)
def words_of(column: Column) -> tuple[str, ...]:
    """The words of its name, short ones at length."""
    if column.numeric:
        return parts(column.name, "number")
    dated = column.type.upper().startswith(("DATE", "TIMESTAMP")) or looks_like_dates(column)
    return parts(column.name, "date" if dated else "text")


def _naming(words: Sequence[str], named: set[str]) -> Role | None:
    if named & lexicon.PHONE_WORDS:
        return Role.PHONE
    if named & lexicon.ZIP_WORDS:
        return Role.ZIP
    ends = {words[-1], words[0]} if words else set()
    if ends & lexicon.CODE_WORDS:
        return Role.CODE
    if words[-1:] and words[-1] in lexicon.KEY_WORDS:
        return Role.KEY
    return Role.KEY if words[:1] == ("id",) else None


_WHOLE_UNITS = word_set("kg km ton tonne litre liter mile gram kilo kwh piece")
"""A column with just such a name holds how much there was of something."""
_SPANS = word_set("days weeks months minutes seconds hours tage wochen monate minuten jours dias")
"""How long something took; in the singular they say when it was."""


def _number_role(column: Column, words: Sequence[str], named: set[str], rows: int | None) -> Role:
    last = words[-1] if words else ""
    thing = lexicon.concept(last) in _THINGS and _is_whole(column) and not _counts(column)
    unique = rows is not None and column.distinct == rows and rows > 1
    if unique and (_is_sequence(column, rows or 0) or (thing and len(words) == 1)):
        return Role.KEY
    return (
        _time_role(column, words, named)
        or (Role.AMOUNT if words[:2] == ("to", "pay") else None)
        or _amount_role(words)
        or (Role.AMOUNT if _is_money(column, named) else None)
        or (Role.KEY if thing or (unique and (rows or 0) > FEW and _is_numbered(column)) else None)
        or (Role.YEAR if _are_years(column) else Role.NUMBER)
    )


def _is_money(column: Column, named: set[str]) -> bool:
    """Whether its name says in which money it is, or how often that falls due: "CHF", "mooring_pa"."""
    paced = bool(named & _PACES) and len(named) > 1
    return paced or bool(named & lexicon.CURRENCIES) or any(sign in column.name for sign in "£$€¥")


_PACES = word_set("yearly monthly annual annually weekly")


def _counts(column: Column) -> bool:
    """Whether its name says how many or how long, not which: "pupils", "sqm"."""
    metres = "meter" in words_of(column)[1:]
    return metres or any(singular(word) != word for word in _raw(column)[-1:])


def _raw(column: Column) -> list[str]:
    """The words of its name as they are written."""
    return folded(column.name).replace("_", " ").split()


def _is_numbered(column: Column) -> bool:
    """Whether its numbers look like those on plates and badges: whole, and all as long."""
    least, most = column.least, column.most
    return _is_whole(column) and least.isdigit() and most.isdigit() and len(least) == len(most) > 3


def _is_sequence(column: Column, rows: int) -> bool:
    """Whether it numbers the rows: 1, 2, 3 …"""
    bounds = (column.least, column.most)
    numbered = rows > 9 and _is_whole(column) and all(bound.isdigit() for bound in bounds)
    return numbered and int(column.most) - int(column.least) == rows - 1


def _are_years(column: Column) -> bool:
    """Whether all its numbers may be years of our time: "published", "built in"."""
    bounds = (column.least, column.most)
    years = all(bound.isdigit() and 1850 <= int(bound) <= 2050 for bound in bounds)
    return years and _is_whole(column)


def _is_whole(column: Column) -> bool:
    kind = column.type.upper()
    return kind.endswith("INT") or "INTEGER" in kind


def _time_role(column: Column, words: Sequence[str], named: set[str]) -> Role | None:
    """A year or a month by number, or how long something took; None for other numbers."""
    if named & lexicon.YEAR_WORDS and not named & (lexicon.AMOUNT_WORDS | lexicon.AGE_WORDS):
        return Role.YEAR
    raw = _raw(column)
    if plain(column.name) in _WHOLE_UNITS or {*raw[-1:]} & _SPANS:
        return Role.QUANTITY
    if "%" in column.name:
        return Role.RATE
    if named & _EVERY and {*words, *raw} & {"rate", "per"}:
        return Role.PRICE
    return Role.CODE if len(words) == 1 and words[0] in _PLACES else None


_EVERY = word_set("hour day night week month")
_PLACES = word_set("index row month monat week day weekday quarter room table gate lane bay")


def _amount_role(words: Sequence[str]) -> Role | None:
    """By the last word first, which says what it is: a "price total" is a total, a "fee EUR" a fee."""
    words = [word for word in words if word not in lexicon.CURRENCIES] or words
    for pool in (words[-1:], words):
        for known, role in _NUMERIC_ROLES:
            if known & {*pool, *map(singular, pool)}:
                return role
    return None


_THINGS = word_set(
    "customer product order invoice employee person patient doctor ticket student teacher "
    "sensor supplier warehouse agent manager team department course"
)


def _text_role(column: Column, named: set[str], rows: int | None) -> Role:
    if named & lexicon.TEXT_WORDS:
        return Role.TEXT
    if named & lexicon.NAME_WORDS:
        return Role.NAME
    distinct = column.distinct
    if _is_prose(column):
        return Role.TEXT
    seen = [sample.strip() for sample in seen_in(column) if sample.strip()]
    if len(seen) > 1 and all(_NUMBERED.match(sample) for sample in seen):
        return Role.KEY if rows is not None and distinct == rows else Role.CODE
    return Role.NAME if _tells_apart(column, rows) else Role.CATEGORY


def _tells_apart(column: Column, rows: int | None) -> bool:
    """Whether most of its values are there once: of few rows, all of them."""
    if column.distinct is None or not rows:
        return False
    all_differ = rows > FEW and column.distinct == rows and not column.nulls
    return all_differ or (rows > 20 and column.distinct > rows * 0.5)


def _is_prose(column: Column) -> bool:
    """Whether people wrote sentences into it: long, of many words, and hardly one twice."""
    seen = seen_in(column)
    long = [value for value in seen if len(value) > 20 and len(value.split()) > 3]
    return len(seen) > 4 and 2 * len(long) > len(seen)


_NUMBERED = re.compile(r"[A-Za-z]{1,5}[-_]?\d\d[A-Za-z\d-]*$")
"""Letters and a number: "A087", "INV-2024-17"."""


def is_truth(column: Column) -> bool:
    """Whether the column says yes or no, in words or as 0 and 1."""
    seen = {sample.casefold() for sample in seen_in(column) if sample}
    if seen and any(seen <= pair for pair in _TRUTHS):
        return True
    zero_one = column.least in {"0", "0.0"} and column.most in {"1", "1.0"} and column.distinct == 2
    return (
        column.numeric
        and zero_one
        and bool(re.match(r"(is|has|was)\b", plain(column.name)) or not role_words(column))
    )


def seen_in(column: Column) -> tuple[str, ...]:
    """The values that were seen, as many as are known."""
    return column.values or column.samples


def role_words(column: Column) -> bool:
    """Whether the name says that its numbers are amounts."""
    named = set(words_of(column))
    return any(known & named for known, _ in _NUMERIC_ROLES)


def looks_like_dates(column: Column) -> bool:
    """Whether all texts seen are days or moments."""
    seen = [sample for sample in seen_in(column) if sample.strip()]
    hits = [sample for sample in seen if _DAY.match(sample.strip())]
    return bool(hits) and len(hits) >= len(seen) * 0.7


_FORMATS = (
    (r"\d{4}-\d{1,2}-\d{1,2}$", "%Y-%m-%d"),
    (r"\d{4}-\d{1,2}-\d{1,2}[T ]", "%Y-%m-%d %H:%M:%S"),
    (r"\d{4}/\d{1,2}/\d{1,2}$", "%Y/%m/%d"),
    (r"\d{1,2}\.\d{1,2}\.\d{4}$", "%d.%m.%Y"),
    (r"\d{1,2}\.\d{1,2}\.\d{2}$", "%d.%m.%y"),
)


@kept(COLUMNS)
def date_format(column: Column) -> tuple[str, bool]:
    """How a column of text writes its dates ("" for a date type), several parted by "|", and
    whether day and month can be told apart.
    """
    if not column.type.upper().startswith("VARCHAR"):
        return "", True
    found: list[str] = []
    sure = True
    seen = [sample.strip() for sample in seen_in(column) if sample.strip()]
    for sample in seen:
        known = next((style for pattern, style in _FORMATS if re.match(pattern, sample)), "")
        if known:
            found.append(known)
        elif re.match(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}$", sample):
            style, told = _slashed(sample, seen)
            found.append(style)
            sure = sure and told
    return "|".join(dict.fromkeys(found)) or "%Y-%m-%d", sure


def has_time(column: Column) -> bool:
    """Whether its dates have a time of day."""
    seen = [sample for sample in seen_in(column) if sample.strip()]
    return column.type.upper().startswith("TIMESTAMP") or any(":" in sample for sample in seen)


def _slashed(sample: str, seen: Sequence[str]) -> tuple[str, bool]:
    mark = "/" if "/" in sample else "-"
    year = "%Y" if re.search(r"\d{4}$", sample) else "%y"
    alike = [s.split(mark) for s in seen if re.match(rf"\d{{1,2}}{mark}\d{{1,2}}{mark}\d", s)]
    day_first = any(int(first) > 12 for first, _, _ in alike)
    month_first = any(int(second) > 12 for _, second, _ in alike)
    order = f"%m{mark}%d{mark}{year}" if month_first else f"%d{mark}%m{mark}{year}"
    return order, day_first is not month_first


@kept(FILES)
def row_noun(file: FileInfo) -> str:
    """What one row is, in words: "order" of orders.csv, "support ticket" of support_tickets.csv."""
    words = [
        w
        for w in plain(PurePosixPath(file.path).stem).split()
        if not re.fullmatch(
            r"\d+|q\d|v\d+|final|export|data|table|list|all|copy|new|master|dump|log", w
        )
    ]
    asked = {"by", "per", "top"}.intersection(words)  # a saved answer is named like its question
    return "" if asked else " ".join(whole for word in words for whole in long(word))


def main_date(columns: Sequence[Column], file: FileInfo) -> Column | None:
    """The date of a row among several: the one named after the rows, one called just "date", or the
    only one that says when it began; None where more may be meant.
    """
    noun = {concept(word) or word for word in row_noun(file).split()}
    kinds = {column: {concept(word) or word for word in words_of(column)} for column in columns}
    for fits in (
        lambda own: bool(own & noun),
        lambda own: own <= {"date", "time"},
        lambda own: bool(own & _BEGINNINGS) and not own & _ENDINGS,
        lambda own: not own & _ENDINGS,
    ):
        found = [column for column in columns if fits(kinds[column])]
        if found:
            return found[0] if len(found) == 1 else None
    return None


_BEGINNINGS = word_set("created hired arrived shipped order invoice booking visit received given")
_ENDINGS = word_set(
    "closed left due delivered returned paid born before until end expiry ship updated modified last "
    "next changed cancelled valid"
)


@kept(FILES)
def unique_key(file: FileInfo) -> Column | None:
    """The column that names each row: a key no two rows share, or the one named after the file."""
    keys = [
        column for column in file.columns if role_of(column, file.rows) in {Role.KEY, Role.CODE}
    ]
    noun = {lexicon.concept(word) or word for word in row_noun(file).split()}
    own = [
        column
        for column in keys
        if {lexicon.concept(word) or word for word in words_of(column)} & noun
        or plain(column.name) in {"id", "key", "uuid"}
    ]
    unique = [
        column
        for column in keys
        if column.distinct is not None and column.distinct == file.rows and not column.nulls
    ]
    for column in (*own, *unique):
        if column in unique or (column in own and column.distinct is None):
            return column
    return own[0] if own and (own[0].distinct or 0) >= 0.8 * (file.rows or 1) else None


def is_naming(name: str) -> bool:
    """Whether the column's name alone says that its numbers name something and are not amounts."""
    words = parts(name)
    return bool(words) and (
        _naming(words, set(words)) is not None
        or bool({*words} & lexicon.YEAR_WORDS)
        or plain(name) in {"index", "row number"}
    )
