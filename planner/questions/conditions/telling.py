"""Conditions in words that can be checked against the data: "source = web", "rating is empty". Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import assert_never

from memory.model.text import text
from planner.lexicon.calendar import MONTHS, WEEKDAYS
from planner.questions.conditions.numbers import shown
from planner.questions.semantics import TRUE
from planner.questions.spec import (
    Combined,
    Compare,
    DatePart,
    During,
    Either,
    Filter,
    Like,
    Linked,
    Missing,
    OneOf,
)

_SIGNS = {"<=": "≤", ">=": "≥", "<>": "≠"}


def told(held: Filter) -> str:
    """The condition with the names of its columns."""
    match held:
        case Compare():
            return _compared(held)
        case OneOf() | Like():
            return _of_value(held)
        case Missing() | During() | DatePart():
            return _of_cell(held)
        case Linked():
            return _linked(held)
        case Either(filters=filters):
            return text(" or ").join(map(told, filters))
        case _:
            assert_never(held)


def _compared(held: Compare) -> str:
    sign = _SIGNS.get(held.op, held.op)
    if isinstance(held.of, Combined) and held.of.kind in {"minus", "days"} and not held.value:
        later = held.of.kind == "days"
        first, second = (
            (held.of.second, held.of.first) if later else (held.of.first, held.of.second)
        )
        return f"{first.column} {sign} {second.column}"
    other = text("its average") if held.average else f"{held.value:,g}"
    return f"{shown(held.of)} {sign} {other}"


def _of_value(held: OneOf | Like) -> str:
    column = held.field.column
    if isinstance(held, Like):
        how = {"contains": "contains", "starts": "starts with", "ends": "ends with"}[held.how]
        return f"{column} {text('not ') if held.negated else ''}{how} “{held.words}”"
    if held.values and set(held.values) == TRUE:
        return f"{column} = {text('no') if held.negated else text('yes')}"
    values = [f"{v:g}" if isinstance(v, float | int) else v.strip() for v in held.values]
    return f"{column} {'≠' if held.negated else '='} {_listed(values, negated=held.negated)}"


def _of_cell(held: Missing | During | DatePart) -> str:
    match held:
        case Missing(field=field, zero=zero, negated=negated):
            empty = text("is empty or 0") if zero else text("is empty")
            return f"{field.column} {text('is not empty') if negated else empty}"
        case During(field=field, spans=spans, negated=negated):
            days = text(" or ").join(_span(*span) for span in spans)
            return f"{field.column} {text('not ') if negated else ''}{days}"
        case DatePart():
            return _part(held)


def _listed(values: Sequence[str], *, negated: bool) -> str:
    return (text(" and ") if negated else text(" or ")).join(dict.fromkeys(values))


def _span(start: date | None, end: date | None) -> str:
    last = end - timedelta(days=1) if end is not None else None
    if whole := start and last and _whole(start, last):
        return text("in {period}", period=whole)
    if start is None:
        return text("until {day}", day=last.isoformat() if last else "")
    if last is None:
        return text("since {day}", day=start.isoformat())
    if start == last:
        return text("on {day}", day=start.isoformat())
    return text("from {first} to {last}", first=start.isoformat(), last=last.isoformat())


def _whole(first: date, last: date) -> str:
    """A year, a quarter or a month by its name; "" where the days are none of them."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return ""
    if months == 12 and first.month == 1:
        return f"{first.year}"
    if months == 3 and first.month % 3 == 1:
        return f"Q{first.month // 3 + 1} {first.year}"
    return f"{MONTHS[first.month - 1].title()} {first.year}" if months == 1 else ""


def _part(held: DatePart) -> str:
    names = {"month": MONTHS, "weekday": WEEKDAYS}.get(held.part, ())
    shown_as = [names[n - 1].title() if names else str(n) for n in held.numbers]
    listed = _listed(shown_as, negated=held.negated)
    sign = "≠" if held.negated else "="
    return (
        text("{part} of {column}", part=held.part, column=held.field.column) + f" {sign} {listed}"
    )


def _linked(held: Linked) -> str:
    name = PurePosixPath(held.other.file).name
    where = ", ".join(map(told, held.where))
    rows = text("{file} with {where}", file=name, where=where) if where else name
    if held.at_least > 1:
        return _so_many(held, rows)
    if held.negated:
        return text("{column} not in {rows}", column=held.field.column, rows=rows)
    return text("{column} in {rows}", column=held.field.column, rows=rows)


def _so_many(held: Linked, rows: str) -> str:
    said = {"column": held.field.column, "number": held.at_least, "rows": rows}
    if held.negated:
        return text("{column} fewer than {number} times in {rows}", **said)
    return text("{column} at least {number} times in {rows}", **said)
