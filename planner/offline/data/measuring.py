"""Aggregates and columns: "total and average revenue", "how many customers", "date and region"."""

import re

from planner.offline.data.columns import find_column, holding_value, numeric
from planner.offline.data.query import Group, Measure
from planner.offline.data.reading import Reading
from planner.offline.data.words import FILLER, ROWS
from planner.offline.grammar.words import FUNCTION, FUNCTIONS

_COUNTED = re.compile(
    r"\b(?:how many|number of|count(?: of| the| how many| up)?)\b(?: the| all)?"
    rf"(?P<distinct> distinct| unique| different)?(?: (?P<what>{ROWS}\b|[\w'’-]+))?"
)
_MEASURED = re.compile(
    rf"\b(?P<f>(?:{FUNCTION})(?:(?:,| and|, and| or) (?:the )?(?:{FUNCTION}))*)\b(?: up)?(?: of)?"
    r"(?: the| all)?(?P<what>(?: [\w'’-]+){1,4})?"
)
_ENDS = frozenset({
    "by", "per", "for", "where", "in", "over", "and", "from", "each", "of", "with", "is", "was",
    "across", "to", "as", "groupwise",
})  # fmt: skip


def take_measures(text: str, reading: Reading) -> tuple[tuple[Measure, ...], str]:
    """The aggregates in the text, in order, and the text without them."""
    counted, text = _take_count(text, reading)
    found = list(counted)
    place = 0
    while match := _MEASURED.search(text, place):
        names, start, end = _columns_of(match, text, reading)
        if not names:
            place = match.end("f")
            continue
        functions = re.findall(rf"\b(?:{FUNCTION})\b", match["f"])
        found += [Measure(FUNCTIONS[one], name) for name in names for one in functions]
        text = f"{text[:start]} {text[end:]}"
        place = start
    return tuple(dict.fromkeys(found)), text


def bare_columns(
    text: str, reading: Reading, groups: tuple[Group, ...]
) -> tuple[tuple[Measure, ...], tuple[str, ...], str]:
    """Columns named without a function: beside a group a number is added up, else it is listed."""
    names, text = named_columns(text, reading)
    if not groups:
        return (), names, text
    numbers = {column.name for column in reading.file.columns if column.numeric}
    measures = tuple(Measure("SUM", name) for name in names if name in numbers)
    if measures:
        return measures, (), text
    phrase = _phrase(" ".join(word for word in text.split() if word not in FILLER))
    column = reading.column(phrase, number=True) if phrase else None
    if column is None:
        return (Measure("COUNT"),), (), text
    return (Measure("SUM", column.name),), (), text.replace(phrase, " ", 1)


def named_columns(text: str, reading: Reading) -> tuple[tuple[str, ...], str]:
    """The columns named in the text, and the text without them."""
    names: list[str] = []
    left: list[str] = []
    words = text.split()
    place = 0
    while place < len(words):
        name, length = _column_at(words, place, reading)
        if name:
            names.append(name)
        else:
            left.append(words[place])
        place += length
    return tuple(dict.fromkeys(names)), f" {' '.join(left)} "


def _column_at(words: list[str], place: int, reading: Reading) -> tuple[str, int]:
    """The column whose name begins at the place, the longest name first, and its length."""
    for count in range(min(3, len(words) - place), 0, -1):
        match = find_column(" ".join(words[place : place + count]), reading.file.columns)
        if match and match.sure:
            return match.column.name, count
    return "", 1


def _take_count(text: str, reading: Reading) -> tuple[tuple[Measure, ...], str]:
    counted = _COUNTED.search(text)
    if counted is None:
        return (), text
    what = counted["what"] or ""
    column = find_column(what, reading.file.columns) if what else None
    distinct = column is not None and column.sure and (
        bool(counted["distinct"]) or not column.column.numeric
    )  # fmt: skip
    measure = Measure("DISTINCT", column.column.name) if column and distinct else Measure("COUNT")
    # "how many North orders": the value is a condition, for others to take. A word that is
    # neither column nor value is what the rows are ("how many sales").
    kept = what if column is None and holding_value(what, reading.file.columns) else ""
    return (measure,), f"{text[: counted.start()]} {kept} {text[counted.end() :]}"


def _columns_of(match: "re.Match[str]", text: str, reading: Reading) -> tuple[list[str], int, int]:
    """The columns a function is applied to, and from where to where the words reach."""
    what = match["what"] or ""
    names, taken = _head_columns(what.strip(), reading)
    if names:
        return names, match.start(), match.start("what") + 1 + taken
    before = re.search(r"([\w'’-]+) $", text[: match.start()])
    column = find_column(before.group(1), numeric(reading.file.columns)) if before else None
    if before and column and column.sure:  # "the revenue total"
        return [column.column.name], before.start(), match.end("f")
    phrase = _phrase(what.strip())
    asked = reading.column(phrase, number=True) if phrase else None
    if asked is None:
        return [], match.start(), match.end("f")
    return [asked.name], match.start(), match.start("what") + what.find(phrase) + len(phrase)


def _head_columns(phrase: str, reading: Reading) -> tuple[list[str], int]:
    """Numeric columns at the head of the phrase ("revenue and units"), and how far they reach."""
    names: list[str] = []
    words = phrase.split(" ")
    pool = numeric(reading.file.columns)
    place = taken = 0
    while place < len(words) and words[place]:
        found = next(
            (
                (match.column.name, count)
                for count in range(min(3, len(words) - place), 0, -1)
                if (match := find_column(" ".join(words[place : place + count]), pool))
                and match.sure
            ),
            None,
        )
        if found is None:
            break
        names.append(found[0])
        place += found[1]
        taken = len(" ".join(words[:place]))
        if place < len(words) and words[place] == "and":
            place += 1
    return names, taken


def _phrase(text: str) -> str:
    """The words a function is applied to, up to the next that begins something else."""
    words: list[str] = []
    for word in text.split():
        if word in _ENDS:
            break
        if word not in FILLER:
            words.append(word)
    return " ".join(words)[:60]
