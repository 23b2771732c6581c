"""An earlier question with what is said of it next. Pure."""

from collections.abc import Sequence

from planner.questions.readers.assembly import default_order, filter_fields, joined, resolved
from planner.questions.readers.state import Parts, Reading
from planner.questions.spec import Field, Filter, Order, QuerySpec


def merged(before: QuerySpec, parts: Parts, reading: Reading, *, also: bool = False) -> QuerySpec:
    """The earlier question with what was said of it now."""
    groups = tuple(parts.groups)
    if groups and also:
        groups = (*before.groups, *(g for g in groups if g not in before.groups))
    measures = tuple(parts.measures)
    if measures and also:
        measures = (*before.measures, *(m for m in measures if m not in before.measures))
    rank = parts.rank
    changed = before.model_copy(
        update={
            "groups": groups or before.groups,
            "measures": measures or before.measures,
            "columns": tuple(parts.columns) or before.columns,
            "filters": (*_kept(before.filters, parts.filters), *parts.filters),
            "having": (*before.having, *parts.having),
            "said": (*_said(before, parts), *parts.said),
            "windows": tuple(parts.windows) or (before.windows if not measures else ()),
            "limit": rank.number if rank is not None and rank.number else before.limit,
        }
    )
    if parts.digits is not None:
        rounded = tuple(m.model_copy(update={"digits": parts.digits}) for m in changed.measures)
        changed = changed.model_copy(update={"measures": rounded})
    return joined(
        reading, changed.model_copy(update={"order": _order(before, changed, parts), "joins": ()})
    )


def _kept(before: Sequence[Filter], new: Sequence[Filter]) -> list[Filter]:
    """Earlier conditions but for those on a column of which something else is said now."""
    said = {field for held in new for field in filter_fields(held)}
    return [held for held in before if not said & set(filter_fields(held))]


def _said(before: QuerySpec, parts: Parts) -> list[str]:
    kept = _kept(before.filters, parts.filters)
    if len(kept) == len(before.filters):
        return list(before.said)
    if len(before.said) != len(before.filters):
        return []
    return [words for words, held in zip(before.said, before.filters, strict=True) if held in kept]


def _order(before: QuerySpec, changed: QuerySpec, parts: Parts) -> tuple[Order, ...]:
    results = {m.name for m in changed.measures} | {g.name for g in changed.groups}
    if parts.order:
        return tuple(resolved(order, changed, results) for order in parts.order)
    rank = parts.rank
    if rank is not None and isinstance(rank.by, Field) and not changed.measures:
        return (Order(by=rank.by, descending=rank.descending),)
    if not parts.groups and not parts.measures:
        if rank is not None and changed.measures and not rank.descending:
            return (Order(by=changed.measures[0].name),)
        return before.order or (
            default_order(changed) if changed.limit is None else _largest(changed)
        )
    kept = tuple(
        order for order in before.order if not isinstance(order.by, str) or order.by in results
    )
    default = default_order(changed)
    if before.limit is None and default != kept:
        return default
    return kept or (_largest(changed) if changed.limit is not None else default)


def _largest(spec: QuerySpec) -> tuple[Order, ...]:
    """A limit without an order means the biggest."""
    return (
        (Order(by=spec.measures[0].name, descending=True),) if spec.measures and spec.groups else ()
    )
