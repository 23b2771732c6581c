"""Conditions with spans of time: "shipped in March", "not in 2024", "born before 1980"."""

import re
from collections.abc import Sequence
from datetime import date

from memory.model.text import text
from planner.questions.naming.clocks import clock_of, hour_of, is_clock, of_hours
from planner.questions.readers.state import Reading, Unclear
from planner.questions.semantics import Role
from planner.questions.spec import Compare, DatePart, During, Either, Field, Filter, Missing, OneOf
from planner.questions.words.marks import Mark
from planner.questions.words.points import Period
from planner.questions.words.terms import Ref

_ISO = re.compile(r"\d{4}-\d\d-\d\d")


class Dates:
    """Turns spans into filters; each method says whether it understood its marks."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def dated(self, marks: list[Mark]) -> bool:
        """ "shipped in March", "published before 2000": the column that is named."""
        named = next(mark for mark in marks if mark.letter == "C")
        negated = any(mark.letter == "X" for mark in marks)
        ref = self._reading.ref(named, Role.DATE)
        if ref is not None:
            return self._during(ref.field, marks, negated=negated)
        ref = self._reading.ref(named)
        if ref is not None and is_clock(ref.column) and of_hours(_periods(marks)):
            return self._during(hour_of(ref), marks, negated=negated)
        return (
            ref is not None
            and ref.role is Role.YEAR
            and self._in_years(ref, marks, negated=negated)
        )

    def undated(self, marks: list[Mark]) -> bool:
        return self._spans(marks, negated=True)

    def spans(self, marks: list[Mark]) -> bool:
        return self._spans(marks, negated=False)

    def held_by(self, field: Field, marks: Sequence[Mark]) -> tuple[Filter, ...]:
        """The spans as filters of a date, without asking for them yet."""
        periods = [self._placed(period, field) for period in _periods(marks)]
        return tuple(_filter_of(period, field) for period in periods)

    def _spans(self, marks: list[Mark], *, negated: bool) -> bool:
        field = self._field_of(marks)
        if field is not None:
            return self._during(field, marks, negated=negated)
        held = [ref for ref in self._reading.own() if ref.role is Role.YEAR]
        if len(held) == 1 and self._in_years(held[0], marks, negated=negated):
            return True
        raise Unclear(
            text(
                "{path} has no dates, so I can't pick “{words}”.",
                path=self._reading.base.path,
                words=marks[-1].words,
            )
        )

    def _field_of(self, marks: Sequence[Mark]) -> Field | None:
        """What the spans are of: the date of a row, or what says at what time it was."""
        if not of_hours(_periods(marks)):
            return self._reading.date_field()
        clock = clock_of(self._reading)
        return hour_of(clock) if clock is not None else None

    def _in_years(self, ref: Ref, marks: Sequence[Mark], *, negated: bool) -> bool:
        """Whole years of a column that holds years."""
        periods = _periods(marks)
        bounds = [_years(period) for period in periods]
        if not periods or any(bound is None for bound in bounds):
            return False
        said = " or ".join(period.words for period in periods)
        said = f"{ref.name} {text('not {words}', words=said) if negated else said}"
        known = [bound for bound in bounds if bound is not None]
        if all(low is not None and low + 1 == high for low, high in known):
            values = tuple(float(low or 0) for low, _ in known)
            return self._reading.only(OneOf(field=ref.field, values=values, negated=negated), said)
        if negated or len(known) > 1:
            return False
        held = [
            Compare(of=ref.field, op=op, value=float(year))
            for op, year in ((">=", known[0][0]), ("<", known[0][1]))
            if year is not None
        ]
        self._reading.parts.filters += held[:-1]
        return self._reading.only(held[-1], said)

    def _during(self, field: Field, marks: Sequence[Mark], *, negated: bool) -> bool:
        """In one of the spans, or in one of the parts; a part and one span hold together."""
        periods = [self._placed(period, field) for period in _periods(marks)]
        said = " or ".join(period.words for period in periods)
        said = text("not {words}", words=said) if negated else said
        parts = [period for period in periods if period.part]
        spans = [period for period in periods if not period.part]
        listed = any(mark.letter in "o" for mark in marks)
        if parts and len(spans) == 1 and not listed:
            held: list[Filter] = [_parted(parts, field, negated=negated)] if _alike(parts) else []
            self._reading.parts.filters += [_filter_of(spans[0], field)]
            return bool(held) and self._reading.only(held[0], said)
        if parts and spans:
            either = tuple(_filter_of(period, field) for period in periods)
            return not negated and self._reading.only(Either(filters=either), said)
        if parts:
            if not _alike(parts):
                return False
            if parts[0].part in {"month", "quarter"} and self._several_years(field):
                self._reading.assume(text("“{words}” is taken of every year.", words=said))
            return self._reading.only(_parted(parts, field, negated=negated), said)
        during = During(field=field, spans=tuple((p.start, p.end) for p in spans))
        ref = self._reading.vocabulary.ref(field)
        held_so = not_during(during, ref) if negated and ref is not None else during
        return self._reading.only(held_so, said)

    def _placed(self, period: Period, field: Field) -> Period:
        """The period with its year, and how it is read where it may be read in two ways."""
        ref, reading = self._reading.vocabulary.ref(field), self._reading
        most = ref.column.most[:10] if ref is not None else ""
        last = date.fromisoformat(most) if _ISO.fullmatch(most) else reading.today
        placed = period.placed(last)
        read = placed.read
        if period.yearless and (day := placed.start or placed.end) is not None:
            read = text("of {year}", year=day.year)
        if read:
            reading.assume(text("“{words}” is read as {read}.", words=period.words, read=read))
        return placed

    def _several_years(self, field: Field) -> bool:
        ref = self._reading.vocabulary.ref(field)
        return ref is None or ref.column.least[:4] != ref.column.most[:4] or not ref.column.least


def _periods(marks: Sequence[Mark]) -> list[Period]:
    return [mark.period for mark in marks if mark.period is not None]


def _alike(parts: Sequence[Period]) -> bool:
    return len({period.part for period in parts}) == 1


def _parted(parts: Sequence[Period], field: Field, *, negated: bool) -> DatePart:
    numbers = tuple(dict.fromkeys(number for period in parts for number in period.numbers))
    part = parts[0].part
    assert part is not None
    return DatePart(field=field, part=part, numbers=numbers, negated=negated)


def _filter_of(period: Period, field: Field) -> Filter:
    if period.part is not None:
        return _parted([period], field, negated=False)
    return During(field=field, spans=((period.start, period.end),))


def not_during(held: During | DatePart, ref: Ref) -> Filter:
    """The contrary; what was "not emptied since May" may never have been."""
    without = held.model_copy(update={"negated": True})
    spans = held.spans if isinstance(held, During) else ()
    since = bool(spans) and all(end is None for _, end in spans)
    if not since or not ref.column.nulls:
        return without
    return Either(filters=(without, Missing(field=ref.field)))


def _years(period: Period) -> tuple[int | None, int | None] | None:
    """The first whole year of the span and the one after the last; None where it isn't of those."""
    edges = [day for day in (period.start, period.end) if day is not None]
    if period.part is not None or not edges or any((d.month, d.day) != (1, 1) for d in edges):
        return None
    low = period.start.year if period.start is not None else None
    high = period.end.year if period.end is not None else None
    return low, high
