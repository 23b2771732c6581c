"""What a result leaves out, as queries that run beside it: rows without a match, a date, a figure. Pure."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from sqlglot import exp

from memory.model.base import Model
from memory.model.text import text
from planner.questions.readers.assembly import filter_fields
from planner.questions.spec import Field, Measure, OneOf, QuerySpec, table_name
from planner.questions.sql.select import Renderer, select_of, unmatched_out


class Note(Model):
    """A query of one row, and the sentence for its figures ({0}, {1} …), said where {0} is not 0."""

    sql: str
    sentence: str


def notes_of(spec: QuerySpec) -> tuple[Note, ...]:
    """The notes that may be worth a sentence."""
    return (
        *_unmatched(spec),
        *_undated(spec),
        *_without_figure(spec),
        *_without_group(spec),
        *_empty_kept(spec),
        *_ties(spec),
    )


def _bare(spec: QuerySpec) -> QuerySpec:
    """The rows alone, under the same conditions."""
    update = {
        "groups": (),
        "having": (),
        "windows": (),
        "order": (),
        "limit": None,
        "per_group": None,
        "columns": (),
        "distinct": False,
    }
    return spec.model_copy(update=update)


def _counting(spec: QuerySpec, *figures: exp.Expr, where: exp.Expr) -> str:
    renderer = Renderer(spec)
    query = renderer.sources(exp.select(*figures))
    for condition in (*renderer.conditions(), where):
        query = query.where(condition)
    return query.sql(dialect="duckdb")


def _empty(expression: exp.Expr) -> exp.Expr:
    return exp.Is(this=expression, expression=exp.Null())


def _unmatched(spec: QuerySpec) -> Iterator[Note]:
    """Rows that the join finds no partner for, with what they add up to."""
    linked = {field.file for held in spec.filters for field in filter_fields(held)}
    linked |= {join.file for join in unmatched_out(spec)}
    for join in spec.joins:
        # Conditions on the other file leave these rows out: count them without those.
        own = tuple(
            held
            for held in spec.filters
            if not any(f.file == join.file for f in filter_fields(held))
        )
        rows = _bare(spec).model_copy(update={"filters": own})
        renderer = Renderer(rows)
        key = exp.column(join.right, table=table_name(join.file), quoted=True)
        sums = [
            m
            for m in spec.measures
            if m.function == "sum" and isinstance(m.of, Field) and m.of.file in spec.files
        ][:1]
        figures = [exp.Count(this=exp.Star()), *(renderer.figures.measure(m) for m in sums)]
        first, second = (PurePosixPath(path).name for path in (join.left.file, join.file))
        amount = text(" ({name}: {{1}})", name=sums[0].name.replace("_", " ")) if sums else ""
        left = text("left out") if join.file in linked else text("kept as “(no match)”")
        if join.file not in {group.field.file for group in spec.groups} | linked:
            left = text("kept")
        sentence = text(
            "{{0}} rows of {first} have no match in {second}{amount}; they are {left}.",
            first=first,
            second=second,
            amount=amount,
            left=left,
        )
        yield Note(sql=_counting(rows, *figures, where=_empty(key)), sentence=sentence)


def _undated(spec: QuerySpec) -> Iterator[Note]:
    for group in spec.groups:
        if not spec.measures or not (group.grain or group.width):
            continue
        rows = _bare(spec)
        renderer = Renderer(rows)
        column = (
            renderer.columns.date(group.field)
            if group.grain
            else renderer.columns.column(group.field)
        )
        what = (
            text("a date in {column}", column=group.field.column)
            if group.grain
            else group.field.column
        )
        sentence = text("{{0}} rows without {what} are left out.", what=what)
        yield Note(
            sql=_counting(rows, exp.Count(this=exp.Star()), where=_empty(column)), sentence=sentence
        )


def _without_figure(spec: QuerySpec) -> Iterator[Note]:
    seen: set[str] = set()
    for measure in spec.measures:
        if measure.function in {"count", "distinct", "corr"} or measure.of is None or measure.only:
            continue
        rows = _bare(spec)
        operand = Renderer(rows).columns.operand(measure.of)
        sql = _counting(rows, exp.Count(this=exp.Star()), where=_empty(operand))
        if sql not in seen:
            seen.add(sql)
            yield Note(
                sql=sql,
                sentence=text(
                    "{{0}} rows have no value for {what} and don't count in it.",
                    what=_named(measure),
                ),
            )


def _named(measure: Measure) -> str:
    return measure.of.column if isinstance(measure.of, Field) else measure.name.replace("_", " ")


def _without_group(spec: QuerySpec) -> Iterator[Note]:
    for group in spec.groups if spec.measures else ():
        if group.grain or group.width or group.field.file not in spec.files or spec.having:
            continue
        rows = _bare(spec)
        empty = _empty(Renderer(rows).columns.column(group.field))
        sentence = text("{{0}} rows have no {column}.", column=group.field.column)
        yield Note(sql=_counting(rows, exp.Count(this=exp.Star()), where=empty), sentence=sentence)


def _empty_kept(spec: QuerySpec) -> Iterator[Note]:
    """Rows that have no value at all are not this value either: they are kept, and that is said."""
    for held in spec.filters:
        if isinstance(held, OneOf) and held.negated and held.field.file in spec.files:
            rows = _bare(spec)
            empty = _empty(Renderer(rows).columns.column(held.field))
            sentence = text("{{0}} of these rows have no {column}.", column=held.field.column)
            yield Note(
                sql=_counting(rows, exp.Count(this=exp.Star()), where=empty), sentence=sentence
            )


def _ties(spec: QuerySpec) -> Iterator[Note]:
    """Groups or rows just beyond the limit that are as big as the last one shown."""
    if (
        spec.limit is None
        or not spec.order
        or spec.per_group is not None
        or (spec.measures and not spec.groups)
    ):
        return
    by = spec.order[0].by
    whole = spec.model_copy(update={"limit": None, "windows": ()})
    if isinstance(by, Field):
        key = Renderer(whole).order(spec.order[0]).this
        whole = whole.model_copy(update={"columns": ()})
        inner = select_of(whole)
        inner.set("expressions", [exp.alias_(key, "ranked_by", quoted=True)])
        if spec.distinct:
            return
        name = "ranked_by"
    else:
        inner, name = select_of(whole), by
    column = exp.column(name, quoted=True)
    last = exp.select(column.copy()).from_("whole").limit(1).offset(spec.limit - 1)
    shown = exp.select(column.copy()).from_("whole").limit(spec.limit)
    same = exp.EQ(this=column, expression=exp.Subquery(this=last))
    all_same = exp.select(exp.Count(this=exp.Star())).from_("whole").where(same)
    shown_same = (
        exp.select(exp.Count(this=exp.Star()))
        .from_(exp.Subquery(this=shown, alias=exp.TableAlias(this=exp.to_identifier("shown"))))
        .where(same.copy())
    )
    figure = exp.Sub(this=exp.Subquery(this=all_same), expression=exp.Subquery(this=shown_same))
    sql = exp.select(figure).with_("whole", as_=inner).sql(dialect="duckdb")
    yield Note(sql=sql, sentence=text("{{0}} more have the same value as the last one shown."))
