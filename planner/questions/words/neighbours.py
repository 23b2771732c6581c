"""Months and quarters beside each other: one has the year of the other. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from planner.lexicon.calendar import month_number
from planner.questions.words.points import Found, Period, months


def listed_months(text: str, found: Sequence[Found]) -> list[Found]:
    """ "april or may": what else is no month is one behind another."""
    ends = {hit.end for hit in found if hit.period.part == "month"}
    more: list[Found] = []
    for match in re.finditer(
        r" ?(?P<beside>and|or|,|&|vs?\.?|versus|against) (?P<month>may|march|mar|jan)\b", text
    ):
        compared = bool(ends) and match["beside"] not in {"and", "or", ",", "&"}
        taken = any(hit.start < match.end() and match.start("month") < hit.end for hit in found)
        if (compared or match.start() in ends) and not taken:
            number = month_number(match["month"])
            period = Period(part="month", numbers=(number,), words=match["month"])
            more.append(Found(period, match.start("month"), match.end()))
    return more


def of_same_year(found: Sequence[Found], text: str) -> tuple[Found, ...]:
    """ "in March and April 2024": a month or quarter has the year of the one it is listed with."""
    hits = list(found)
    for place, (hit, after) in reversed(list(enumerate(pairwise(found)))):
        period, year, also = hit.period, hits[place + 1].period.start, hits[place + 1].period.also
        single = period.part in {"month", "quarter"} and len(period.numbers) == 1
        if not single or text[hit.end : after.start].strip() not in _BESIDE:
            continue
        if also is not None and also.start is not None:
            other = Period(*_in_year(period, also.start))
            hits[place] = replace(hit, period=replace(period, also=other))
        elif year is not None and hits[place + 1].period.end is not None and not after.period.year:
            start, end = _in_year(period, year)
            whole = replace(period, start=start, end=end, part=None, numbers=(), bare=False)
            hits[place] = replace(hit, period=whole)
    return tuple(hits)


_BESIDE = frozenset(
    {"and", "or", ",", "&", "vs", "vs.", "v", "versus", "against", "compared to", "compared with"}
)


def _in_year(period: Period, year: date) -> tuple[date | None, date | None]:
    size = 3 if period.part == "quarter" else 1
    return months(year.year, (period.numbers[0] - 1) * size + 1, size)
