"""Aggregates and columns: "total and average revenue", "how many customers", "date and region"."""

import re

from planner.offline.data.columns import (
    column_at,
    find_column,
    holding_value,
    numeric,
    sure_column,
)
from planner.offline.data.query import Group, Measure
from planner.offline.data.reading import Reading
from planner.offline.data.words import FILLER, ROWS
from planner.offline.grammar.words import FUNCTION, FUNCTIONS, without, word_set

_COUNTED = re.compile(
    r"\b(?:how many|number of|count(?: of| the| how many| up)?)\b(?: the| all)?"
    rf"(?P<distinct> distinct| unique| different)?(?: (?P<what>{ROWS}\b|[\w'’-]+))?"
)
_MEASURED = re.compile(
    rf"\b(?P<f>(?:{FUNCTION})(?:(?:,| and|, and| or) (?:the )?(?:{FUNCTION}))*)\b(?: up)?(?: of)?"
    r"(?: the| all)?(?P<what>(?: [\w'’-]+){1,4})?"
)
_ENDS = word_set("by per for where in over and from each of with is was across to as groupwise")


def take_measures(text: str, reading: Reading) -> tuple[tuple[Measure, ...], str]:
    """The aggregates in the text, in order, and the text without them."""
    measures, text = _take_count(text, reading)
    place = 0
    while match := _MEASURED.search(text, place):
        names, start, end = _columns_of(match, text, reading)
        if not names:
            place = match.end("f")
            continue
        functions = [FUNCTIONS[word] for word in re.findall(rf"\b(?:{FUNCTION})\b", match["f"])]
        measures += [Measure(function, name) for name in names for function in functions]
        text, place = without(text, start, end), start
    return tuple(dict.fromkeys(measures)), text


def bare_columns(
    text: str, reading: Reading, groups: tuple[Group, ...]
) -> tuple[tuple[Measure, ...], tuple[str, ...], str]:
    """Columns named without a function: beside a group a number is added up, else it is listed."""
    names, text = named_columns(text, reading)
    if not groups:
        return (), names, text
    numbers = {column.name for column in numeric(reading.columns)}
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
    while words:
        column, length = column_at(words, reading.columns)
        if column is None:
            left.append(words[0])
        else:
            names.append(column.name)
        del words[:length]
    return tuple(dict.fromkeys(names)), f" {' '.join(left)} "


def _take_count(text: str, reading: Reading) -> tuple[list[Measure], str]:
    counted = _COUNTED.search(text)
    if counted is None:
        return [], text
    what = counted["what"] or ""
    column = sure_column(what, reading.columns)
    distinct = column is not None and (bool(counted["distinct"]) or not column.numeric)
    measure = Measure("DISTINCT", column.name) if column and distinct else Measure("COUNT")
    # "how many North orders": the value is a condition, for others to take. A word that is
    # neither column nor value is what the rows are ("how many sales").
    named = find_column(what, reading.columns) is not None
    kept = what if not named and holding_value(what, reading.columns) else ""
    return [measure], f"{text[: counted.start()]} {kept} {text[counted.end() :]}"


def _columns_of(match: "re.Match[str]", text: str, reading: Reading) -> tuple[list[str], int, int]:
    """The columns a function is applied to, and from where to where the words reach."""
    what = match["what"] or ""
    names, reach = _head_columns(what.strip(), reading)
    if names:
        return names, match.start(), match.start("what") + 1 + reach
    before = re.search(r"([\w'’-]+) $", text[: match.start()])
    column = sure_column(before[1], numeric(reading.columns)) if before else None
    if before and column:  # "the revenue total"
        return [column.name], before.start(), match.end("f")
    phrase = _phrase(what.strip())
    asked = reading.column(phrase, number=True) if phrase else None
    if asked is None:
        return [], match.start(), match.end("f")
    return [asked.name], match.start(), match.start("what") + what.find(phrase) + len(phrase)


def _head_columns(phrase: str, reading: Reading) -> tuple[list[str], int]:
    """Numeric columns at the head of the phrase ("revenue and units"), and how far they reach."""
    names: list[str] = []
    words, reach, place = phrase.split(" "), 0, 0
    pool = numeric(reading.columns)
    while place < len(words):
        column, length = column_at(words[place:], pool)
        if column is None:
            break
        names.append(column.name)
        place += length
        reach = len(" ".join(words[:place]))
        place += words[place : place + 1] == ["and"]
    return names, reach


def _phrase(text: str) -> str:
    """The words a function is applied to, up to the next that begins something else."""
    words = text.split()
    end = next((place for place, word in enumerate(words) if word in _ENDS), len(words))
    return " ".join(word for word in words[:end] if word not in FILLER)[:60]
