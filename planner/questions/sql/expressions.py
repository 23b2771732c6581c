"""Small parts of SQL as sqlglot's expressions. Pure."""

from collections.abc import Iterable, Sequence

from sqlglot import exp

from planner.questions.spec import FILE, table_name


def table(name: str) -> exp.Table:
    """The table of this name, quoted."""
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def column_named(name: str, table: str = "") -> exp.Column:
    """The column of this name, quoted."""
    owner = exp.to_identifier(table, quoted=True) if table else None
    return exp.Column(this=exp.to_identifier(name, quoted=True), table=owner)


def named(expression: exp.Expr, name: str) -> exp.Expr:
    """The expression under a name."""
    if isinstance(expression, exp.Column) and expression.name == name and not expression.table:
        return expression
    return exp.Alias(this=expression, alias=exp.to_identifier(name, quoted=True))


def call(function: str, *arguments: exp.Expr) -> exp.Expr:
    """A function of DuckDB."""
    return exp.Anonymous(this=function, expressions=list(arguments))


def number(value: float) -> exp.Expr:
    """A number, whole where it is."""
    shown = (
        str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    )
    if shown.startswith("-"):
        return exp.Neg(this=exp.Literal.number(shown[1:]))
    return exp.Literal.number(shown)


def day(day: str) -> exp.Expr:
    """A day as DuckDB takes it."""
    return exp.cast(exp.Literal.string(day), "DATE")


def between(date: exp.Expr, start: object, end: object) -> exp.Expr:
    """Whether the date is from the start up to but without the end."""
    bounds: list[exp.Expr] = []
    if start is not None:
        bounds.append(exp.GTE(this=date, expression=day(str(start))))
    if end is not None:
        bounds.append(exp.LT(this=date.copy(), expression=day(str(end))))
    return all_of(bounds)


def all_of(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """All conditions together."""
    held = list(conditions)
    return held[0] if len(held) == 1 else exp.and_(*held)


def any_of(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """At least one of the conditions."""
    held = list(conditions)
    return held[0] if len(held) == 1 else exp.paren(exp.or_(*held))


def opposite(condition: exp.Expr) -> exp.Expr:
    """The opposite."""
    return exp.Not(
        this=condition
        if isinstance(condition, exp.Paren | exp.Is | exp.In)
        else exp.paren(condition)
    )


def stacked(files: Sequence[str]) -> exp.Expr:
    """The rows of all files, each with the name of its file."""
    selects = []
    for file in files:
        name = exp.Literal.string(file.rpartition("/")[2])
        selects.append(exp.select(exp.Star(), named(name, FILE)).from_(table(table_name(file))))
    union: exp.Expr = selects[0]
    for select in selects[1:]:
        union = exp.Union(this=union, expression=select, distinct=False, by_name=True)
    return exp.Subquery(
        this=union, alias=exp.TableAlias(this=exp.to_identifier("rows", quoted=True))
    )


def first_of_each(name: str, key: str) -> exp.Expr:
    """One row of the table for each value of the key."""
    inner = exp.select(exp.Star()).from_(table(name))
    inner.set("distinct", exp.Distinct(on=exp.Tuple(expressions=[column_named(key)])))
    inner = inner.order_by(exp.var("ALL"))
    return exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
