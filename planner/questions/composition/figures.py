"""The figures that are worked out: functions of columns, numbers of rows, averages per something."""

from memory.model.text import text
from planner.questions.composition.desk import Desk
from planner.questions.composition.pieces import By, Figure, Piece, Thing, Verb, is_measure, is_rows
from planner.questions.readers.figures import Figures
from planner.questions.readers.worth import FIGURES, amount_of
from planner.questions.semantics import ADDED, NAMING, TRUE, Role, has_time
from planner.questions.spec import Field, Measure, OneOf
from planner.questions.words.lexicon import plain
from planner.questions.words.marks import Mark

_MONEYED = frozenset({"spend", "earn", "buy"})


class Worked:
    """Makes measures of the figures on the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reading = desk.reading
        self._figures = Figures(desk.reading)

    def take(self) -> None:
        """Work out every figure, in the order of the words."""
        desk = self._desk
        bare = [thing for thing in desk.of(Thing) if is_measure(thing.mark)]
        rows = [thing for thing in desk.of(Thing) if self._beside(thing)]
        pieces: list[Figure | Thing] = [*desk.of(Figure), *bare, *rows]
        for piece in sorted(pieces, key=_in_turn):
            if self._spare(piece):
                desk.use(piece)
                continue
            made = self._of(piece) if isinstance(piece, Figure) else self._of_thing(piece)
            if made and all(made):
                self._keep(piece, [measure for measure in made if measure is not None])
        self._divide()

    def _keep(self, piece: Piece, made: list[Measure]) -> None:
        for measure in made:
            self._reading.keep(measure)
            self._desk.worked.append((measure, piece))
        self._desk.use(piece)

    def _beside(self, thing: Thing) -> bool:
        """ "revenue and orders by region": rows named beside a figure are counted."""
        marks = self._desk.marks
        figures = [p for p in self._desk.pieces if isinstance(p, Figure) or (isinstance(p, Thing) and is_measure(p.mark))]  # fmt: skip
        joined = any(
            {mark.letter for mark in marks[min(p.end, thing.end) : max(p.start, thing.start)]}
            in ({"a"}, {","}, {"a", ","})
            for p in figures
        )
        return thing.mark.letter == "E" and joined

    def _spare(self, piece: Piece) -> bool:
        """ "the orders' value" beside another figure says nothing more; "orders and value" does."""
        mark = piece.mark if isinstance(piece, Thing) else None
        if mark is None or mark.letter != "A" or mark.carries in FIGURES:
            return False
        before = self._desk.marks[piece.start - 1].letter if piece.start else ""
        return before not in {"a", ","} and bool(self._desk.worked or self._reading.parts.measures)

    def _of_thing(self, thing: Thing) -> list[Measure | None]:
        return [self._figures.figure([thing.mark])]

    def _of(self, figure: Figure) -> list[Measure | None]:
        if figure.counted:
            return [self._counted(figure)]
        if not figure.things:
            return [self._worth()]
        functions, things = figure.functions, figure.things
        if functions and functions[0].words == "how much" and self._done(things[0]):
            return [self._worth()]
        if functions and functions[0].carries == "avg":
            special = self._averaged(figure)
            if special is not None:
                return [special]
        if not functions:
            return [self._figures.figure([thing.mark]) for thing in things]
        return [self._figures.applied(f, thing.mark) for thing in things for f in functions]

    def _done(self, thing: Thing) -> bool:
        """ "how much has he paid": what was done is a column that says yes or no, and so a condition."""
        ref = self._reading.ref(thing.mark, Role.BOOLEAN) if thing.mark.letter == "C" else None
        if ref is None:
            return False
        return self._reading.only(OneOf(field=ref.field, values=tuple(sorted(TRUE))), ref.name)

    def counted_rows(self) -> Measure:
        """The number of rows."""
        return self._reading.measure("count", None)

    def _counted(self, figure: Figure) -> Measure | None:
        thing = figure.things[0] if figure.things else None
        if thing is not None and thing.mark.letter == "G":
            return self._times(thing.mark)
        above = self._figures.counted(figure.marks())
        averaged = any(function.carries == "avg" for function in figure.functions)
        if averaged and above is not None:
            return self._per_next(figure, above)
        return above

    def _times(self, mark: Mark) -> Measure | None:
        """ "how many days": different days of the date."""
        group = self._figures.grain(mark)
        ref = self._reading.vocabulary.ref(group.field) if group is not None else None
        timeless = mark.carries == "hour" and ref is not None and not has_time(ref.column)
        if group is None or timeless:
            return None
        name = f"{mark.carries}s"
        return Measure(function="distinct", of=group.field, grain=group.grain, name=name)

    def _worth(self) -> Measure | None:
        """ "how much did they pay": what a row is worth, asked where several numbers may be meant."""
        reading = self._reading
        verbs = {verb.mark.carries for verb in self._desk.of(Verb)}
        added = [ref for ref in reading.own() if ref.role in ADDED and ref.column.numeric]
        amounts = [ref for ref in added if ref.role is Role.AMOUNT]
        if verbs & _MONEYED or len(added) == len(amounts) or not added:
            worth = amount_of(reading, reading.base)
            if isinstance(worth, Field):
                reading.assume(text("“How much” is the total of {column}.", column=worth.column))
            return reading.measure("sum", worth) if worth is not None else None
        options = {
            f"{reading.measure('sum', ref.field).name}".replace("_", " "): ref for ref in added
        }
        chosen = reading.choose("how much", text("How much of what?"), tuple(options)[:6])
        return reading.measure("sum", options[chosen].field)

    def of_by(self, by: By) -> Measure | None:
        """ "by revenue", "by number of orders", "by what they spent"."""
        if by.verb is not None:
            worth = amount_of(self._reading, self._reading.base)
            return self._reading.measure("sum", worth) if worth is not None else None
        return self._figures.figure(by.figure.marks()) if by.figure is not None else None

    # -- averages per something --------------------------------------------------------------

    def _averaged(self, figure: Figure) -> Measure | None:
        """ "average order value", "average daily revenue", "average orders per day"."""
        thing = figure.things[0]
        if figure.grain is not None:
            above = self._figures.figure([thing.mark])
            group = self._figures.grain(figure.grain)
            if above is None or group is None or above.function == "avg":
                return None
            return self._divided(above, self._distinct(group.field, figure.grain), figure.grain)
        if thing.owner is not None and thing.mark.letter == "A":
            return self._of_each(thing)
        return self._of_rows(figure, thing.mark) if thing.mark.letter == "E" else None

    def _of_rows(self, figure: Figure, mark: Mark) -> Measure | None:
        """ "average orders per day" is a number of rows; "the average order" is what one is worth."""
        if any(self._desk.divides(by) for by in self._desk.of(By)):
            above = self._figures.counted([mark])
            return self._per_next(figure, above) if above is not None else None
        reading = self._reading
        worth = amount_of(reading, reading.base) if is_rows(mark, reading) else None
        if isinstance(worth, Field):
            reading.assume(text("The average of {column} is given.", column=worth.column))
        return reading.measure("avg", worth) if worth is not None else None

    def _of_each(self, thing: Thing) -> Measure | None:
        """ "average order value" where an order has several rows: their sum, by the orders."""
        reading, owner = self._reading, thing.owner
        key = reading.ref(owner, *NAMING) if owner is not None and owner.letter == "C" else None
        worth = self._figures.operand(thing.mark)
        if owner is None or key is None or worth is None or not reading.repeats(key):
            return None
        below = reading.measure("distinct", key.field)
        name = f"average_value_per_{plain(owner.words).replace(' ', '_')}"
        return reading.measure("sum", worth).model_copy(update={"per": below, "name": name})

    def _per_next(self, figure: Figure, above: Measure) -> Measure | None:
        """ "average number of orders per customer": counted, then divided."""
        after = [by for by in self._desk.of(By) if by.start >= figure.end and len(by.things) == 1]
        by = after[0] if after else None
        if by is None:
            return None
        mark = by.things[0].mark
        below = self._distinct(None, mark) if mark.letter == "G" else self._figures.counted([mark])
        self._desk.use(by)
        return self._divided(above, below, mark)

    def _distinct(self, field: Field | None, grain: Mark) -> Measure | None:
        group = self._figures.grain(grain)
        if group is None:
            return None
        self._reading.assume(text("Only a {grain} with any rows counts.", grain=grain.carries))
        return Measure(function="distinct", of=field or group.field, grain=group.grain, name=grain.carries)  # fmt: skip

    def _divided(self, above: Measure, below: Measure | None, by: Mark) -> Measure | None:
        if below is None:
            return None
        name = f"average_{above.name}_per_{by.carries or plain(by.words).replace(' ', '_')}"
        return above.model_copy(update={"per": below, "name": name})

    def _divide(self) -> None:
        """ "value per kilo": one sum divided by another."""
        desk, by = self._desk, self._desk.divisor
        if by is None or by in desk.used or not desk.worked or len(by.things) != 1:
            return
        measure, piece = desk.worked[-1]
        mark = by.things[0].mark
        operand = self._figures.operand(mark)
        below = self._reading.measure("sum", operand) if operand is not None else None
        if below is None or measure.function not in {"sum", "avg"} or measure.of == operand:
            return
        above = self._reading.measure("sum", measure.of)
        made = self._divided(above, below, Mark("C", mark.words))
        parts = self._reading.parts
        parts.measures = [made if m == measure else m for m in parts.measures if made is not None]
        desk.worked[-1] = (parts.measures[-1], piece)
        desk.use(by)


def _in_turn(piece: Piece) -> tuple[bool, int]:
    """As they were said; "count and total": a bare count stands beside the other."""
    return isinstance(piece, Figure) and piece.counted and not piece.things, piece.start
