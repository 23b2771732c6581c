"""A question to data files as a typed value. Pure; `rendering` makes its SQL."""

from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import Field as Of

from memory.model.base import Model

Grain = Literal[
    "hour", "day", "week", "month", "quarter", "year", "weekday", "month_name", "hour_of_day"
]
Function = Literal[
    "sum", "avg", "count", "distinct", "min", "max", "median", "stddev", "quantile", "corr"
]
Op = Literal["=", "<>", "<", "<=", ">", ">="]


class Field(Model):
    """A column of a file. `written`: how dates in a column of text are written (strptime)."""

    file: str
    column: str
    written: str = ""


class Combined(Model):
    """Two columns worked into a number: quantity × price, revenue − cost, rent ÷ area, or days between dates.

    `label` is what people call it; "" for what it is called by itself. `unit`: of the time between
    two moments.
    """

    kind: Literal["times", "minus", "plus", "per", "days"]
    first: Field
    second: Field
    label: str = ""
    unit: Literal["day", "hour", "minute"] = "day"


class Age(Model):
    """Whole years from the date to the day."""

    born: Field
    on: date


Operand = Field | Combined | Age


class Compare(Model):
    """`of` against a number; `average`: against the average of all rows."""

    kind: Literal["compare"] = "compare"
    of: Operand
    op: Op
    value: float = 0
    average: bool = False


class OneOf(Model):
    """The column is one of the values, whatever their case; negated, empty cells count as well."""

    kind: Literal["one_of"] = "one_of"
    field: Field
    values: tuple[str, ...] | tuple[float, ...]
    negated: bool = False


class Like(Model):
    """The text contains, begins or ends with these words, whatever their case."""

    kind: Literal["like"] = "like"
    field: Field
    how: Literal["contains", "starts", "ends"]
    words: str
    negated: bool = False


class Missing(Model):
    """The cell is empty; `zero`: or holds 0."""

    kind: Literal["missing"] = "missing"
    field: Field
    zero: bool = False
    negated: bool = False


class During(Model):
    """The date is within one of the spans (from, up to but without); None is open."""

    kind: Literal["during"] = "during"
    field: Field
    spans: tuple[tuple[date | None, date | None], ...]
    negated: bool = False


class DatePart(Model):
    """A part of the date is one of these numbers: month 3, quarter 1, ISO weekday 7, hour 14."""

    kind: Literal["part"] = "part"
    field: Field
    part: Literal["month", "quarter", "weekday", "hour", "year"]
    numbers: tuple[int, ...]
    negated: bool = False


class Linked(Model):
    """Rows that have (or, negated, lack) a partner in another file, or so many of them.

    `each`: so many different values of this column, or of that part of its date, rather than partners.
    """

    kind: Literal["linked"] = "linked"
    field: Field
    other: Field
    where: tuple["Filter", ...] = ()
    at_least: int = 1
    each: Field | None = None
    grain: Grain | None = None
    negated: bool = False


class Either(Model):
    """At least one of the conditions holds."""

    kind: Literal["either"] = "either"
    filters: tuple["Filter", ...]


Filter = Annotated[
    Compare | OneOf | Like | Missing | During | DatePart | Linked | Either,
    Of(discriminator="kind"),
]


class Measure(Model):
    """A figure over rows. `of` None counts rows; `only` narrows its rows; `per` divides it."""

    function: Function
    of: Operand | None = None
    other: Field | None = None
    grain: Grain | None = None
    """Of a date: the days, months … are counted rather than the moments."""
    quantile: float = 0.5
    only: tuple[Filter, ...] = ()
    per: "Measure | None" = None
    percent: bool = False
    digits: int | None = None
    divided: float = 1.0
    """By how much the figure is divided for the unit it was asked in: minutes by 60 for hours."""
    name: str


class Group(Model):
    """Rows are put together by a column, a part of a date, or steps of a number."""

    field: Field
    grain: Grain | None = None
    width: float | None = None
    name: str


class Window(Model):
    """A further figure from one row of the result to the next."""

    kind: Literal[
        "growth", "change", "running", "moving", "share", "rank", "minus", "minus_percent"
    ]
    of: str
    other: str = ""
    """For minus: the figure that is taken away."""
    size: int = 3
    name: str


class Having(Model):
    """A condition on a figure of each group.

    `against`: another figure of the group, of which the value is a multiple: its row's budget.
    """

    of: Measure
    op: Op
    value: float
    against: Measure | None = None


class Order(Model):
    """By a column of the result, or of the rows."""

    by: str | Field
    descending: bool = False


class Join(Model):
    """Another file beside the rows, by a key that is unique there."""

    file: str
    left: Field
    right: str
    repeated: bool = False
    """The key is not unique: one row of each is taken."""


class QuerySpec(Model):
    """What is asked. Without measures it lists rows. `said` are its conditions in words."""

    files: tuple[str, ...]
    """One file, or several with the same columns whose rows are put together."""
    joins: tuple[Join, ...] = ()
    measures: tuple[Measure, ...] = ()
    groups: tuple[Group, ...] = ()
    filters: tuple[Filter, ...] = ()
    having: tuple[Having, ...] = ()
    columns: tuple[Field, ...] = ()
    distinct: bool = False
    windows: tuple[Window, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    ties: bool = False
    """Of the first one: all that share its place."""
    per_group: int | None = None
    """Only so many rows of each value of the first group (or of `within`)."""
    within: Field | None = None
    ends: Field | None = None
    """Of rows that are listed: only those where it is lowest or highest."""
    noun: str = ""
    said: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The file, or the name of the files put together."""
        return self.files[0] if len(self.files) == 1 else stacked_name(self.files)

    @property
    def figures(self) -> tuple[Measure, ...]:
        """What is worked out, be it shown or only held against something."""
        held = [each for having in self.having for each in (having.of, having.against)]
        return (*self.measures, *(each for each in held if each is not None))

    @property
    def limits(self) -> tuple[Measure, ...]:
        """The figures that are one number of the row a group is: its budget, rather than the highest."""
        taken_from = {window.of for window in self.windows if window.kind == "minus"}
        left = [m for m in self.measures if m.function == "max" and m.name in taken_from]
        return (*left, *(h.against for h in self.having if h.against is not None))

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that is read."""
        held = [*self.filters, *(only for measure in self.figures for only in _narrowing(measure))]
        linked = [path for condition in held for path in _linked(condition)]
        return tuple(dict.fromkeys((*self.files, *(join.file for join in self.joins), *linked)))

    @property
    def plain(self) -> bool:
        """Whether it only takes the rows of its files, and asks nothing of them yet."""
        asks = self.measures or self.groups or self.filters or self.order or self.distinct
        return not asks and self.limit is None and self.ends is None

    def overall(self) -> "QuerySpec":
        """The same figures over all rows, without groups."""
        update = {
            "groups": (),
            "having": (),
            "order": (),
            "limit": None,
            "ties": False,
            "columns": (),
            "distinct": False,
            "windows": (),
            "per_group": None,
            "within": None,
        }
        return self.model_copy(update=update)


FILE = "file"
"""The column that says which file a row is from, where files are put one under the other."""


def stacked_name(files: tuple[str, ...]) -> str:
    """`a.csv and b.csv`."""
    names = [PurePosixPath(file).name for file in files]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def table_name(path: str) -> str:
    """What data.query calls a source: its file name without the ending."""
    return PurePosixPath(path).stem


def _narrowing(measure: Measure) -> Iterator[Filter]:
    yield from measure.only
    if measure.per is not None:
        yield from _narrowing(measure.per)


def _linked(held: Filter) -> Iterator[str]:
    """The files whose rows a condition looks for."""
    match held:
        case Linked(other=other, where=where):
            yield other.file
            for condition in where:
                yield from _linked(condition)
        case Either(filters=filters):
            for condition in filters:
                yield from _linked(condition)
        case _:
            pass
