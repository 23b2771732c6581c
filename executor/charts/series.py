"""From a table to what is drawn: categories, numbers, the kind of chart. Pure."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from pydantic import JsonValue

from executor.data.fields import did_you_mean
from memory.model.errors import BadInput
from memory.model.text import text
from memory.model.work.value import Table

Kind = Literal["bar", "line", "pie", "scatter"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CATEGORIES = 30
SERIES = 8
SLICES = 8


@dataclass(frozen=True)
class Series:
    """One line, set of bars or cloud of points; None where there is no value."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Chart:
    """What is drawn. The x axis is a scale where `dates` or `numbers` has a place for each label."""

    kind: Kind
    title: str
    x_name: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    dates: tuple[dt.datetime, ...] = ()
    numbers: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()


def chart_of(table: Table, *, kind: str, x: str, y: Sequence[str], title: str) -> Chart:
    """The chart of a table. `x` "" and no `y` take the first fitting columns.

    Raises BadInput where a column is missing, nothing is a number, or a pie has a negative slice.
    """
    if not table.rows:
        raise BadInput("The table is empty, so there's nothing to draw.")
    x_name = _column(table, x) if x else _first(table, numeric=False)
    y_names = [_column(table, name) for name in y] or [_first(table, numeric=True, but=x_name)]
    chart = _gathered(table, x_name, y_names, title)
    return _fitted(replace(chart, kind=_kind(kind, chart)))


def _column(table: Table, name: str) -> str:
    for column in table.columns:
        if column.casefold() == name.casefold():
            return column
    raise BadInput(
        "The table has no column {name}.{hint}", name=name, hint=did_you_mean(name, table.columns)
    )


def _values(table: Table, name: str) -> list[JsonValue]:
    place = table.columns.index(name)
    return [row[place] for row in table.rows]


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numeric(table: Table, name: str) -> bool:
    values = [value for value in _values(table, name) if value is not None]
    return bool(values) and all(_is_number(value) for value in values)


def _first(table: Table, *, numeric: bool, but: str = "") -> str:
    for name in table.columns:
        if name != but and _numeric(table, name) is numeric:
            return name
    if not numeric:
        return table.columns[0]
    raise BadInput("There's no column of numbers to draw. Name one that holds numbers.")


def _gathered(table: Table, x_name: str, y_names: Sequence[str], title: str) -> Chart:
    keys = _values(table, x_name)
    group = _group(table, x_name, y_names, keys)
    if group:
        labels, series = _pivoted(table, x_name, y_names[0], group)
    else:
        labels = keys
        series = [
            Series(name, tuple(_number(v, name) for v in _values(table, name))) for name in y_names
        ]
    notes = []
    if table.total_rows > len(table.rows):
        rows, total = len(table.rows), table.total_rows
        notes.append(text("the first {rows:,} of {total:,} rows", rows=rows, total=total))
    if all(value is None for curve in series for value in curve.values):
        raise BadInput("{columns} has no values to draw.", columns=", ".join(y_names))
    return Chart(
        kind="bar",
        title=title,
        x_name=x_name,
        labels=tuple(_label(value) for value in labels),
        series=tuple(series),
        dates=_dates(labels),
        numbers=_numbers(labels),
        notes=tuple(notes),
    )


def _group(table: Table, x_name: str, y_names: Sequence[str], keys: Sequence[JsonValue]) -> str:
    """The column whose values become series: the one text column beside a repeating x."""
    if len(y_names) != 1 or len(set(map(_label, keys))) == len(keys):
        return ""
    others = [
        name
        for name in table.columns
        if name not in {x_name, *y_names} and not _numeric(table, name)
    ]
    if len(others) != 1 or len(set(map(_label, _values(table, others[0])))) > SERIES:
        return ""
    return others[0]


def _pivoted(
    table: Table, x_name: str, y_name: str, group: str
) -> tuple[list[JsonValue], list[Series]]:
    keys = {_label(value): value for value in _values(table, x_name)}
    names = dict.fromkeys(map(_label, _values(table, group)))
    sums: dict[tuple[str, str], float] = {}
    rows = zip(_values(table, x_name), _values(table, group), _values(table, y_name), strict=True)
    for key, name, value in rows:
        number = _number(value, y_name)
        if number is not None:
            place = (_label(name), _label(key))
            sums[place] = sums.get(place, 0.0) + number
    series = [Series(name, tuple(sums.get((name, key)) for key in keys)) for name in names]
    return list(keys.values()), series


def _number(value: JsonValue, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else None
    raise BadInput(
        "{name} holds text, not numbers, so it can't be drawn. Name another column.", name=name
    )


def _label(value: JsonValue) -> str:
    if value is None or value == "":
        return "(none)"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _numbers(values: Sequence[JsonValue]) -> tuple[float, ...]:
    if not all(_is_number(value) for value in values):
        return ()
    return tuple(float(str(value)) for value in values)


def _dates(values: Sequence[JsonValue]) -> tuple[dt.datetime, ...]:
    try:
        return tuple(_moment(value) for value in values)
    except ValueError:
        return ()


def _moment(value: JsonValue) -> dt.datetime:
    if not isinstance(value, str) or len(value) < 10:
        raise ValueError(value)
    return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)


def _kind(asked: str, chart: Chart) -> Kind:
    wanted = asked.casefold()
    if wanted in {"", "auto"}:
        return _fitting(chart)
    for kind in KINDS:
        if kind == wanted:
            return kind
    raise BadInput("There's no {wanted} chart. Choose bar, line, pie or scatter.", wanted=wanted)


def _fitting(chart: Chart) -> Kind:
    if len(chart.dates) > 1:
        return "line"
    if chart.numbers:
        whole = all(number.is_integer() for number in chart.numbers)
        return "bar" if whole and len(chart.numbers) <= CATEGORIES else "scatter"
    return "bar"


def _fitted(chart: Chart) -> Chart:
    """The chart with no more in it than can be told apart. Raises BadInput for what can't be."""
    match chart.kind:
        case "scatter" if not chart.dates and not chart.numbers:
            raise BadInput(
                "{column} holds text. A scatter chart needs numbers or dates there.",
                column=chart.x_name,
            )
        case "pie":
            return _topped(_slices(chart), SLICES)
        case "bar" if len(chart.labels) > CATEGORIES and not chart.dates:
            return _topped(chart, CATEGORIES)
    if len(chart.series) > SERIES:
        raise BadInput(
            "{count} series are too many to tell apart. Name at most 8.", count=len(chart.series)
        )
    return chart


def _slices(chart: Chart) -> Chart:
    values = chart.series[0].values
    if any(value is not None and value < 0 for value in values):
        raise BadInput("A pie can't show negative values. Ask for bars.")
    if not any(values):
        raise BadInput("A pie can't show only zeros. Ask for bars.")
    return replace(chart, series=chart.series[:1])


def _topped(chart: Chart, most: int) -> Chart:
    """The largest categories and one that adds up the others, which is stated."""
    if len(chart.labels) <= most:
        return chart

    def weight(place: int) -> float:
        return sum(abs(curve.values[place] or 0.0) for curve in chart.series)

    kept = sorted(range(len(chart.labels)), key=weight, reverse=True)[
        : most - (chart.kind == "pie")
    ]
    rest = [place for place in range(len(chart.labels)) if place not in set(kept)]
    series = tuple(
        Series(
            curve.name,
            (*(curve.values[p] for p in kept), math.fsum(curve.values[p] or 0.0 for p in rest)),
        )
        for curve in chart.series
    )
    note = text(
        "the {kept} largest of {all}; “other” adds up the remaining {rest}",
        kept=len(kept),
        all=len(chart.labels),
        rest=len(rest),
    )
    return replace(
        chart,
        labels=(*(chart.labels[place] for place in kept), "other"),
        series=series,
        dates=(),
        numbers=(),
        notes=(*chart.notes, note),
    )
