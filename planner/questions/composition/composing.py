"""Pieces put together: each finds what it belongs to by what it is and how near it stands."""

from collections.abc import Sequence
from dataclasses import replace

from planner.questions.composition.adverbs import take_adverbs
from planner.questions.composition.chunks import chunked
from planner.questions.composition.desk import Desk
from planner.questions.composition.figures import Worked
from planner.questions.composition.moving import take_moving
from planner.questions.composition.orders import take_orders
from planner.questions.composition.pieces import (
    Asked,
    By,
    Figure,
    Share,
    Thing,
    is_measure,
    is_rows,
)
from planner.questions.composition.superlatives import take_superlatives
from planner.questions.readers.figures import Figures, is_steps
from planner.questions.readers.ranked import Ranker
from planner.questions.readers.state import Reading
from planner.questions.semantics import Role
from planner.questions.spec import OneOf, Window
from planner.questions.words.lexicon import singular
from planner.questions.words.marks import Line, Mark, is_done, refs_of


def compose(line: Line, reading: Reading) -> None:
    """Put the pieces of the line together and take their marks out; what fits nowhere stays."""
    desk = Desk(reading, line.marks, chunked(line.marks))
    _resolve_by(desk)
    take_adverbs(desk)
    _averages(desk)
    take_superlatives(desk)
    _take_groups(desk)
    Worked(desk).take()
    take_orders(desk)
    take_moving(desk)
    _take_shares(desk)
    _take_spare(desk)
    _take_people(desk)
    _unanswered(desk)
    for piece in sorted(desk.used, key=lambda piece: -piece.start):
        line.marks[piece.start : piece.end] = [Mark("_", "")]
    _each_value(line, reading)


def _each_value(line: Line, reading: Reading) -> None:
    """ "vaccinations and blood tests, how many of each"; an "each" of nothing is not read."""
    parts = reading.parts
    alone = [
        mark.words for mark in line.marks if mark.letter == "B" and "each" in mark.words.split()
    ]
    if not alone or parts.groups or not parts.measures:
        return
    named = [held for held in parts.filters if isinstance(held, OneOf) and len(held.values) > 1]
    refs = [reading.vocabulary.ref(held.field) for held in named if not held.negated]
    if len(refs) == 1 and refs[0] is not None:
        parts.groups.append(reading.group(refs[0]))
    else:
        reading.unread += alone


def _resolve_by(desk: Desk) -> None:
    """Whether each "by" parts the rows, says an order, or divides."""
    for by in desk.of(By):
        if by.figure is not None or by.verb is not None:
            desk.ordering = by if not by.per else desk.ordering
        elif not by.things:  # "per order" of a file that calls its rows otherwise
            desk.use(by)
        elif is_measure(by.things[0].mark) and not _in_steps(desk, by):
            if by.per:
                desk.divisor = by
            else:
                desk.ordering = replace(by, figure=_of(by.things))
                desk.swap(by, desk.ordering)
        elif len(by.things) == 1 and _each_row(desk, by):
            desk.use(by)


def _averages(desk: Desk) -> None:
    """ "average number of orders per customer": what an average of numbers is divided by."""
    for figure in desk.of(Figure):
        averaged = any(function.carries == "avg" for function in figure.functions)
        counts = figure.counted or (figure.things and figure.things[0].mark.letter == "E")
        after = [by for by in desk.of(By) if by.start >= figure.end and len(by.things) == 1]
        letters = "EGC" if figure.counted else "EG"
        if averaged and counts and after and after[0].things[0].mark.letter in letters:
            desk.averaged.append(after[0])


def _of(things: Sequence[Thing]) -> Figure:
    return Figure(things[0].start, things[-1].end, things=tuple(things))


def _in_steps(desk: Desk, by: By) -> bool:
    """ "average price by number of stars": parted by a number that has only a few values."""
    mark = by.things[0].mark
    if not refs_of(mark):
        return False
    units = {Role.QUANTITY, Role.DURATION, Role.AMOUNT}
    if by.per and mark.words == singular(mark.words) and refs_of(mark)[0].role in units:
        return False  # "price per minute"
    bare = any(is_measure(thing.mark) for thing in desk.of(Thing))
    return is_steps(refs_of(by.things[0].mark)) and (by.per or bare or bool(desk.of(Figure)))


def _each_row(desk: Desk, by: By) -> bool:
    """ "average revenue per order": one row each, so there is nothing to put together."""
    if not by.per or not is_rows(by.things[0].mark, desk.reading):
        return False
    measured = [f for f in desk.of(Figure) if f.things and is_measure(f.things[0].mark)]
    bare = [thing for thing in desk.of(Thing) if is_measure(thing.mark)]
    for thing in bare:
        averaged = Figure(thing.start, thing.end, (Mark("F", "average", carries="avg"),), things=(thing,))  # fmt: skip
        desk.swap(thing, averaged)
    return bool(measured or bare)


def _take_groups(desk: Desk) -> None:
    figures, parts = Figures(desk.reading), desk.reading.parts
    bare = [thing for thing in desk.of(Thing) if thing.mark.letter == "G"]
    pieces: list[By | Thing] = [*desk.of(By), *bare]
    event = _event(desk)
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if piece in {desk.ordering, desk.divisor} or desk.divides(piece):
            continue
        things = piece.things if isinstance(piece, By) else (piece,)
        made = [figures.grouped(thing.mark, thing.owner or event) for thing in things]
        if all(made):
            desk.use(piece)
            found = [group for groups in made for group in groups or ()]
            parts.groups += [group for group in found if group not in parts.groups]


def _event(desk: Desk) -> Mark | None:
    """ "arrivals per month", "signups by quarter": what happened is named after its date."""
    grained = any(mark.letter in "Gg" for mark in desk.marks)
    for thing in desk.of(Thing) if grained else ():
        refs = refs_of(thing.mark) if thing.mark.letter == "C" else ()
        dates = bool(refs) and all(ref.role is Role.DATE for ref in refs)
        last = thing.mark.words.casefold().split()[-1]
        if dates and (is_done(thing.mark) or last != singular(last)):
            desk.use(thing)
            return thing.mark
    return None


def _take_shares(desk: Desk) -> None:
    """ "share of revenue by region", "bookings by source in percent"."""
    parts = desk.reading.parts
    for share in desk.of(Share):
        made = _ratio_of_two(desk, share)
        if made:
            desk.use(share)
            continue
        if not parts.measures:
            desk.reading.keep(desk.reading.measure("count", None))
        measure = parts.measures[-1]
        if parts.groups and measure.function in {"sum", "count", "distinct"}:
            window = Window(kind="share", of=measure.name, name="share_percent")
            parts.windows += [window] if window not in parts.windows else []
            desk.use(share)


def _ratio_of_two(desk: Desk, share: Share) -> bool:
    """ "parts as a share of the total": one sum in percent of the other."""
    parts = desk.reading.parts
    placed = [(piece.start, measure) for measure, piece in desk.worked]
    summed = {"sum", "avg"}
    before = [m for place, m in placed if place < share.start and m.function in summed]
    after = [m for place, m in placed if place >= share.end and m.function in summed]
    if len(before) != 1 or len(after) != 1 or before[0].of == after[0].of:
        return False
    above, below = (desk.reading.measure("sum", m.of) for m in (before[0], after[0]))
    name = f"{above.name}_percent"
    ratio = above.model_copy(update={"per": below, "percent": True, "name": name})
    parts.measures = [m for m in parts.measures if m not in (before[0], after[0])]
    return desk.reading.keep(ratio)


def _take_people(desk: Desk) -> None:
    """ "who and how much", "who brought how many": the figure of each person."""
    reading, parts = desk.reading, desk.reading.parts
    asked = [piece for piece in desk.of(Asked) if piece.word.carries == "who"]
    if not asked or not parts.measures or parts.groups or parts.rank is not None or parts.having:
        return
    people = Ranker(reading).people()
    groups = Figures(reading).groups(people) if people is not None else ()
    if groups and groups != reading.entity(reading.base):
        parts.groups += groups
        desk.use(*asked)


def _unanswered(desk: Desk) -> None:
    """ "which dog …", "who …" beside a figure that is of no dog and of nobody: not read."""
    parts = desk.reading.parts
    targets = parts.rank.target if parts.rank is not None else ()
    shown = {group.field for group in (*parts.groups, *targets) if group.grain is None}
    if not (parts.measures or targets) or shown or parts.having:
        return
    for piece in desk.of(Asked):
        thing = piece.thing.mark if piece.thing is not None else None
        if piece.word.carries == "who" or (
            thing is not None and Figures(desk.reading).groups(thing)
        ):
            desk.reading.unread.append(thing.words if thing is not None else piece.word.words)


def _take_spare(desk: Desk) -> None:
    """ "cities and how many donors they have": a column in the plural is what rows are put together by."""
    parts = desk.reading.parts
    if parts.rank is not None or parts.groups or not parts.measures:
        return
    heads = [t for t in desk.of(Thing) if t.mark.letter == "C" and not is_measure(t.mark)]
    for head in heads[:1]:
        also = head.mark.also
        if also is not None and also.term is not None and also.term.noun == desk.reading.base:
            desk.use(head)  # "jabs that ran out, how many": what the rows are called
            return
        last = head.mark.words.casefold().split()[-1]
        groups = Figures(desk.reading).groups(head.mark) if last != singular(last) else None
        if groups:
            parts.groups += groups
            desk.use(head)
