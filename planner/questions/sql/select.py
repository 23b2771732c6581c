"""A question as one DuckDB SELECT, made by sqlglot: every name and value is quoted. Pure."""

from sqlglot import exp

from planner.questions.spec import Field, Having, Join, Order, QuerySpec, table_name
from planner.questions.sql.columns import Columns
from planner.questions.sql.conditions import OPS, Conditions
from planner.questions.sql.expressions import (
    call,
    column_named,
    first_of_each,
    named,
    number,
    opposite,
    stacked,
    table,
)
from planner.questions.sql.figures import Figures


def render(spec: QuerySpec) -> str:
    """The SQL, in DuckDB's dialect."""
    return select_of(spec).sql(dialect="duckdb")


def select_of(spec: QuerySpec) -> exp.Select:
    """The SELECT as a tree."""
    return Renderer(spec).select()


def unmatched_out(spec: QuerySpec) -> tuple[Join, ...]:
    """The joins whose rows without a match take no place among the first so many: they are nobody."""
    if not spec.measures or (spec.limit is None and spec.per_group is None):
        return ()
    grouped = {group.field.file for group in spec.groups}
    keys = {group.field for group in spec.groups}  # by their key they are somebody
    return tuple(join for join in spec.joins if join.file in grouped and join.left not in keys)


class Renderer:
    """Parts of one question as expressions."""

    def __init__(self, spec: QuerySpec) -> None:
        self._spec = spec
        self.columns = Columns(spec)
        self._filters = Conditions(self.columns)
        self.figures = Figures(spec, self.columns, self._filters)

    def select(self) -> exp.Select:
        """The whole question."""
        spec = self._spec
        query = exp.select(*self._selected(), dialect="duckdb")
        query = self.sources(query)
        for condition in self.conditions():
            query = query.where(condition)
        if spec.distinct and not spec.measures:
            query = query.distinct()
        if spec.measures and spec.groups:
            query = query.group_by(*(exp.Literal.number(n + 1) for n in range(len(spec.groups))))
        for having in spec.having:
            query = query.having(self._held(having))
        places = self._places()
        if places is not None:
            query.set("qualify", exp.Qualify(this=places))
        for order in self._ordered():
            query = query.order_by(order)
        return query.limit(spec.limit) if spec.limit is not None and not self._tied else query

    def _held(self, having: Having) -> exp.Expr:
        limit: exp.Expr = number(having.value)
        if having.against is not None:
            one = self.figures.measure(having.against)
            limit = one if having.value == 1 else exp.Mul(this=limit, expression=one)
        return OPS[having.op](this=self.figures.measure(having.of), expression=limit)

    def _places(self) -> exp.Expr | None:
        """Which rows of the result stay, by their place among the others."""
        if self._spec.per_group is not None:
            return self._among_the_first(self._spec.per_group)
        if self._spec.ends is not None:
            return self._at_the_ends(self._spec.ends)
        return self._in_the_first_place() if self._tied else None

    @property
    def _tied(self) -> bool:
        return self._spec.ties and self._spec.limit == 1 and bool(self._spec.order)

    def _in_the_first_place(self) -> exp.Expr:
        order = self._spec.order[0]
        named = {measure.name: measure for measure in self._spec.measures}
        by = self.figures.measure(named[order.by]) if order.by in named else self._by(order)
        first = exp.Order(
            expressions=[exp.Ordered(this=by, desc=order.descending, nulls_first=False)]
        )
        place = exp.Window(this=call("rank"), order=first)
        return exp.EQ(this=place, expression=exp.Literal.number(1))

    def sources(self, query: exp.Select) -> exp.Select:
        """The query with its FROM and JOINs."""
        spec = self._spec
        if len(spec.files) == 1:
            query = query.from_(table(self.columns.base))
        else:
            query = query.from_(stacked(spec.files))
        for join in spec.joins:
            name = table_name(join.file)
            joined: exp.Expr = table(name)
            if join.repeated:
                joined = first_of_each(name, join.right)
            on = exp.EQ(
                this=self.columns.column(join.left), expression=column_named(join.right, name)
            )
            query = query.join(joined, on=on, join_type="left")
        return query

    def conditions(self) -> list[exp.Expr]:
        """What the rows have to be like. Rows without the date they are put together by are out."""
        held = [self._filters.condition(condition) for condition in self._spec.filters]
        for group in self._spec.groups if self._spec.measures else ():
            if group.grain or group.width:
                cell = self.columns.date(group.field)
                held.append(opposite(exp.Is(this=cell, expression=exp.Null())))
        for join in unmatched_out(self._spec):
            key = column_named(join.right, table_name(join.file))
            held.append(opposite(exp.Is(this=key, expression=exp.Null())))
        return held

    def _selected(self) -> list[exp.Expr]:
        spec = self._spec
        if not spec.measures:
            chosen = [self.columns.column(field) for field in spec.columns]
            return chosen or [exp.Star()]
        parts = [named(self.figures.group(group), group.name) for group in spec.groups]
        parts += [named(self.figures.measure(measure), measure.name) for measure in spec.measures]
        return parts + [named(self.figures.window(window), window.name) for window in spec.windows]

    def _among_the_first(self, number: int) -> exp.Expr:
        spec = self._spec
        within = spec.within
        inner = next((g for g in spec.groups if within is not None and g.field == within), None)
        partition = (
            [self.figures.group(inner)]
            if inner
            else [self.columns.column(within)]
            if within
            else []
        )
        orders = [self.order(order) for order in spec.order]
        orders += (
            [
                exp.Ordered(this=self.figures.group(group))
                for group in spec.groups
                if group is not inner
            ]
            if spec.measures
            else []
        )
        place = exp.Window(
            this=call("row_number"), partition_by=partition, order=exp.Order(expressions=orders)
        )
        return exp.LTE(this=place, expression=exp.Literal.number(number))

    def _at_the_ends(self, field: Field) -> exp.Expr:
        cell = self.columns.date(field) if field.written else self.columns.column(field)
        ends = [exp.Window(this=call(name, cell.copy())) for name in ("min", "max")]
        return exp.or_(*(exp.EQ(this=cell.copy(), expression=end) for end in ends))

    def order(self, order: Order) -> exp.Ordered:
        """One key of the order; empty ones last."""
        by = self._by(order)
        return exp.Ordered(this=by, desc=order.descending, nulls_first=False)

    def _by(self, order: Order) -> exp.Expr:
        if isinstance(order.by, Field):
            return (
                self.columns.date(order.by) if order.by.written else self.columns.column(order.by)
            )
        spec = self._spec
        measure = next((m for m in spec.measures if m.name == order.by), None)
        if measure is not None and spec.per_group is not None:
            return self.figures.measure(measure)
        group = next((g for g in spec.groups if g.name == order.by), None)
        if group is not None and group.grain == "weekday":
            return call("min", call("isodow", self.columns.date(group.field)))
        if group is not None and group.grain == "month_name":
            return call("min", call("month", self.columns.date(group.field)))
        return column_named(order.by)

    def _ordered(self) -> list[exp.Expr]:
        spec = self._spec
        keys: list[exp.Expr] = []
        if spec.per_group is not None and spec.within is not None:
            inner = next((g for g in spec.groups if g.field == spec.within), None)
            keys.append(
                exp.Ordered(
                    this=column_named(inner.name) if inner else self.columns.column(spec.within),
                    nulls_first=False,
                )
            )
        keys += [self.order(order) for order in spec.order]
        if spec.measures and spec.groups:
            taken = {order.by for order in spec.order if isinstance(order.by, str)}
            keys += [
                self.order(Order(by=group.name)) for group in spec.groups if group.name not in taken
            ]
        return keys
