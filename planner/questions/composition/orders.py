"""In what order the result comes: "sorted by total revenue", "highest first", "products by revenue"."""

from planner.questions.composition.desk import Desk
from planner.questions.composition.figures import Worked
from planner.questions.composition.pieces import By, Figure, Sorting, Thing, is_measure, is_rows
from planner.questions.readers.figures import Figures
from planner.questions.spec import Field, Measure, Order


def take_orders(desk: Desk) -> None:
    """Take the order that is said, once: a second one contradicts the first and stays unread."""
    parts = desk.reading.parts
    by = desk.ordering
    if by is not None and by in desk.of(By) and _ordered(desk, by):
        desk.use(
            by,
            *(
                s
                for s in desk.of(Sorting)
                if s.end == s.start + 1 and not s.down and desk.marks[s.start].letter == "S"
            ),
        )
    for sorting in desk.of(Sorting):
        if by is not None and by in desk.used and len(parts.order) == 1 and _only_way(sorting):
            parts.order = [parts.order[0].model_copy(update={"descending": sorting.down})]
            desk.use(sorting)
            return
        if parts.order and parts.rank is None:
            return
        key = _sorted_by(desk, sorting)
        if key is not None:
            parts.order.append(Order(by=key, descending=sorting.down))
            desk.use(sorting)


def _ordered(desk: Desk, by: By) -> bool:
    """ "products by revenue": each with its figure, the biggest first."""
    parts = desk.reading.parts
    measure = Worked(desk).of_by(by) if parts.rank is None else None
    if measure is None:
        return False
    heads = [t for t in _heads(desk) if not is_rows(t.mark, desk.reading)]
    _put_together(desk, heads)
    if not parts.groups:
        fields = [measure.of] if isinstance(measure.of, Field) else []
        parts.order += [Order(by=of, descending=True) for of in fields]
        return bool(fields)
    desk.reading.keep(measure)
    parts.order.append(Order(by=measure.name, descending=True))
    return True


def _only_way(sorting: Sorting) -> bool:
    """ "… by total price, lowest first": only which end comes first."""
    return sorting.figure is None and sorting.thing is None


def _heads(desk: Desk) -> list[Thing]:
    return [thing for thing in desk.of(Thing) if not is_measure(thing.mark)]


def _put_together(desk: Desk, heads: list[Thing]) -> None:
    """What stands bare beside a figure is what rows are put together by."""
    parts = desk.reading.parts
    for head in heads[:1] if not parts.groups else ():
        parts.groups += Figures(desk.reading).groups(head.mark) or ()
        desk.use(head)


def _sorted_by(desk: Desk, sorting: Sorting) -> str | Field | None:
    """What the result has to be sorted by; "" where only a direction is said."""
    figure = sorting.figure or _summed(desk, sorting.thing)
    if figure is not None:
        return _by_figure(desk, figure)
    if sorting.thing is None:
        return ""
    mark = sorting.thing.mark
    ref = desk.reading.ref(mark) if mark.letter == "C" else None
    return ref.field if ref is not None else mark.carries if mark.letter == "G" else ""


def _summed(desk: Desk, thing: Thing | None) -> Figure | None:
    """A number that is sorted by where rows are put together: a figure of each group."""
    if thing is None or not is_measure(thing.mark):
        return None
    parts, heads = desk.reading.parts, _heads(desk)
    columns = bool(heads) and all(head.mark.letter == "C" for head in heads)
    grouped = parts.groups or parts.measures or columns
    return Figure(thing.start, thing.end, things=(thing,)) if grouped else None


def _by_figure(desk: Desk, figure: Figure) -> str | None:
    if not (figure.things or figure.counted):
        return ""
    measure = Figures(desk.reading).figure(figure.marks())
    if measure is None:
        return "" if figure.functions else None
    same = measure if figure.functions else _same(desk, measure)
    if same not in desk.reading.parts.measures:
        _put_together(desk, [head for head in _heads(desk) if head.mark.letter == "C"])
        desk.reading.keep(same)
    return same.name


def _same(desk: Desk, measure: Measure) -> Measure:
    """The figure of the same column that is there already, whatever its function."""
    return next((m for m in desk.reading.parts.measures if m.of == measure.of), measure)
