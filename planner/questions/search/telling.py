"""A reading in the words of somebody who asks: short enough for a button. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.conditions.numbers import shown
from planner.questions.conditions.telling import told
from planner.questions.describing import operand_told
from planner.questions.semantics import Role, role_of
from planner.questions.spec import (
    Combined,
    Field,
    Group,
    Having,
    Linked,
    Measure,
    Operand,
    QuerySpec,
)

_FIGURES: Mapping[str, Callable[[str], str]] = {
    "sum": lambda of: text("total {of}", of=of),
    "avg": lambda of: text("average {of}", of=of),
    "min": lambda of: text("lowest {of}", of=of),
    "max": lambda of: text("highest {of}", of=of),
    "median": lambda of: text("median {of}", of=of),
    "stddev": lambda of: text("spread of {of}", of=of),
    "distinct": lambda of: text("number of different {of}", of=of),
    "quantile": lambda of: text("percentile of {of}", of=of),
}


def reading_told(spec: QuerySpec, files: Sequence[FileInfo] = ()) -> str:
    """ "Village with the highest number of visits where paid = no"."""
    dates = _dates(files)
    figures = text(" and ").join([*(_figure(m, spec) for m in spec.measures), *_changes(spec)])
    groups = text(" and ").join(_group(group, dates) for group in spec.groups)
    what = (
        _of_each(spec, dates)
        or _ranked(spec, figures, groups, dates)
        or _plain(spec, figures, groups)
    )
    linked = [each for each in spec.filters if isinstance(each, Linked)]
    what = " ".join([what, *map(_beside, linked)])
    held = [told(each) for each in spec.filters if not isinstance(each, Linked)]
    held += [f"{_figure(h.of, spec)} {h.op} {_limit(h)}" for h in spec.having]
    if held:
        what = text("{what} where {conditions}", what=what, conditions=text(" and ").join(held))
    return what[:1].upper() + what[1:]


def _changes(spec: QuerySpec) -> Iterator[str]:
    """What goes with the figures: what is left of one, or how they went from row to row."""
    kinds = {window.kind for window in spec.windows}
    if "minus" in kinds:
        yield text("the difference")
    if kinds & {"change", "growth"}:
        yield text("the change")


def _limit(held: Having) -> str:
    if held.against is None or held.against.of is None:
        return f"{held.value:g}"
    of = _operand(held.against.of)
    return of if held.value == 1 else f"{held.value:g} × {of}"


def _dates(files: Sequence[FileInfo]) -> AbstractSet[tuple[str, str]]:
    return {
        (file.path, column.name)
        for file in files
        for column in file.columns
        if role_of(column, file.rows) is Role.DATE
    }


def _beside(held: Linked) -> str:
    """ "without orders": rows that something of another file belongs to."""
    rows = _spoken(held.other.file)
    where = text(" and ").join(map(told, held.where))
    rows = text("{rows} ({conditions})", rows=rows, conditions=where) if where else rows
    if held.at_least > 1:
        said = {"number": held.at_least, "rows": rows}
        if held.negated:
            return text("with fewer than {number} {rows}", **said)
        return text("with at least {number} {rows}", **said)
    return text("without {rows}", rows=rows) if held.negated else text("with {rows}", rows=rows)


def _of_each(spec: QuerySpec, dates: AbstractSet[tuple[str, str]]) -> str:
    """The first rows of each group, and the ends of a column."""
    what = ", ".join(field.column for field in spec.columns) or _rows(spec)
    if spec.ends is not None:
        return _ends_told(what, spec.ends, dates)
    by = spec.order[0].by if spec.order and not spec.measures else None
    if spec.per_group is None or spec.within is None or not isinstance(by, Field):
        return ""
    said = {
        "what": what,
        "most": _most(by, dates, down=spec.order[0].descending),
        "column": by.column,
        "of": spec.within.column,
    }
    if spec.per_group == 1:
        return text("{what} with the {most} {column} of each {of}", **said)
    return text(
        "{number} of {what} with the {most} {column} of each {of}", number=spec.per_group, **said
    )


def _ends_told(what: str, by: Field, dates: AbstractSet[tuple[str, str]]) -> str:
    if (by.file, by.column) in dates:
        return text("{what} with the earliest and the latest {column}", what=what, column=by.column)
    return text("{what} with the lowest and the highest {column}", what=what, column=by.column)


def _most(by: Field | str, dates: AbstractSet[tuple[str, str]], *, down: bool) -> str:
    dated = isinstance(by, Field) and (by.file, by.column) in dates
    ends = (text("latest"), text("earliest")) if dated else (text("highest"), text("lowest"))
    return ends[0] if down else ends[1]


def _plain(spec: QuerySpec, figures: str, groups: str) -> str:
    if not spec.measures:
        columns = ", ".join(field.column for field in spec.columns)
        return columns or text("all rows of {rows}", rows=_rows(spec))
    return text("{figures} by {groups}", figures=figures, groups=groups) if groups else figures


def _ranked(spec: QuerySpec, figures: str, groups: str, dates: AbstractSet[tuple[str, str]]) -> str:
    if spec.limit is None or not spec.order:
        return ""
    first = spec.order[0]
    most = _most(first.by, dates, down=first.descending)
    if spec.measures and spec.groups:
        figures = figures.removeprefix(f"{most} ")  # "the highest highest price"
        if spec.limit == 1:
            return text(
                "{groups} with the {most} {figures}", groups=groups, most=most, figures=figures
            )
        return text(
            "{limit} {groups} with the {most} {figures}",
            limit=spec.limit,
            groups=groups,
            most=most,
            figures=figures,
        )
    if spec.measures or not isinstance(first.by, Field):
        return ""
    return _rows_ranked(spec, most, first.by.column)


def _rows_ranked(spec: QuerySpec, most: str, column: str) -> str:
    what = ", ".join(field.column for field in spec.columns) or _rows(spec)
    if spec.limit == 1:
        return text("{what} with the {most} {column}", what=what, most=most, column=column)
    return text(
        "{limit} of {what} with the {most} {column}",
        limit=spec.limit, what=what, most=most, column=column,
    )  # fmt: skip


def _rows(spec: QuerySpec) -> str:
    return text(" and ").join(map(_spoken, spec.files))


def _spoken(path: str) -> str:
    """The file's name in words: "order items"."""
    return PurePosixPath(path).stem.replace("_", " ")


def _group(group: Group, dates: AbstractSet[tuple[str, str]]) -> str:
    if group.grain is None:
        return group.field.column
    grain = group.grain.replace("_", " ")
    several = sum(path == group.field.file for path, _ in dates) > 1
    if not several:
        return grain
    return text("{grain} of {column}", grain=grain, column=group.field.column)


def _operand(of: Operand) -> str:
    spanned = isinstance(of, Combined) and of.kind == "days"
    return operand_told(of) if spanned else shown(of)


def _figure(measure: Measure, spec: QuerySpec) -> str:
    only = text(" and ").join(map(told, measure.only))
    if measure.percent and measure.only:
        return text("share of {rows} with {conditions} in %", rows=_rows(spec), conditions=only)
    if measure.function == "count" or measure.of is None:
        figure = text("number of {rows}", rows=_rows(spec))
    elif measure in spec.limits:
        figure = _operand(measure.of)
    else:
        figure = _FIGURES.get(measure.function, str)(_operand(measure.of))
    if measure.only:
        figure = text("{figure} with {conditions}", figure=figure, conditions=only)
    return figure if measure.per is None else _divided(figure, measure, measure.per, spec)


def _divided(figure: str, measure: Measure, per: Measure, spec: QuerySpec) -> str:
    """ "total visits per day, on average", "A in % of B", "A ÷ B"."""
    if per.function == "distinct" and per.of is not None and not measure.percent:
        each = per.grain or shown(per.of)
        return text("{above} per {each}, on average", above=figure, each=each)
    below = _figure(per, spec)
    if measure.percent:
        return text("{above} in % of {below}", above=figure, below=below)
    return f"{figure} ÷ {below}"
