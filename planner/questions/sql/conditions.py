"""Conditions of a question as expressions. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

from sqlglot import exp

from planner.questions.spec import (
    Compare,
    DatePart,
    During,
    Either,
    Field,
    Filter,
    Like,
    Linked,
    Missing,
    OneOf,
    Op,
    Operand,
    table_name,
)
from planner.questions.sql.columns import Columns
from planner.questions.sql.expressions import (
    any_of,
    between,
    call,
    column_named,
    number,
    opposite,
    table,
)

_PARTS = {
    "month": "month",
    "quarter": "quarter",
    "weekday": "isodow",
    "hour": "hour",
    "year": "year",
}
OPS: Final[Mapping[Op, type[exp.Binary]]] = {
    "=": exp.EQ, "<>": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip


class Conditions:
    """Filters over the columns of one question."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def condition(self, held: Filter) -> exp.Expr:
        """A filter as an expression."""
        match held:
            case Compare(of=of, op=op, value=value, average=average):
                right = self._average(of) if average else number(value)
                return OPS[op](this=self._columns.operand(of), expression=right)
            case OneOf() | Like():
                return self._of_text(held)
            case Missing() | During() | DatePart():
                found = self._of_cell(held)
                return opposite(found) if held.negated else found
            case Linked():
                return self._linked(held)
            case Either(filters=filters):
                return any_of(self.condition(either) for either in filters)
            case _:
                assert_never(held)

    def _of_text(self, held: OneOf | Like) -> exp.Expr:
        """What is not this is also what is empty."""
        if isinstance(held, OneOf):
            found = self._one_of(held.field, held.values)
        else:
            name = {"contains": "contains", "starts": "starts_with", "ends": "ends_with"}[held.how]
            found = call(name, self._folded(held.field), exp.Literal.string(held.words.lower()))
        if not held.negated:
            return found
        empty = exp.Is(this=self._columns.column(held.field), expression=exp.Null())
        return exp.paren(exp.or_(opposite(found), empty))

    def _of_cell(self, held: Missing | During | DatePart) -> exp.Expr:
        match held:
            case Missing(field=field, zero=zero):
                nothing = exp.EQ(this=self._columns.column(field), expression=number(0))
                empty = self._empty(field)
                return exp.paren(exp.or_(empty, nothing)) if zero else empty
            case During(field=field, spans=spans):
                return any_of(between(self._columns.date(field), *span) for span in spans)
            case DatePart(field=field, part=part, numbers=numbers):
                date = call(_PARTS[part], self._columns.date(field))
                return exp.In(this=date, expressions=[number(n) for n in numbers])

    def _average(self, of: Operand) -> exp.Expr:
        return exp.Subquery(
            this=exp.select(call("AVG", self._columns.operand(of))).from_(table(self._columns.base))
        )

    def _one_of(self, field: Field, values: Sequence[str | float]) -> exp.Expr:
        if all(isinstance(value, float | int) for value in values):
            numbers = [number(float(value)) for value in values]
            if len(numbers) == 1:
                return exp.EQ(this=self._columns.column(field), expression=numbers[0])
            return exp.In(this=self._columns.column(field), expressions=numbers)
        low = list(dict.fromkeys(str(value).strip().lower() for value in values))
        texts = [exp.Literal.string(value) for value in low]
        if len(texts) == 1:
            return exp.EQ(this=self._folded(field), expression=texts[0])
        return exp.In(this=self._folded(field), expressions=texts)

    def _folded(self, field: Field) -> exp.Expr:
        return call("lower", call("trim", exp.cast(self._columns.column(field), "VARCHAR")))

    def _empty(self, field: Field) -> exp.Expr:
        column = self._columns.column(field)
        blank = exp.EQ(
            this=call("trim", exp.cast(column.copy(), "VARCHAR")),
            expression=exp.Literal.string(""),
        )
        return exp.paren(exp.or_(exp.Is(this=column, expression=exp.Null()), blank))

    def _partners(self, held: Linked) -> exp.Expr:
        """How many partners a row has, or how many different values they have."""
        if held.each is None:
            return call("count", exp.Star())
        of = self._columns.column(held.each)
        each = self._columns.grain(held.each, held.grain) if held.grain else of
        return call("count", exp.Distinct(expressions=[each]))

    def _linked(self, held: Linked) -> exp.Expr:
        name = table_name(held.other.file)
        other = column_named(held.other.column, name)
        inner = (
            exp.select(other)
            .from_(table(name))
            .where(opposite(exp.Is(this=other.copy(), expression=exp.Null())))
        )
        for filter_ in held.where:
            inner = inner.where(self.condition(filter_))
        if held.at_least > 1:
            many = exp.GTE(this=self._partners(held), expression=number(held.at_least))
            inner = inner.group_by(other.copy()).having(many)
        found = exp.In(this=self._columns.column(held.field), query=exp.Subquery(this=inner))
        return opposite(found) if held.negated else found
