"""Spans and parts of time that rows may be narrowed to. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from planner.questions.conditions.dates import not_during
from planner.questions.naming.clocks import hour_of, timed
from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import Role
from planner.questions.spec import DatePart, During, Field, OneOf
from planner.questions.words.points import Period
from planner.questions.words.terms import Ref

_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_NOW = "now"


def moments(said: Saying) -> Iterator[Piece[Held]]:
    """Each span or part of time, and any of those said, of each date or year of the rows."""
    told, hours = _told(said), _told(said, hours=True)
    days = {p: period for p, period in told.items() if p not in hours}
    for ref in dates(said) if days else ():
        yield from _of_date(said, ref, ref.field, days)
    for ref in timed_near(said) if hours else ():
        yield from _of_date(said, ref, hour_of(ref), hours)
    for ref in (own for own in said.reading.own() if own.role is Role.YEAR):
        yield from _of_years(said, ref, told)


def _told(said: Saying, *, hours: bool = False) -> dict[int, Period]:
    """What says something of the rows, or only hours of the day, by where it stands."""
    found = ((place, mark.period) for place, mark in enumerate(said.marks) if mark.period)
    told = {place: period for place, period in found if says(period)}
    return {p: each for p, each in told.items() if not hours or each.part == "hour"}


def dates(said: Saying) -> tuple[Ref, ...]:
    """The dates of the rows; of the nearest rows they belong to where they have none, or where named."""
    known, base = said.reading.vocabulary, said.reading.base.path
    own = known.dates(base)
    near = [
        found
        for file in said.reading.files.reachable(base, said.reading.links)
        if (found := known.dates(file.path))
    ]
    if not own and near:
        return near[0]
    named = [ref for found in near for ref in found if said.of(ref)]
    return (*own, *named)


def timed_near(said: Saying) -> tuple[Ref, ...]:
    """What says at what time of the day it was, of the rows or of the dates that are near."""
    near = dates(said)
    paths = dict.fromkeys([said.reading.base.path, *(ref.file.path for ref in near)])
    every = (timed(said.reading.vocabulary, path, near) for path in paths)
    return tuple(dict.fromkeys(ref for found in every for ref in found))


def says(period: Period) -> bool:
    """Whether it begins or ends on a day, or is a part of each year; "now" says nothing of the rows."""
    bounded = period.start is not None or period.end is not None or period.part is not None
    return bounded and _NOW not in period.words.split()


def _of_date(
    said: Saying, ref: Ref, field: Field, told: Mapping[int, Period]
) -> Iterator[Piece[Held]]:
    main = float(_is_main(said, ref))
    today = said.reading.today
    read = {
        p: [placed_in(ref, reading, today) for reading in _readings(period)]
        for p, period in told.items()
    }
    for place, periods in read.items():
        near = said.near(ref, place)
        for number, period in enumerate(periods):
            features = {
                "span date named": max(near.values(), default=0.0),
                "span main date": main,
                "span in range": float(_meets(ref, period)),
                "span of part": float(period.part is not None),
                "span read otherwise": float(number > 0),
                "span of other file": float(ref.file.path != said.reading.base.path),
            }
            made = held_by(field, [period])
            if made is None:
                continue
            words = {place: 1.0, **near}
            yield Piece((made, period.words), "during", words, features)
            signs = said.negated(words)
            if signs:
                without = not_during(made, ref)
                yield Piece(
                    (without, f"not {period.words}"), "not during", {**words, **signs}, features
                )
    if len(read) > 1:
        yield from _either(field, read, main)


def _either(
    field: Field, read: Mapping[int, Sequence[Period]], main: float
) -> Iterator[Piece[Held]]:
    """Any of the spans said."""
    for last in (0, -1):
        made = held_by(field, [periods[last] for periods in read.values()])
        if made is not None and (last == 0 or any(len(each) > 1 for each in read.values())):
            words = " or ".join(periods[last].words for periods in read.values())
            features = {"span main date": main, "span read otherwise": float(last != 0)}
            yield Piece((made, words), "either during", dict.fromkeys(read, 1.0), features)


def held_by(field: Field, periods: Sequence[Period]) -> During | DatePart | None:
    """The condition that the date is in one of them; None where they are of different kinds."""
    part = periods[0].part
    if any(period.part != part for period in periods):
        return None
    if part is not None:
        numbers = tuple(dict.fromkeys(n for period in periods for n in period.numbers))
        return DatePart(field=field, part=part, numbers=numbers)
    if len(periods) > 1 and any(not each.start or not each.end for each in periods):
        return None
    return During(field=field, spans=tuple((each.start, each.end) for each in periods))


def _readings(period: Period) -> list[Period]:
    return [period] if period.also is None else [period, period.also]


def _of_years(said: Saying, ref: Ref, told: Mapping[int, Period]) -> Iterator[Piece[Held]]:
    """Whole years of a column that holds years."""
    years = {place: period.year for place, period in told.items() if period.year}
    for place, year in years.items():
        near = said.near(ref, place)
        features = {"span of years": 1.0, "span date named": max(near.values(), default=0.0)}
        made = OneOf(field=ref.field, values=(float(year),))
        yield Piece((made, str(year)), "during", {place: 1.0, **near}, features)
    if len(years) > 1:
        made = OneOf(field=ref.field, values=tuple(map(float, years.values())))
        words = " or ".join(map(str, years.values()))
        yield Piece(
            (made, words), "either during", dict.fromkeys(years, 1.0), {"span of years": 1.0}
        )


def _is_main(said: Saying, ref: Ref) -> bool:
    if ref.role is not Role.DATE:
        return True
    return said.reading.vocabulary.dates(ref.file.path)[0].field == ref.field


def placed_in(ref: Ref, period: Period, today: date) -> Period:
    """The span with its year, by the last day of the column."""
    most = ref.column.most[:10]
    return period.placed(date.fromisoformat(most) if _ISO.fullmatch(most) else today)


def _meets(ref: Ref, period: Period) -> bool:
    """Whether a date of the column may be in the span, as far as anybody knows."""
    least, most = ref.column.least[:10], ref.column.most[:10]
    if not least or not most or ref.column.type.upper().startswith("VARCHAR"):
        return True
    start, end = str(period.start or ""), str(period.end or "")
    return (not end or least < end) and (not start or most >= start)
