"""Columns of a question's files, dates and numbers of a row, as expressions. Pure."""

from typing import assert_never

from sqlglot import exp

from planner.questions.spec import (
    Age,
    Combined,
    Field,
    Grain,
    Linked,
    Operand,
    QuerySpec,
    table_name,
)
from planner.questions.sql.expressions import call, column_named, day

_FORMATS = {"month": "%Y-%m", "week": "%G-W%V", "hour": "%Y-%m-%d %H:00"}
_NAMES = {"year": "year", "weekday": "dayname", "month_name": "monthname", "hour_of_day": "hour"}


class Columns:
    """The columns of one question; with their table's name where there are several tables."""

    def __init__(self, spec: QuerySpec) -> None:
        self._spec = spec
        linked = any(isinstance(held, Linked) for held in spec.filters)
        self._qualified = bool(spec.joins) or linked
        self.base = table_name(spec.files[0]) if len(spec.files) == 1 else "rows"

    def column(self, field: Field) -> exp.Expr:
        """The column, with its table where there are several."""
        if not self._qualified:
            return column_named(field.column)
        own = field.file in self._spec.files
        return column_named(field.column, self.base if own else table_name(field.file))

    def date(self, field: Field) -> exp.Expr:
        """The column as a date or moment."""
        column = self.column(field)
        if not field.written:
            return column
        styles = [exp.Literal.string(style) for style in field.written.split("|")]
        style: exp.Expr = styles[0] if len(styles) == 1 else exp.Array(expressions=styles)
        return call("try_strptime", column, style)

    def operand(self, of: Operand) -> exp.Expr:
        """The number of a row."""
        match of:
            case Field():
                return self.date(of) if of.written else self.column(of)
            case Combined(kind="times" | "minus" | "plus" | "per"):
                return self._worked_out(of)
            case Combined(first=first, second=second, unit=unit):
                kind = "DATE" if unit == "day" else "TIMESTAMP"
                ends = (exp.cast(self.date(field), kind) for field in (first, second))
                return call("date_diff", exp.Literal.string(unit), *ends)
            case Age(born=born, on=today):
                born_on = exp.cast(self.date(born), "DATE")
                return call("date_sub", exp.Literal.string("year"), born_on, day(today.isoformat()))
            case _:
                assert_never(of)

    def _worked_out(self, of: Combined) -> exp.Expr:
        first, second = self.column(of.first), self.column(of.second)
        if of.kind == "per":
            second = call("nullif", second, exp.Literal.number(0))
        signs = {"times": exp.Mul, "minus": exp.Sub, "plus": exp.Add, "per": exp.Div}
        return exp.paren(signs[of.kind](this=first, expression=second))

    def grain(self, field: Field, grain: Grain) -> exp.Expr:
        """The part of the date."""
        date = self.date(field)
        match grain:
            case "day":
                return exp.cast(date, "DATE")
            case "month" | "week" | "hour":
                return call("strftime", date, exp.Literal.string(_FORMATS[grain]))
            case "quarter":
                year, quarter = call("year", date), call("quarter", date.copy())
                mark = exp.DPipe(this=year, expression=exp.Literal.string("-Q"))
                return exp.paren(exp.DPipe(this=mark, expression=quarter))
            case "year" | "weekday" | "month_name" | "hour_of_day":
                return call(_NAMES[grain], date)
            case _:
                assert_never(grain)
