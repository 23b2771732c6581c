"""What was understood, put together into one question: joins, order, limits, what is listed."""

from collections.abc import Iterator
from itertools import combinations

from memory.model.text import text
from planner.questions.readers.state import Parts, Rank, Reading, Unclear
from planner.questions.readers.worth import amount_of
from planner.questions.semantics import row_noun
from planner.questions.sources import Link
from planner.questions.spec import (
    Age,
    Combined,
    Compare,
    Either,
    Field,
    Filter,
    Group,
    Join,
    Linked,
    Measure,
    Missing,
    OneOf,
    Operand,
    Order,
    QuerySpec,
    Window,
)
from planner.questions.words.lexicon import plain
from planner.questions.words.terms import names_rows


def assembled(reading: Reading, files: tuple[str, ...]) -> QuerySpec:
    """The question. Raises Unclear where its files don't lead to one another."""
    parts = reading.parts
    if parts.rank is not None:
        _size(reading, parts, parts.rank)
        _apply_rank(parts, parts.rank)
        _only_named(reading, parts, parts.rank)
    _settle_measures(reading, parts)
    _possible(parts)
    _whole_rows(reading, parts)
    _name_rows(reading, parts)
    limit = _limit(parts)
    spec = QuerySpec(
        files=files,
        measures=tuple(_rounded(m, parts.digits) for m in _unique(parts.measures)),
        groups=tuple(_named_apart(parts.groups)),
        filters=tuple(parts.filters),
        having=tuple(parts.having),
        columns=tuple(dict.fromkeys(parts.columns)),
        distinct=parts.distinct and not parts.measures,
        windows=tuple(parts.windows),
        limit=limit,
        ties=limit == 1 and parts.rank is not None and parts.rank.by is not None,
        per_group=parts.per_group,
        within=parts.within,
        ends=parts.ends,
        said=tuple(dict.fromkeys(parts.said)),
    )
    spec = spec.model_copy(update={"order": tuple(_orders(reading, spec, parts))})
    return joined(reading, spec)


def _unique(measures: list[Measure]) -> list[Measure]:
    return list({measure.name: measure for measure in measures}.values())


def _rounded(measure: Measure, digits: int | None) -> Measure:
    return measure if digits is None else measure.model_copy(update={"digits": digits})


def _named_apart(groups: list[Group]) -> Iterator[Group]:
    taken: set[str] = set()
    for group in dict.fromkeys(groups):
        name = (
            group.name
            if group.name not in taken
            else f"{group.field.file.rpartition('/')[2].split('.')[0]}_{group.name}"
        )
        taken.add(name)
        yield group.model_copy(update={"name": name})


def _apply_rank(parts: Parts, rank: Rank) -> None:
    """What is ranked becomes groups and a figure, or rows in an order; other groups limit each."""
    outer = [group for group in parts.groups if group not in rank.target]
    if isinstance(rank.by, Measure) or (rank.target and not rank.rows):
        measure = (
            rank.by
            if isinstance(rank.by, Measure)
            else (parts.measures[0] if parts.measures else None)
        )
        if measure is None:
            raise Unclear(text("I don't know by what to rank that. Say “by” and a column."))
        parts.groups = [*outer, *rank.target]
        if measure.name not in {m.name for m in parts.measures}:
            parts.measures.insert(0, measure)
        parts.order.insert(0, Order(by=measure.name, descending=rank.descending))
    elif rank.by is not None and not parts.measures:
        field = _ordering_field(rank.by)
        parts.groups = []
        if field is not None:
            parts.order.insert(0, Order(by=field, descending=rank.descending))
    if outer and rank.number is not None and (rank.target or rank.rows):
        parts.within = outer[0].field
        parts.per_group = rank.number


def _size(reading: Reading, parts: Parts, rank: Rank) -> None:
    """ "the 5 biggest" of rows: by what a row is worth, and "top 5" as the file has them; both said."""
    ordered = rank.by or rank.target or parts.order or parts.groups or parts.measures
    if ordered or not rank.sized or rank.file_order:
        return
    worth = amount_of(reading, reading.base)
    if isinstance(worth, Field):
        rank.by, rank.rows = worth, True
        reading.assume(text("The rows are ranked by {column}.", column=worth.column))
    elif rank.sized == "top":
        rank.file_order = True
        reading.assume(text("The first rows are taken in the order of the file."))
    else:
        raise Unclear(text("I don't know by what to rank that. Say “by” and a column."))


def _ordering_field(by: Measure | Operand) -> Field | None:
    match by:
        case Field():
            return by
        case Age(born=born):
            return born
        case _:
            raise Unclear(
                text("I can't rank single rows by a figure worked out from two columns yet.")
            )


def _only_named(reading: Reading, parts: Parts, rank: Rank) -> None:
    """ "the most used coupon" is one: rows without any are no rival."""
    told = {held.field for held in parts.filters if isinstance(held, Missing)}
    for group in rank.target if rank.number is not None else ():
        ref = reading.vocabulary.ref(group.field)
        if ref is not None and ref.column.nulls and group.field not in told:
            parts.filters.append(Missing(field=group.field, negated=True))
            reading.assume(text("Rows without {column} are left out.", column=ref.name))


def _limit(parts: Parts) -> int | None:
    if parts.per_group is not None or parts.rank is None:
        return None
    return parts.rank.number


def _settle_measures(reading: Reading, parts: Parts) -> None:
    """Groups without a figure count rows; columns beside groups are figures."""
    if parts.groups and not parts.measures:
        parts.measures.append(reading.measure("count", None))
    parts.windows = [window for window in parts.windows if _is_there(window, parts)]


def _is_there(window: Window, parts: Parts) -> bool:
    """Whether there are the figures it looks at, and the other rows that it may look at."""
    named = {"", *(measure.name for measure in parts.measures)}
    return {window.of, window.other} <= named and bool(parts.groups or window.other)


def _possible(parts: Parts) -> None:
    """Raises Unclear where a cell would have to be two things at once."""
    held = [one_of for one_of in parts.filters if isinstance(one_of, OneOf) and not one_of.negated]
    for first, second in combinations(held, 2):
        if first.field == second.field and not {*first.values} & {*second.values}:
            raise Unclear(
                text(
                    "No row has both {first} and {second} in {column}. Say “or”, or ask for each.",
                    first=first.values[0],
                    second=second.values[0],
                    column=first.field.column,
                )
            )


def _whole_rows(reading: Reading, parts: Parts) -> None:
    """ "students without a club", where student is the key: the rows rather than their keys."""
    if not parts.distinct or parts.measures or len(parts.columns) != 1:
        return
    file, key = reading.base, reading.vocabulary.key(reading.base)
    named = [ref for ref in reading.own() if plain(ref.name) == row_noun(file)]
    own = {ref.field for ref in (key, *named) if ref and ref.column.distinct == file.rows}
    if parts.columns[0] in own:
        parts.columns, parts.distinct = [], False


def _name_rows(reading: Reading, parts: Parts) -> None:
    """ "the heaviest dog and its owner": the row by its name, and what it is ranked by."""
    rank = parts.rank if parts.rank is not None and parts.rank.rows else None
    full = [group.field for group in reading.row_names()]
    if parts.distinct and len(full) > 1 and parts.columns[0] in full:  # two may be called alike
        parts.columns, parts.distinct = full, False
    if not parts.columns or parts.measures or parts.groups or not (rank or parts.besides):
        return
    by = [rank.by] if rank is not None and isinstance(rank.by, Field) else []
    parts.columns = [*full, *parts.columns, *by]


def _orders(reading: Reading, spec: QuerySpec, parts: Parts) -> Iterator[Order]:
    """The order that was asked for, with names of the result; a sensible one failing that."""
    results = {*(m.name for m in spec.measures), *(g.name for g in spec.groups)}
    for order in parts.order:
        yield resolved(order, spec, results)
    if parts.order:
        if not spec.measures:
            key = reading.vocabulary.key(reading.base)
            fields = {order.by for order in parts.order}
            if (
                key is not None
                and key.field not in fields
                and not spec.distinct
                and not spec.columns
            ):
                yield Order(by=key.field)
        return
    yield from default_order(spec)


def default_order(spec: QuerySpec) -> tuple[Order, ...]:
    """Groups by their figure, the largest first; dates and several groups as they come."""
    single = len(spec.groups) == 1 and not spec.groups[0].grain and spec.groups[0].width is None
    if spec.measures and spec.groups and single:
        return (Order(by=spec.measures[0].name, descending=True),)
    return (Order(by=spec.columns[0]),) if spec.distinct and spec.columns else ()


def resolved(order: Order, spec: QuerySpec, results: set[str]) -> Order:
    """The order by a column of the result. Raises Unclear where it has none of that name."""
    if isinstance(order.by, str):
        by = order.by if order.by in results else _first_result(spec)
        return order.model_copy(update={"by": by})
    if not spec.measures:
        return order
    made = [(measure.of, measure.name) for measure in spec.measures]
    made += [(group.field, group.name) for group in spec.groups]
    name = next((name for of, name in made if of == order.by), None)
    if name is None:
        raise Unclear(text("The result has no column {column} to sort by.", column=order.by.column))
    return order.model_copy(update={"by": name})


def _first_result(spec: QuerySpec) -> str | Field:
    if spec.measures:
        return spec.measures[0].name
    if spec.columns:
        return spec.columns[0]
    raise Unclear(text("I don't know by what to sort. Name a column."))


# -- joins -----------------------------------------------------------------------------------


def joined(reading: Reading, spec: QuerySpec) -> QuerySpec:
    """The question with the joins that its columns need. Raises Unclear where there is no way."""
    spec = _called(reading, spec)
    joins: dict[str, Join] = {}
    base = reading.base.path
    for file in dict.fromkeys(field.file for field in fields_of(spec)):
        if file in spec.files or file in joins:
            continue
        way = reading.files.way(base, file, reading.links)
        if way is None:
            raise Unclear(
                text(
                    "{first} and {second} have no column in common that leads from one to the other. Say “join … on … = …”.",
                    first=base,
                    second=file,
                )
            )
        for link in way:
            if link.single not in joins:
                joins[link.single] = _join(reading, link)
    kept = tuple(joins.values())
    for join in kept:
        reading.assume(_sentence(join))
        if join.repeated:
            reading.assume(
                text(
                    "{file} has several rows for some {column}; the first of each is used.",
                    file=join.file,
                    column=join.right,
                )
            )
    return _told_apart(reading, spec.model_copy(update={"joins": kept}))


def _called(reading: Reading, spec: QuerySpec) -> QuerySpec:
    """With its name beside the key of another file's row: "P07" alone tells nobody which product it is."""
    there = {group.field.file for group in spec.groups}
    groups: list[Group] = []
    for group in spec.groups:
        link = _leading(reading, group)
        named = link is not None and link.single not in there
        groups += [group, *(_names(reading, link) if link is not None and named else ())]
    return spec.model_copy(update={"groups": tuple(_named_apart(groups))})


def _leading(reading: Reading, group: Group) -> Link | None:
    """The link by which the column leads to one row of another file."""
    base = reading.base.path
    if group.field.file != base or group.grain or group.width:
        return None
    own = (link for link in reading.files.links if link.many == base and not link.repeated)
    return next((link for link in own if link.left == group.field.column), None)


def _names(reading: Reading, link: Link) -> list[Group]:
    made = reading.entity(reading.files.by_path[link.single])
    return [group for group in made if group.field.column != link.right]


def _told_apart(reading: Reading, spec: QuerySpec) -> QuerySpec:
    """With the key beside a name that several rows of another file share: two people called alike."""
    keys = {join.file: join.right for join in spec.joins if not join.repeated}
    groups: list[Group] = []
    for group in spec.groups:
        ref, key = reading.vocabulary.ref(group.field), keys.get(group.field.file)
        called = ref is not None and names_rows(ref)
        shared = called and ref is not None and (ref.column.distinct or 0) < (ref.file.rows or 0)
        if key is not None and shared and key not in {held.field.column for held in spec.groups}:
            groups.append(Group(field=Field(file=group.field.file, column=key), name=key))
        groups.append(group)
    return spec.model_copy(update={"groups": tuple(groups)})


def _join(reading: Reading, link: Link) -> Join:
    left = next(r for r in reading.vocabulary.of_file(link.many) if r.name == link.left)
    return Join(file=link.single, left=left.field, right=link.right, repeated=link.repeated)


def _sentence(join: Join) -> str:
    by = (
        join.right
        if join.left.column.casefold() == join.right.casefold()
        else f"{join.left.column} = {join.right}"
    )
    return text(
        "{first} and {second} are joined on {column}.",
        first=join.left.file,
        second=join.file,
        column=by,
    )


def fields_of(spec: QuerySpec) -> Iterator[Field]:
    """Every column that the question looks at."""
    for measure in spec.figures:
        yield from _measured(measure)
    yield from (group.field for group in spec.groups)
    yield from spec.columns
    yield from (order.by for order in spec.order if isinstance(order.by, Field))
    for held in spec.filters:
        yield from filter_fields(held)
    yield from (field for field in (spec.within, spec.ends) if field is not None)


def _measured(measure: Measure) -> Iterator[Field]:
    if measure.of is not None:
        yield from operand_fields(measure.of)
    if measure.other is not None:
        yield measure.other
    for held in measure.only:
        yield from filter_fields(held)
    if measure.per is not None:
        yield from _measured(measure.per)


def operand_fields(of: Operand) -> Iterator[Field]:
    """The columns of a figure."""
    match of:
        case Field():
            yield of
        case Combined(first=first, second=second):
            yield from (first, second)
        case Age(born=born):
            yield born


def filter_fields(held: Filter) -> Iterator[Field]:
    """The columns of a condition, without those of another file's rows."""
    if isinstance(held, Linked):
        yield held.field
    elif isinstance(held, Either):
        for either in held.filters:
            yield from filter_fields(either)
    elif isinstance(held, Compare):
        yield from operand_fields(held.of)
    else:
        yield held.field
