"""Marks to figures and groups: the number of orders, average salary, each month of a date."""

from collections.abc import Sequence

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.naming.clocks import HOURS, clock_of, grained, hour_of
from planner.questions.readers.state import Reading
from planner.questions.readers.worth import amount_of, elapsed, worth_of
from planner.questions.semantics import MEASURES, OPEN, Role
from planner.questions.spec import Age, Combined, Field, Function, Grain, Group, Measure, Operand
from planner.questions.words.lexicon import concept, plain, word_set
from planner.questions.words.marks import Mark, refs_of
from planner.questions.words.terms import Ref

_PARTS = {"month_name": "month", "hour_of_day": "hour"}
FEW = 30
"""The most whole numbers that rows are put together by, as by a grade or a number of stars."""
_UNITS = word_set("second minute min hour hr duration night")
_MONEY = word_set("revenue amount cost payment discount")


class Figures:
    """Marks to figures and groups of one reading."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def grain(self, mark: Mark, ref: Ref | None = None) -> Group | None:
        """Rows put together by a part of their date."""
        reading = self._reading
        grain: Grain = mark.carries  # type: ignore[assignment]  # of the table of phrases
        at = ref or (clock_of(reading) if grain in HOURS else None)
        field = hour_of(at) if at is not None else reading.date_field()
        if field is not None:
            return grained(at, field, grain)
        word = _PARTS.get(grain, grain)
        years = {Role.YEAR} if word == "year" else set()
        same = [r for r in reading.own() if word in r.words or r.role in years]
        return reading.group(same[0]) if same else None

    def groups(self, mark: Mark) -> tuple[Group, ...] | None:
        """What rows are put together by; None where the mark names nothing of that kind."""
        if mark.letter == "G":
            group = self.grain(mark)
            return (group,) if group else None
        if mark.letter == "E":
            return self._of_entity(mark)
        ref = self._reading.ref(mark)
        if ref is None or ref.role is Role.TEXT:
            return None
        amounts = ref.column.numeric and ref.role in MEASURES
        if amounts and (ref.role not in OPEN or (ref.column.distinct or 0) > 50):
            return None
        return self._reading.named(ref)

    def grouped(self, mark: Mark, owner: Mark | None = None) -> tuple[Group, ...] | None:
        """The same; `owner`: the date of "month of order_date". A number is taken in its steps."""
        if mark.letter == "G" and owner is not None:
            ref = self._reading.ref(owner, Role.DATE)
            group = self.grain(mark, ref) if ref is not None else None
            return (group,) if group else None
        if mark.letter == "C" and is_steps(refs_of(mark)):
            ref = self._reading.ref(mark)
            return (self._reading.group(ref),) if ref is not None else None
        return self.groups(mark)

    def _of_entity(self, mark: Mark) -> tuple[Group, ...] | None:
        reading, file = self._reading, file_of(mark, self._reading)
        if file.path == reading.base.path and mark.also is not None and mark.also.letter == "C":
            ref = reading.ref(mark.also)
            return (reading.group(ref),) if ref is not None and ref.role not in MEASURES else None
        return reading.entity(file) or None

    def operand(self, mark: Mark) -> Operand | None:
        """The number of each row that the mark is about."""
        reading = self._reading
        if mark.letter == "A":
            return worth_of(mark, reading, reading.base)
        if mark.letter == "t":
            return self._duration(mark)
        if mark.letter == "E":
            return amount_of(reading, file_of(mark, reading))
        ref = reading.ref(mark)
        return ref.field if ref is not None else None

    def _duration(self, mark: Mark) -> Operand | None:
        """Days between two dates, those that are named or those there are; or the one duration."""
        reading = self._reading
        if mark.words in reading.worked_out:
            return reading.worked_out[mark.words]
        named = [Mark("C", mark.words, term=mark.term), mark.also] if mark.also else []
        dates = [ref for date in named if date and (ref := reading.ref(date, Role.DATE))]
        if len(dates) == 2:
            return Combined(kind="days", first=dates[0].field, second=dates[1].field)
        own = [ref for ref in reading.own() if ref.column.numeric and lasts(ref)]
        return own[0].field if len(own) == 1 else elapsed(reading, reading.base)

    def figure(
        self, marks: Sequence[Mark], *, ranked: bool = False, least: bool = False
    ) -> Measure | None:
        """ "number of orders", "average salary", "revenue"; `ranked`: of groups that are ranked."""
        reading, last = self._reading, marks[-1]
        if marks[0].letter == "F":
            return self.applied(marks[0], last)
        if last.letter in "At":
            worth = self.operand(last)
            averaged = isinstance(worth, Age) or (last.letter == "t" and last.carries != "sum")
            return reading.measure("avg" if averaged else "sum", worth) if worth else None
        ref = reading.ref(last) if last.letter == "C" and marks[0].letter != "!" else None
        if ref is None or ref.role not in MEASURES or not ref.column.numeric:
            return self.counted(marks)
        taken = ref.role is Role.PRICE and concept(plain(last.words)) in _MONEY - {"discount"}
        if taken:  # "revenue", where there are only prices
            return reading.measure("sum", ref.field)
        function = self._ranked(ref, least=least) if ranked else reading.function_for(ref)
        return reading.measure(function, ref.field)

    def _ranked(self, ref: Ref, *, least: bool) -> Function:
        """ "the department with the highest salary": on average, in total, or a single one."""
        if ref.role not in OPEN:
            return self._reading.function_for(ref)
        name = ref.name
        single = (
            text("lowest single {column}", column=name)
            if least
            else text("highest single {column}", column=name)
        )
        options: dict[str, Function] = {
            text("average {column}", column=ref.name): "avg",
            single: "min" if least else "max",
            text("total {column}", column=ref.name): "sum",
        }
        question = text("The total, the average or a single {column}?", column=ref.name)
        return options[self._reading.choose(f"{ref.name} figure", question, tuple(options))]

    def applied(self, function: Mark, mark: Mark, quantile: float = 0.5) -> Measure | None:
        """A function of a column, of what a row is worth, or of how many there are."""
        reading = self._reading
        name: Function = function.carries  # type: ignore[assignment]  # of the table of phrases
        if mark.letter == "E" and name in {"sum", "avg"}:
            return self._total_of(mark) if name == "sum" else None
        if mark.letter in "AEt":
            worth = self.operand(mark)
            return reading.measure(name, worth, quantile) if worth is not None else None
        ref = reading.ref(mark)
        if (
            ref is not None
            and not ref.column.numeric
            and ref.role is not Role.DATE
            and name == "sum"
        ):
            return self.counted([mark])
        return reading.measure(name, ref.field, quantile) if ref is not None else None

    def _total_of(self, mark: Mark) -> Measure | None:
        """ "total sales": their sum where the word means money, else how many there are."""
        money = {concept(word) for word in plain(mark.words).split()} & _MONEY
        worth = amount_of(self._reading, file_of(mark, self._reading)) if money else None
        return self._reading.measure("sum", worth) if worth is not None else self.counted([mark])

    def counted(self, marks: Sequence[Mark]) -> Measure | None:
        """How many: rows, different values, or the sum of a quantity."""
        reading = self._reading
        things = [mark for mark in marks if mark.letter in "CEV"]
        distinct = any(mark.letter == "d" for mark in marks)
        if not things:
            return reading.measure("count", None)
        mark = things[-1]
        if mark.letter == "E":
            return self._rows_of(file_of(mark, reading), distinct=distinct)
        thing = mark.also if mark.also is not None and mark.also.letter == "T" else mark
        ref = reading.ref(thing) or reading.ref(mark)
        if ref is None or ref.role is Role.BOOLEAN:
            return None
        if distinct or ref.role not in MEASURES or not ref.column.numeric:
            return reading.measure("distinct", ref.field)
        summed = ref.role is Role.QUANTITY
        return reading.measure("sum" if summed else "count", ref.field if summed else None)

    def _rows_of(self, file: FileInfo, *, distinct: bool) -> Measure | None:
        """How many of what a file's rows are: rows, or different keys seen from another file."""
        reading = self._reading
        if file.path != reading.base.path:
            way = reading.files.way(reading.base.path, file.path, reading.links)
            if not way:
                return None
            last = Field(file=way[-1].many, column=way[-1].left)
            ref = reading.vocabulary.ref(last)
            return reading.measure("distinct", ref.field if ref is not None else last)
        key = reading.vocabulary.key(file)
        if key is None or not (distinct or reading.repeats(key)):
            return reading.measure("count", None)
        if not distinct:
            reading.assume(text("Rows with the same {column} count once.", column=key.name))
        return reading.measure("distinct", key.field)


def lasts(ref: Ref) -> bool:
    """Whether its numbers say how long something took."""
    return ref.role is Role.DURATION or (ref.role is Role.QUANTITY and bool(_UNITS & {*ref.words}))


def is_steps(refs: Sequence[Ref]) -> bool:
    """Whether they are numbers of which there are only a few: rows can be put together by them."""
    return bool(refs) and all(
        ref.role in {Role.SCORE, Role.AGE, Role.QUANTITY, *OPEN}
        and "INT" in ref.column.type.upper()
        and 0 < (ref.column.distinct or 0) <= FEW
        for ref in refs
    )


def file_of(mark: Mark, reading: Reading) -> FileInfo:
    """The file whose rows the mark names; those of the question failing that."""
    file = mark.term.noun if mark.term is not None else None
    return file or reading.base
