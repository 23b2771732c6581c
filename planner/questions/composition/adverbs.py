"""Functions said apart from what they are of: "on average", "in total", "how much"."""

from dataclasses import replace

from planner.questions.composition.desk import Desk
from planner.questions.composition.pieces import (
    Adverb,
    By,
    Figure,
    Piece,
    Superlative,
    Thing,
    Verb,
    is_measure,
    is_rows,
)


def take_adverbs(desk: Desk) -> None:
    """Give each adverb to the nearest figure that has no function of its own."""
    _average_rows(desk)
    made: Piece | None = None
    last: Adverb | None = None
    for adverb in desk.of(Adverb):
        bare = [piece for piece in desk.pieces if _accepts(piece, adverb, desk)]
        chosen = desk.nearest(adverb.start, bare)
        if isinstance(made, Figure) and last is not None and _follows(desk, last, adverb):
            more = replace(made, functions=(*made.functions, adverb.mark))
            desk.swap(made, more)
            desk.use(adverb)
            made = more
        elif chosen is not None:
            made = _applied(chosen, adverb)
            if desk.ordering is chosen and isinstance(made, By):
                desk.ordering = made
            desk.swap(chosen, made)
            desk.use(adverb)
        elif _said_already(desk, adverb):
            desk.use(adverb)
        elif _is_sum(adverb) and (adverb.mark.words == "how much" or desk.of(Verb)):
            desk.swap(adverb, Figure(adverb.start, adverb.end, (adverb.mark,)))
        last = adverb


def _follows(desk: Desk, last: Adverb, adverb: Adverb) -> bool:
    """ "min, max and mean" of the same figure."""
    between = {mark.letter for mark in desk.marks[last.end : adverb.start]}
    return bool(between) and between <= {"a", ","}


def _average_rows(desk: Desk) -> None:
    """ "how many kilos does an average sale have": the average of the kilos."""
    for figure in desk.of(Figure):
        if len(figure.functions) != 1 or figure.counted or not figure.things:
            continue
        averaged = figure.functions[0].carries == "avg" and is_rows(
            figure.things[0].mark, desk.reading
        )
        numbers = [
            f for f in desk.of(Figure) if f.counted and f.things and is_measure(f.things[0].mark)
        ]
        if averaged and len(numbers) == 1:
            number = numbers[0]
            desk.swap(number, replace(number, counted=False, functions=figure.functions))
            desk.use(figure)


def _is_sum(adverb: Adverb) -> bool:
    return adverb.mark.carries == "sum"


def _accepts(piece: Piece, adverb: Adverb, desk: Desk) -> bool:
    if piece in desk.used:
        return False
    match piece:
        case Thing(mark=mark):
            rows = adverb.mark.carries == "avg" and mark.letter == "E" and bool(desk.of(By))
            return is_measure(mark) or rows
        case Figure(functions=functions, counted=counted):
            averaged = adverb.mark.carries == "avg" and bool(desk.of(By))
            return not functions and (not counted or averaged)
        case Superlative(figure=figure, function=function):
            own = figure is not None and (figure.functions or figure.counted)
            return function is None and not own
        case By(figure=Figure(functions=functions, counted=counted)):
            return not functions and not counted
        case _:
            return False


def _applied(piece: Piece, adverb: Adverb) -> Piece:
    match piece:
        case Thing(start=start, end=end):
            return Figure(start, end, (adverb.mark,), things=(piece,))
        case Figure():
            return replace(piece, functions=(adverb.mark,))
        case Superlative(figure=figure):
            own = figure.applied(adverb.mark) if figure is not None else None
            return replace(piece, figure=own, function=adverb.mark)
        case By(figure=Figure() as figure):
            return replace(piece, figure=figure.applied(adverb.mark))
        case _:
            return piece


def _said_already(desk: Desk, adverb: Adverb) -> bool:
    """ "orders in total", "the total number overall": said once more."""
    figures = desk.of(Figure)
    rows = [thing for thing in desk.of(Thing) if thing.mark.letter == "E"]
    return _is_sum(adverb) and adverb.mark.words != "how much" and bool(figures or rows)
