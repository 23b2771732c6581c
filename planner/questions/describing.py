"""What a question asks, in words: titles and definitions. Pure."""

from pathlib import PurePosixPath

from memory.model.text import text
from planner.questions.conditions.telling import told
from planner.questions.spec import (
    Age,
    Combined,
    Field,
    Group,
    Having,
    Measure,
    Operand,
    Order,
    QuerySpec,
    stacked_name,
)

_FUNCTIONS = {
    "sum": "sum of {of}", "avg": "average of {of}", "min": "lowest {of}", "max": "highest {of}",
    "median": "median of {of}", "stddev": "standard deviation of {of}", "distinct": "number of different {of}",
    "corr": "correlation of {of} and {other}", "count": "number of rows",
}  # fmt: skip


def title_of(spec: QuerySpec) -> str:
    """ "total revenue by region, top 5"."""
    if spec.measures:
        what = " and ".join(_spoken(measure) for measure in spec.measures)
    else:
        what = ", ".join(field.column for field in spec.columns)
        what = what or text("rows of {file}", file=stacked_name(spec.files))
    if spec.distinct:
        what = f"distinct {what}"
    if spec.groups:
        what += f" by {' and '.join(group.name for group in spec.groups)}"
    parts = [what, *spec.said]
    if spec.limit is not None:
        bottom = bool(spec.order) and not spec.order[0].descending
        parts.append(f"{'bottom' if bottom else 'top'} {spec.limit}")
    if spec.per_group is not None:
        parts.append(f"top {spec.per_group} each")
    return ", ".join(parts)


def describe(spec: QuerySpec) -> str:
    """What the figures are, so that nobody has to read the SQL: one sentence without its full stop."""
    if spec.measures:
        what = "; ".join(_said(measure, spec) for measure in spec.measures)
    elif spec.columns:
        what = ", ".join(field.column for field in spec.columns)
    else:
        what = text("rows of {file}", file=stacked_name(spec.files))
    parts = [what]
    if spec.groups:
        parts.append(text("by {groups}", groups=" and ".join(map(_grouped, spec.groups))))
    said = " ".join(parts)
    held = [*map(told, spec.filters)]
    held += [f"{h.of.name.replace('_', ' ')} {h.op} {_limit(h)}" for h in spec.having]
    if held:
        said += text("; only {conditions}", conditions=", ".join(held))
    for window in spec.windows:
        said += f"; {window.name.replace('_', ' ')}"
    if spec.order and spec.limit is not None:
        said += text(
            "; the first {limit} by {order}", limit=spec.limit, order=_ordered(spec.order[0])
        )
    return said


def _limit(held: Having) -> str:
    if held.against is None:
        return f"{held.value:,g}"
    of = held.against.name.replace("_", " ")
    return of if held.value == 1 else f"{held.value:,g} × {of}"


def _spoken(measure: Measure) -> str:
    return "number of rows" if measure.name == "count" else measure.name.replace("_", " ")


def _said(measure: Measure, spec: QuerySpec) -> str:
    limit = measure.of if measure in spec.limits else None
    return operand_told(limit) if limit is not None else _defined(measure, spec)


def _defined(measure: Measure, spec: QuerySpec) -> str:
    rows = _row_noun(spec)
    if measure.function == "count" or measure.of is None:
        figure = text("number of {rows}", rows=rows)
    else:
        other = measure.other.column if measure.other is not None else ""
        name = operand_told(measure.of)
        if measure.function == "quantile":
            figure = text(
                "{percent}th percentile of {of}", percent=f"{measure.quantile * 100:g}", of=name
            )
        else:
            figure = _FUNCTIONS[measure.function].format(of=name, other=other)
        if measure.grain is not None:
            figure = text("number of different {of}", of=measure.grain)
    if measure.only:
        figure = text(
            "{figure} ({which})",
            figure=figure,
            which=measure.name.replace("_percent", "").replace("_", " "),
        )
    if measure.per is not None:
        return text("{above} ÷ {below}", above=figure, below=_defined(measure.per, spec))
    return figure


def _row_noun(spec: QuerySpec) -> str:
    return (
        text("rows of {file}", file=PurePosixPath(spec.files[0]).name)
        if len(spec.files) == 1
        else text("rows")
    )


def operand_told(of: Operand) -> str:
    """What is worked out, column by column: "price × quantity", "days from booked to collected"."""
    match of:
        case Field(column=column):
            return column
        case Combined(kind="times", first=first, second=second):
            return f"{first.column} × {second.column}"
        case Combined(kind="minus", first=first, second=second):
            return f"{first.column} − {second.column}"
        case Combined(kind="plus", first=first, second=second):
            return f"{first.column} + {second.column}"
        case Combined():
            return _time_between(of)
        case Age(born=born):
            return text("age ({column})", column=born.column)


def _time_between(of: Combined) -> str:
    ends = {"first": of.first.column, "second": of.second.column}
    match of.unit:
        case "day":
            return text("days from {first} to {second}", **ends)
        case "hour":
            return text("hours from {first} to {second}", **ends)
        case "minute":
            return text("minutes from {first} to {second}", **ends)


def _grouped(group: Group) -> str:
    if group.grain is not None:
        return text(
            "{grain} of {column}", grain=group.grain.replace("_", " "), column=group.field.column
        )
    return group.field.column


def _ordered(order: Order) -> str:
    by = order.by.column if isinstance(order.by, Field) else order.by.replace("_", " ")
    way = text("highest first") if order.descending else text("lowest first")
    return f"{by}, {way}"
