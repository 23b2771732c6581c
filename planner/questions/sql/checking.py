"""Whether a question can be asked of its files: names, types and groups. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify

from memory.model.text import text
from memory.model.work.value import Column, FileInfo
from planner.questions.readers.state import Unclear
from planner.questions.semantics import Role, role_of, unique_key
from planner.questions.spec import (
    Combined,
    Compare,
    DatePart,
    Field,
    Filter,
    Measure,
    OneOf,
    Operand,
    QuerySpec,
    table_name,
)
from planner.questions.sql.select import select_of
from planner.questions.truth.contradictions import contradictions

_ADDED = frozenset(["sum", "avg", "median", "stddev", "quantile", "corr"])
"""Functions of numbers."""


def check(spec: QuerySpec, files: Sequence[FileInfo]) -> None:
    """Raises Unclear where the question can't be asked: the sentence says why."""
    used = {file.path: file for file in files if file.path in spec.paths}
    problems = (
        *_typed(spec, used), *_grouped(spec, used), *_named(spec, used), *_together(spec),
        *_doubled(spec), *_all_of_them(spec, used),
    )  # fmt: skip
    for problem in problems:
        raise Unclear(problem)


def _together(spec: QuerySpec) -> Iterator[str]:
    for field in contradictions(spec):
        yield text(
            "No row can fulfil all you ask of {column} at once. Say which one you mean.",
            column=field.column,
        )


_EVERY = {"weekday": 7, "month": 12, "quarter": 4}


def _all_of_them(spec: QuerySpec, used: dict[str, FileInfo]) -> Iterator[str]:
    """Every value of a column is named, "good, fair or poor": nobody narrows by that."""
    grouped = [group.field for group in spec.groups]
    for held in spec.filters:
        match held:
            case OneOf(field=field, values=values, negated=False) if len(values) > 1:
                whole = _is_whole({str(v).casefold() for v in values}, _column(field, used))
            case DatePart(field=field, part=part, numbers=numbers, negated=False):
                whole = len({*numbers}) == _EVERY.get(part)
            case _:
                continue
        if whole and field not in grouped:
            yield text(
                "That is every {column} there is. Say what you want of each.", column=field.column
            )


def _is_whole(values: set[str], column: Column | None) -> bool:
    known = {value.casefold() for value in column.values} if column is not None else set()
    return values == known and column is not None and not column.nulls


def _doubled(spec: QuerySpec) -> Iterator[str]:
    """A total of each campaign's budget beside, or less, what was spent on it day by day: each budget
    would be counted as often as there are days.
    """
    totals = [*_summed(spec)]
    own = [of for of in totals if of.file in spec.files]
    for of in totals if own else ():
        if of.file not in spec.files:
            yield text(
                "Each {column} of {path} would be counted once for every row of {other}. Ask for the "
                "two totals one after the other.",
                column=of.column,
                path=of.file,
                other=own[0].file,
            )


def _summed(spec: QuerySpec) -> Iterator[Field]:
    """The columns of totals, alone or one less another."""
    for measure in spec.measures:
        match measure.of:
            case Field() as field if measure.function == "sum":
                yield field
            case Combined(kind="minus" | "plus", first=first, second=second) if (
                measure.function == "sum"
            ):
                yield from (first, second)
            case _:
                pass


def _named(spec: QuerySpec, used: dict[str, FileInfo]) -> Iterator[str]:
    """Whether sqlglot finds each column in the schema of the files."""
    if len(spec.files) > 1:  # one under the other: the first file's columns are those of all
        return
    schema: dict[str, object] = {
        table_name(path): {column.name: column.type for column in file.columns}
        for path, file in used.items()
    }
    # ORDER BY ALL, by which one row of each key is chosen, is more than the qualifier knows.
    joins = tuple(join.model_copy(update={"repeated": False}) for join in spec.joins)
    plain = select_of(spec.model_copy(update={"joins": joins}))
    try:
        qualify(plain, schema=schema, dialect="duckdb")
    except SqlglotError as error:
        yield text("The columns don't fit together: {error}.", error=str(error).split(".")[0][:120])


def _typed(spec: QuerySpec, used: dict[str, FileInfo]) -> Iterator[str]:
    for measure in spec.measures:
        yield from _added(measure, used)
    for held in spec.filters:
        yield from _compared(held, used)


def _added(measure: Measure, used: dict[str, FileInfo]) -> Iterator[str]:
    for field in _fields(measure.of) if measure.function in _ADDED else ():
        column = _column(field, used)
        if column is not None and not column.numeric:
            yield text(
                "{column} holds no numbers, so it has no total or average. Ask how many there are.",
                column=field.column,
            )


def _compared(held: Filter, used: dict[str, FileInfo]) -> Iterator[str]:
    if isinstance(held, Compare):
        for field in _fields(held.of):
            column = _column(field, used)
            if column is not None and not column.numeric and not field.written:
                yield text(
                    "{column} holds no numbers, so it can't be over or under one.",
                    column=field.column,
                )
    elif isinstance(held, DatePart) and held.part == "hour":
        column = _column(held.field, used)
        if column is not None and column.type.upper() == "DATE":
            yield text("{column} has days, but no time of day.", column=held.field.column)


def _fields(of: Operand | None) -> Iterable[Field]:
    if isinstance(of, Field):
        return (of,)
    return (of.first, of.second) if isinstance(of, Combined) and of.kind != "days" else ()


def _column(field: Field, used: dict[str, FileInfo]) -> Column | None:
    file = used.get(field.file)
    found = file.columns if file is not None else ()
    return next((column for column in found if column.name == field.column), None)


def _grouped(spec: QuerySpec, used: dict[str, FileInfo]) -> Iterator[str]:
    """Rows that are counted by what each of them has for its own."""
    base = used.get(spec.files[0])
    if base is None or len(spec.files) > 1 or spec.having:
        return
    key = unique_key(base)
    own = [group.field.column for group in spec.groups if group.field.file == base.path]
    counted = [m.function for m in spec.measures] == ["count"] and spec.measures[0].per is None
    if counted and key is not None and key.name in own and _is_unique(key, base):
        yield text(
            "Each row of {path} has its own {column}, so there is one row of each. Name a column "
            "that rows share.",
            path=base.path,
            column=key.name,
        )


def _is_unique(key: Column, file: FileInfo) -> bool:
    return key.distinct is not None and key.distinct == file.rows and role_of(key) is not Role.DATE
