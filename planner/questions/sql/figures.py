"""Figures, groups and windows of a question as expressions. Pure."""

from typing import assert_never

from sqlglot import exp

from planner.questions.spec import Field, Group, Measure, QuerySpec, Window, table_name
from planner.questions.sql.columns import Columns
from planner.questions.sql.conditions import Conditions
from planner.questions.sql.expressions import all_of, call, column_named, number

NO_MATCH = "(no match)"


class Figures:
    """What the result's columns are made of."""

    def __init__(self, spec: QuerySpec, columns: Columns, conditions: Conditions) -> None:
        self._spec, self._columns, self._conditions = spec, columns, conditions

    def measure(self, measure: Measure) -> exp.Expr:
        """The figure, divided and rounded as asked."""
        figure = self._figure(measure)
        if measure.per is not None:
            below = call("nullif", self._figure(measure.per), exp.Literal.number(0))
            if measure.percent:
                figure = exp.Mul(
                    this=exp.Literal.number("100.0"),
                    expression=call("coalesce", figure, exp.Literal.number(0)),
                )
            figure = exp.Div(this=figure, expression=below)
        figure = _in_unit(figure, measure.divided)
        digits = 2 if measure.percent and measure.digits is None else measure.digits
        return figure if digits is None else call("round", figure, exp.Literal.number(digits))

    def _figure(self, measure: Measure) -> exp.Expr:
        figure = self._aggregate(measure)
        if measure.only:
            where = exp.Where(
                this=all_of(self._conditions.condition(held) for held in measure.only)
            )
            figure = exp.Filter(this=figure, expression=where)
        return figure

    def _aggregate(self, measure: Measure) -> exp.Expr:
        if measure.function == "count" or measure.of is None:
            return exp.Count(this=exp.Star())
        of = self._columns.operand(measure.of)
        if measure.grain is not None and isinstance(measure.of, Field):
            of = self._columns.grain(measure.of, measure.grain)
        match measure.function:
            case "distinct":
                return exp.Count(this=exp.Distinct(expressions=[of]))
            case "quantile":
                return call("quantile_cont", of, number(measure.quantile))
            case "corr":
                assert measure.other is not None
                return call("corr", of, self._columns.column(measure.other))
            case "stddev":
                return call("stddev", of)
            case "sum" | "avg" | "min" | "max" | "median":
                return call(measure.function.upper(), of)
            case _:
                assert_never(measure.function)

    def group(self, group: Group) -> exp.Expr:
        """What rows are put together by; a joined column says where there was no match."""
        if group.grain is not None:
            return self._columns.grain(group.field, group.grain)
        column = self._columns.column(group.field)
        if group.width is not None:
            width = number(group.width)
            steps = call("floor", exp.Div(this=column, expression=width))
            return exp.Mul(this=steps, expression=width.copy())
        join = next((join for join in self._spec.joins if join.file == group.field.file), None)
        if join is None:
            return column
        key = column_named(join.right, table_name(join.file))
        unmatched = exp.Is(this=key, expression=exp.Null())
        shown = exp.cast(column, "VARCHAR")
        return exp.Case(
            ifs=[exp.If(this=unmatched, true=exp.Literal.string(NO_MATCH))], default=shown
        )

    def window(self, window: Window) -> exp.Expr:
        """A figure that looks at other rows of the result."""
        figure = self._named(window.of)
        match window.kind:
            case "share":
                return _percent(figure, exp.Window(this=call("SUM", figure.copy())))
            case "rank":
                order = exp.Order(expressions=[exp.Ordered(this=figure, desc=True)])
                return exp.Window(this=call("rank"), order=order)
            case "running" | "moving":
                function, rows = ("SUM", None) if window.kind == "running" else ("AVG", window.size)
                return self._over(call(function, figure), _frame(rows))
            case "minus" | "minus_percent":
                return _change(figure, self._named(window.other), percent=window.kind != "minus")
            case "change" | "growth":
                before = self._over(call("LAG", figure.copy()), None)
                return _change(figure, before, percent=window.kind == "growth")
            case _:
                assert_never(window.kind)

    def _named(self, name: str) -> exp.Expr:
        return self.measure(next(m for m in self._spec.measures if m.name == name))

    def _over(self, figure: exp.Expr, frame: exp.WindowSpec | None) -> exp.Window:
        """The figure over the result's rows in time, each other group for itself."""
        groups = self._spec.groups
        time = next((group for group in groups if group.grain), groups[0])
        others = [self.group(group) for group in groups if group is not time]
        order = exp.Order(expressions=[exp.Ordered(this=self.group(time))])
        return exp.Window(this=figure, partition_by=others or None, order=order, spec=frame)


def _in_unit(figure: exp.Expr, divided: float) -> exp.Expr:
    if divided == 1.0:
        return figure
    if divided > 1.0:
        below = exp.Literal.number(f"{divided:.1f}")
        return exp.Div(this=figure, expression=below)
    return exp.Mul(this=figure, expression=number(round(1 / divided)))


def _frame(rows: int | None) -> exp.WindowSpec:
    start = "UNBOUNDED" if rows is None else exp.Literal.number(rows - 1)
    return exp.WindowSpec(kind="ROWS", start=start, start_side="PRECEDING", end="CURRENT ROW")


def _percent(part: exp.Expr, whole: exp.Expr) -> exp.Expr:
    hundred = exp.Mul(this=exp.Literal.number("100.0"), expression=exp.paren(part))
    below = call("nullif", whole, exp.Literal.number(0))
    return call("round", exp.Div(this=hundred, expression=below), exp.Literal.number(2))


def _change(after: exp.Expr, before: exp.Expr, *, percent: bool) -> exp.Expr:
    change = exp.Sub(this=after, expression=before)
    return _percent(change, before.copy()) if percent else change
