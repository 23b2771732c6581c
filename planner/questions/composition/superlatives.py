"""The biggest, the latest, the best by something: what is ranked, by what, and how many."""

from dataclasses import dataclass

from memory.model.text import text
from planner.questions.composition.desk import Desk
from planner.questions.composition.pieces import (
    Asked,
    Figure,
    Number,
    Piece,
    Superlative,
    Thing,
    Verb,
    is_measure,
)
from planner.questions.readers.figures import Figures, file_of
from planner.questions.readers.ranked import Ranker, number_of
from planner.questions.readers.state import Rank
from planner.questions.semantics import Role
from planner.questions.spec import Function, Measure, Order
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Term

_QUANTIFYING = frozenset({"most", "least", "fewest", "less", "more"})
_PLAIN = frozenset({"max", "min"})


@dataclass(frozen=True)
class _Ranked:
    """What is ranked: its mark, and the pieces that say so."""

    mark: Mark
    pieces: tuple[Piece, ...] = ()
    number: Mark | None = None


def take_superlatives(desk: Desk) -> None:
    """Rank by each superlative, or take its extreme."""
    for found in desk.of(Superlative):
        if found.second is not None:
            done = _both_ends(desk, found)
        else:
            done = _when(desk, found) or _ranked(desk, found)
        if done:
            desk.use(found, *desk.of(Verb))


def _when(desk: Desk, found: Superlative) -> bool:
    """ "when was the last order", "for every donor: the last donation"."""
    asked = [piece for piece in desk.of(Asked) if piece.word.carries == "when"]
    if not asked or found.thing is None or found.sign.carries != "date":
        return False
    made = _of_date(desk, found.sign, found.thing)
    if made is not None:
        desk.reading.parts.measures.append(made)
    return made is not None


def _of_date(desk: Desk, sign: Mark, thing: Thing) -> Measure | None:
    reading, mark = desk.reading, thing.mark
    ref = reading.ref(mark, Role.DATE) if mark.letter == "C" else None
    named = mark.letter == "E"
    field = ref.field if ref else reading.date_field(file_of(mark, reading).path) if named else None
    function: Function = "max" if sign.letter == "T" else "min"
    return reading.measure(function, field) if field is not None else None


def _ranked(desk: Desk, found: Superlative) -> bool:
    figure, target = found.figure, _other_target(desk, found)
    thing = found.thing if figure is None else None
    if thing is not None:
        counts = found.sign.words.split()[-1] in _QUANTIFYING and found.sign.carries in _PLAIN
        if counts and target is None:
            return _listed(desk, found, _count_of(thing))
        if counts:
            figure = _count_of(thing)
        elif _is_date(desk, thing) and found.sign.carries != "count":
            made = _of_date(desk, found.sign, thing)
            return desk.reading.keep(made)
        else:
            target = _Ranked(thing.mark, number=_number_before(desk, thing))
    if target is None:
        return _without_target(desk, found, figure)
    return _rank(desk, found, target, figure)


def _rank(desk: Desk, found: Superlative, target: _Ranked, figure: Figure | None) -> bool:
    claimed: list[Piece] = [*target.pieces]
    if figure is None:
        piece, figure = _figure_elsewhere(desk, found, target)
        claimed += [piece] if piece is not None else []
    numbers = [mark for mark in (found.number, target.number) if mark is not None]
    verbs = [verb.mark for verb in desk.of(Verb)]
    if desk.ordering in claimed and desk.ordering is not None and desk.ordering.verb is not None:
        verbs.append(desk.ordering.verb)
    ranker = Ranker(desk.reading)
    marks = figure.marks() if figure is not None else []
    number = number_of(numbers, target.mark, found.sign)
    if not ranker.rank(found.sign, target.mark, marks, number, verbs, found.function):
        return False
    desk.use(*claimed)
    _show_asked(desk)
    return True


def _show_asked(desk: Desk) -> None:
    """ "which dog had the longest stay": of each row that is ranked, what was asked for."""
    reading, rank = desk.reading, desk.reading.parts.rank
    if rank is None or not (rank.rows or rank.target == reading.row_names()):
        return
    for piece in desk.of(Asked):
        groups = Figures(reading).groups(piece.thing.mark) if piece.thing is not None else ()
        if groups and rank.rows:
            reading.parts.columns += [group.field for group in groups]
        rank.target = (*rank.target, *(groups if groups and not rank.rows else ()))
        desk.use(piece if groups else None)


def _count_of(thing: Thing) -> Figure:
    return Figure(thing.start, thing.end, counted=True, things=(thing,))


def _is_date(desk: Desk, thing: Thing) -> bool:
    ref = desk.reading.ref(thing.mark) if thing.mark.letter == "C" else None
    return ref is not None and ref.role is Role.DATE


def _other_target(desk: Desk, found: Superlative) -> _Ranked | None:
    """What is ranked where it doesn't stand behind the superlative: "which class …", "who …"."""
    asked = desk.of(Asked)
    for piece in asked:
        if piece.thing is not None and not is_measure(piece.thing.mark):
            return _Ranked(piece.thing.mark, (piece,), piece.number)
    bare = [
        thing
        for thing in desk.of(Thing)
        if not is_measure(thing.mark) and (thing.start < found.start or found.thing is None)
    ]
    before = [thing for thing in bare if thing.start < found.start]
    nearest = desk.nearest(found.start, before or bare)
    if nearest is not None:
        return _Ranked(nearest.mark, (nearest,), _number_before(desk, nearest))
    for piece in asked:
        people = Ranker(desk.reading).people() if piece.word.carries == "who" else None
        if people is not None:
            return _Ranked(people, (piece,))
    return None


def _number_before(desk: Desk, thing: Thing) -> Mark | None:
    """ "5 products with the highest price"."""
    numbers = [piece for piece in desk.of(Number) if piece.end == thing.start]
    desk.use(*numbers)
    return numbers[0].mark if numbers else None


def _figure_elsewhere(
    desk: Desk, found: Superlative, target: _Ranked
) -> tuple[Piece | None, Figure | None]:
    """By what it is ranked: "… by revenue", "the best month for turnover"."""
    if (
        desk.ordering is not None
        and desk.ordering in desk.pieces
        and desk.ordering not in desk.used
    ):
        return desk.ordering, desk.ordering.figure
    if found.sign.carries not in _PLAIN:
        return None, None
    pieces: list[Figure | Thing] = [*desk.of(Figure), *desk.of(Thing)]
    figures = [piece for piece in pieces if piece not in target.pieces and _can_rank(piece)]
    piece = desk.nearest(found.end, [p for p in figures if p.start >= found.start] or figures)
    if isinstance(piece, Thing):
        return piece, Figure(piece.start, piece.end, things=(piece,)).applied(found.function)
    return piece, piece


def _can_rank(piece: Figure | Thing) -> bool:
    if isinstance(piece, Figure):
        return piece.counted or bool(piece.things)
    return is_measure(piece.mark)


def _without_target(desk: Desk, found: Superlative, figure: Figure | None) -> bool:
    """ "the highest salary", "5 highest salaries", "the first 10 rows"."""
    if figure is None:
        return found.number is not None and _rows(desk, found)
    if found.number is not None:
        rows = Mark("E", "rows", term=Term(noun=desk.reading.base))
        return _rank(desk, found, _Ranked(rows), figure)
    if figure.functions or figure.counted:
        return _listed(desk, found, figure)
    made = [_extreme(desk, found.sign, thing) for thing in figure.things]
    if not all(made):
        return False
    for measure, thing in zip(made, figure.things, strict=True):
        desk.reading.keep(measure)
        desk.worked += [(measure, thing)] if measure is not None else []
    return True


def _listed(desk: Desk, found: Superlative, figure: Figure) -> bool:
    """ "the highest average salary by department": every group, in that order."""
    made = Figures(desk.reading).figure(figure.marks())
    if made is None:
        return False
    desk.reading.keep(made)
    desk.worked.append((made, figure))
    desk.reading.parts.order.append(Order(by=made.name, descending=found.sign.letter == "T"))
    return True


def _extreme(desk: Desk, sign: Mark, thing: Thing) -> Measure | None:
    """ "the highest salary"; "the best grade" may be the lowest, so that is asked."""
    reading, function = desk.reading, "max" if sign.letter == "T" else "min"
    if sign.words in {"best", "worst"}:
        options = (text("the highest"), text("the lowest"))
        words = thing.mark.words
        question = text("Which {column} is the {word}?", column=words, word=sign.words)
        chosen = reading.choose(f"{sign.words} {words}", question, options)
        function = "max" if chosen == options[0] else "min"
    elif sign.carries not in _PLAIN and sign.carries != "length":
        return None
    return Figures(reading).applied(Mark("F", sign.words, carries=function), thing.mark)


def _rows(desk: Desk, found: Superlative) -> bool:
    """ "the first 10 rows", "only the top 5"."""
    sign, reading = found.sign, desk.reading
    rank = Rank(descending=sign.letter == "T", number=number_of([found.number or sign], sign, sign))
    if sign.carries == "date":
        rank.rows = True
        field = reading.date_field() if sign.words != "first" else None
        if field is None and sign.letter == "T":
            return False
        rank.by, rank.file_order = field, field is None
    elif sign.carries not in _PLAIN:
        return False
    else:
        rank.sized = sign.words
    reading.parts.rank = rank
    return True


def _both_ends(desk: Desk, found: Superlative) -> bool:
    """ "the cheapest and the dearest": both ends of a figure."""
    signs = [found.sign, found.second or found.sign]
    thing = found.thing
    if found.figure is not None:
        made = [_extreme(desk, sign, of) for of in found.figure.things for sign in signs]
    elif thing is not None and found.sign.carries == "date" and not _young(signs):
        made = [_of_date(desk, sign, thing) for sign in signs]
    else:
        return thing is not None and Ranker(desk.reading).both_ends(signs, thing.mark)
    if not all(made):
        return False
    for measure in made:
        desk.reading.keep(measure)
    return True


def _young(signs: list[Mark]) -> bool:
    return any("young" in sign.words or "old" in sign.words for sign in signs)
