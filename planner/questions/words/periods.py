"""Spans of time in words: "in 2024", "Q3", "last 3 months", "since March", "before 8 am". Pure."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from planner.lexicon.calendar import GERMAN_MONTHS, MONTHS, WEEKDAYS, month_number
from planner.questions.words.neighbours import listed_months, of_same_year
from planner.questions.words.points import (
    COUNT,
    DAY,
    DECADE,
    MONTH,
    ORDINALS,
    POINT,
    RELATIVE,
    SEASONS,
    SPELT,
    YEAR,
    YEARLESS,
    Found,
    Period,
    back,
    counted,
    decade,
    months,
    point,
    relative,
)


def _is_yearless(words: str) -> bool:
    return re.fullmatch(rf"{YEARLESS}|{MONTH}", words) is not None


def _of_point(words: str, today: date) -> Period | None:
    """The point as a span; a month alone is this year's, and yearless."""
    yearless = _is_yearless(words)
    if re.fullmatch(MONTH, words):
        return Period(*months(today.year, month_number(words), 1), yearless=True)
    pair = point(words, today)
    if pair is None:
        return None
    return Period(*pair, yearless=yearless, read=_reading_of(words, pair), also=_short_year(words))


def _short_year(words: str) -> Period | None:
    """ "march 25" may be the month of 2025 as well."""
    found = re.fullmatch(rf"({MONTH})\.? (\d\d)", words)
    return (
        Period(*months(2000 + int(found[2]), month_number(found[1]), 1))
        if found is not None
        else None
    )


def _reading_of(words: str, pair: tuple[date | None, date | None]) -> str:
    """Said of days whose month may be the other number, and of seasons."""
    start, end = pair
    if start is None or end is None:
        return ""
    slashed = re.fullmatch(r"(\d{1,2})/(\d{1,2})/\d{4}", words)
    if slashed and max(int(slashed[1]), int(slashed[2])) <= 12 and slashed[1] != slashed[2]:
        return f"{start.day} {MONTHS[start.month - 1].title()} {start.year}"
    if words.split()[0] in SEASONS:
        last = end - timedelta(days=1)
        return (
            f"{MONTHS[start.month - 1].title()} {start.year} to "
            f"{MONTHS[last.month - 1].title()} {last.year}"
        )
    return ""


def _between(match: re.Match[str], today: date) -> Period | None:
    """From one point to another; what one lacks (month, year) is the other's."""
    first, second = match["a"], match["b"]
    if re.fullmatch(rf"(?:{MONTH})", first) and re.fullmatch(rf"(?:{MONTH})", second):
        return _of_months(month_number(first), month_number(second))
    if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", first):
        first = re.sub(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?!\d)", first, second, count=1)
    if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", second):
        second = re.sub(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?!\d)", second, first, count=1)
    if _is_yearless(first) or re.fullmatch(r"q[1-4]", first):
        first = f"{first} {_year_in(second)}".strip()
    if _is_yearless(second) or re.fullmatch(r"q[1-4]", second):
        second = f"{second} {_year_in(first)}".strip()
    start, end = _of_point(first, today), _of_point(second, today)
    if start is None or end is None:
        return None
    yearless = start.yearless and end.yearless
    if yearless and start.start and end.end and end.end <= start.start:  # over the turn of the year
        end = replace(end, end=end.end.replace(year=end.end.year + 1))
    return Period(start.start, end.end, yearless=yearless, also=_short_years(first, end.also))


def _short_years(first: str, end: Period | None) -> Period | None:
    """ "july-august 24": to the month of 2024, from the one of the same or the year before."""
    if end is None or end.end is None or re.fullmatch(MONTH, first) is None:
        return None
    start, _ = months(end.end.year, month_number(first), 1)
    if start is not None and start >= end.end:
        start = start.replace(year=start.year - 1)
    return Period(start, end.end)


def _year_in(words: str) -> str:
    found = re.search(YEAR, words)
    return found[0] if found else ""


def _of_months(low: int, high: int) -> Period:
    """From one month of every year to another, over the turn of the year where need be."""
    count = (high - low) % 12 + 1
    return Period(part="month", numbers=tuple((low - 1 + n) % 12 + 1 for n in range(count)))


def _bounded(match: re.Match[str], today: date) -> Period | None:
    when, word = match["when"], match["word"]
    found = _of_point(
        f"this {when}" if when in {"year", "quarter", "month", "week"} else when, today
    )
    if found is None:
        return None
    if word in {"after", "later than"}:
        return replace(found, start=found.end, end=None)
    if word in {"before", "earlier than", "prior to"}:
        return replace(found, start=None, end=found.start)
    if word in {
        "until",
        "till",
        "up to",
        "through",
        "by the end of",
        "on or before",
        "no later than",
    }:
        return replace(found, start=None)
    return replace(found, end=None)


def _onwards(match: re.Match[str], today: date) -> Period | None:
    found = _of_point(match["when"], today)
    if found is None:
        return None
    earlier = match["way"].split()[-1] in {"before", "earlier"}
    return replace(found, start=None) if earlier else replace(found, end=None)


def _relative(match: re.Match[str], today: date) -> Period:
    start, end = relative(match["which"], match["unit"], today)
    so_far = match["far"] is not None or match["so"] is not None
    return Period(start, today + timedelta(days=1) if so_far else end)


def _to_date(match: re.Match[str], today: date) -> Period:
    unit = {"y": "year", "q": "quarter", "m": "month", "w": "week"}[match["unit"][0]]
    return Period(relative("this", unit, today)[0], today + timedelta(days=1))


def _last_n(match: re.Match[str], today: date) -> Period:
    number, unit = counted(match["n"]), match["unit"]
    if match["which"] in {"next", "coming"}:
        return Period(today, back(today, -number, unit) + timedelta(days=1))
    return Period(back(today, number, unit), today + timedelta(days=1))


def _distant(match: re.Match[str], today: date) -> Period:
    """ "more than 30 days ago": before that day; "less than": since."""
    day = back(today, counted(match["n"]), match["unit"])
    older = match["word"] in {"more than", "over", "older than", "longer than", "at least"}
    return Period(end=day) if older else Period(start=day)


def _quarter(match: re.Match[str], _: date) -> Period:
    words = match["q"]
    number = ORDINALS.get(words) or int(words)
    year = match["year"] or match["before"]
    return (
        Period(*months(int(year), 3 * number - 2, 3))
        if year
        else Period(part="quarter", numbers=(number,))
    )


def _half(match: re.Match[str], today: date) -> Period | None:
    """The first or second half of a year, a quarter or a month."""
    first = (match["h"] or match["x"]) in {"1", "first"}
    whole = match["of"] or match["year"] or str(today.year)
    found = _of_point(whole, today)
    if found is None or found.start is None or found.end is None:
        return None
    days = (found.end - found.start).days
    start = found.start
    if days > 100:
        middle = months(start.year, start.month, 6)[1]
    elif days > 31:
        return None
    else:
        middle = start + timedelta(days=15 if days > 7 else 4)
    return replace(found, end=middle) if first else replace(found, start=middle)


def _month(match: re.Match[str], _: date) -> Period:
    number, year = month_number(match["month"]), match["year"]
    return (
        Period(*months(int(year), number, 1)) if year else Period(part="month", numbers=(number,))
    )


def _season(match: re.Match[str], _: date) -> Period:
    first = SEASONS[match["season"]]
    names = f"{MONTHS[first - 1].title()} to {MONTHS[(first + 1) % 12].title()}"
    found = _of_months(first, (first + 1) % 12 + 1)
    return replace(found, read=names)


def _week_of(match: re.Match[str], today: date) -> Period | None:
    """The week in which a day is."""
    found = _of_point(match["point"], today)
    if found is None or found.start is None:
        return None
    monday = found.start - timedelta(days=found.start.weekday())
    return replace(found, start=monday, end=monday + timedelta(days=7))


def _whole(match: re.Match[str], today: date) -> Period | None:
    if match["point"] == "now":  # "how many are we now" is of no day
        return None
    return _of_point(match["point"], today)


def _decade(match: re.Match[str], _: date) -> Period:
    return Period(*decade(match["decade"]))


def _weekday(match: re.Match[str], _: date) -> Period:
    words = match["day"]
    if words.startswith("weekend"):
        return Period(part="weekday", numbers=(6, 7))
    if words.startswith(("weekday", "working", "work")):
        return Period(part="weekday", numbers=(1, 2, 3, 4, 5))
    return Period(part="weekday", numbers=(WEEKDAYS.index(words.rstrip("s")) + 1,))


def _work_days(match: re.Match[str], today: date) -> Period | None:
    """ "weekend hires and weekday hires": beside the weekend they are its contrary."""
    return _weekday(match, today) if "weekend" in match.string else None


def _weekdays(match: re.Match[str], _: date) -> Period:
    low, high = (WEEKDAYS.index(match[name].rstrip("s")) for name in ("a", "b"))
    return Period(
        part="weekday", numbers=tuple((low + n) % 7 + 1 for n in range((high - low) % 7 + 1))
    )


def _hours(match: re.Match[str], _: date) -> Period | None:
    """Hours of the day: "before 8 am", "between 9 and 12 o'clock"."""
    late = re.search(r"p\.?m|afternoon|evening|night", match["half"] or "") is not None
    found = [int(match[name]) for name in ("a", "b") if match[name]]
    own = match.groupdict().get("ha") or ""
    lates = [own == "pm" if own in {"am", "pm"} else late, late]
    hours = [
        hour + 12 if after and hour < 12 else hour
        for hour, after in zip(found, lates[-len(found) :], strict=True)
    ]
    if any(hour > 24 for hour in hours):
        return None
    match match["word"]:
        case "before" | "until" | "earlier than" | "by":
            numbers = range(hours[0])
        case "after" | "from" | "since" | "later than":
            numbers = range(hours[0], 24)
        case "at":
            numbers = range(hours[0], hours[0] + 1)
        case _ if hours[0] > hours[-1]:  # over midnight
            return Period(part="hour", numbers=(*range(hours[0], 24), *range(hours[-1])))
        case _:
            numbers = range(hours[0], hours[-1])
    return Period(part="hour", numbers=tuple(numbers)) if numbers else None


_TIMES = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 22)}


def _time_of_day(match: re.Match[str], _: date) -> Period:
    low, high = _TIMES[match["time"].rstrip("s")]
    return Period(part="hour", numbers=tuple(range(low, high)), read=f"from {low}:00 to {high}:00")


_PRE = r"(?:\b(?:in|for|during|of|from|on|within|over|at)(?: the)?(?: year| month of| months of| quarter)? )?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_UNIT = r"(?P<unit>day|week|month|quarter|year)s?"
_SINCE = (
    "since|after|before|until|till|through|later than|earlier than|prior to|starting|as of|by the end of"
    "|on or before|on or after|no later than|starting from|starting in"
)
_OPENING = "(?:year |(?:start|beginning) of (?:the )?)?"
_CLOCK = r"(?:\s?(?P<half>a\.?m\.?|p\.?m\.?|o'?clock|:00|h\b|in the morning|in the afternoon|in the evening|at night)(?:\s(?:[ap]\.?m\b\.?|o'?clock))?)"
Build = Callable[[re.Match[str], date], Period | None]
_PATTERNS: tuple[tuple[str, Build], ...] = (
    (rf"\b(?:between|from) (?P<a>\d{{1,2}})(?:\s?(?P<ha>[ap]m|:00))? (?:and|to|until|till|-) (?P<b>\d{{1,2}}){_CLOCK}(?P<word>)", _hours),
    (rf"\b(?P<word>before|after|until|at|from|since|by|later than|earlier than) (?P<a>\d{{1,2}}){_CLOCK}(?P<b>)", _hours),
    (rf"(?:{_PRE})(?:the )?(?:week|w/c|wc) ?(?:of|commencing|beginning|starting|from|with)?(?: the)? (?P<point>{DAY}|{YEARLESS})(?!\d)", _week_of),
    (rf"\b(?:between|from)(?: the)? (?P<a>{POINT}|q[1-4]|{_NTH}) (?:and|to|until|till|through|-|–)(?: the)? (?P<b>{POINT}|q[1-4] {YEAR}|{_NTH}(?! ?\w))", _between),
    (rf"(?<![\w.-])(?P<a>{DAY}|{SPELT}|{YEAR}|q[1-4]|{YEARLESS}(?= ?(?:-|–|to|until|till) )|(?:{MONTH})|{_NTH}(?= ?(?:-|–|to) ?{_NTH} (?:{MONTH})\b)) ?(?:to|until|till|through|-|–) ?(?P<b>{DAY}|{SPELT}|{YEARLESS}|q[1-4]\b|(?:{MONTH})\b)", _between),
    (rf"\b(?P<word>{_SINCE}|up to|from)(?: the)? {_OPENING}(?P<when>{DAY}|{YEARLESS})\b(?! on\b)", _bounded),
    (rf"\b(?P<word>{_SINCE})(?: the)? {_OPENING}(?P<when>{POINT}|year|quarter|month|week)(?![\w-])", _bounded),
    (rf"\b(?:from |in )?(?P<when>{POINT}),? (?P<way>on(?=$|[,.?!])|onwards?|and later|or later|and after|or after|and onwards|and before|or before|or earlier|and earlier)\b", _onwards),
    (rf"(?:{_PRE})(?:the )?(?:h(?P<h>[12])|(?P<x>first|second) half)(?:(?: of)?(?: the)? (?:year )?(?P<of>{SPELT}|{RELATIVE}|(?:{MONTH})\b)| (?P<year>{YEAR}))?\b", _half),
    (rf"\b(?P<word>more than|over|older than|longer than|at least|less than|within|under) (?:the last )?(?P<n>{COUNT}) {_UNIT} ago\b", _distant),
    (rf"\b(?P<word>older than|not older than) (?P<n>{COUNT}) (?P<unit>day|week|month)s?\b", _distant),
    (rf"(?:{_PRE})(?P<point>{DAY})", _whole),
    (r"\b(?P<unit>year|quarter|month|week)[ -]to[ -]date\b", _to_date),
    (r"\b(?P<unit>[yqm])td\b", _to_date),
    (rf"(?P<so>so far )?(?:{_PRE})(?:the )?(?P<which>this|last|previous|current|past|next|coming) (?P<unit>year|quarter|month|week)\b(?!'?s? ?(?:over|to))(?P<far> so far| up to now| until now| to date)?", _relative),
    (rf"(?:{_PRE})(?:the )?(?P<which>last|past|previous|next|coming) (?P<n>{COUNT}) {_UNIT}\b", _last_n),
    (rf"(?:{_PRE})(?:the )?(?:(?P<before>{YEAR}) )?q(?P<q>[1-4])(?:[ -](?:of )?(?P<year>{YEAR}))?\b", _quarter),
    (rf"(?:{_PRE})(?:the )?(?P<before>)(?P<q>first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: (?:of )?(?P<year>{YEAR}))?\b", _quarter),
    (rf"(?:{_PRE})(?P<point>{YEAR}-\d\d)(?![\d-])", _whole),
    (rf"(?:{_PRE})(?:the )?(?P<point>{RELATIVE}|(?:calendar week|week|cw|kw) \d{{1,2}},? (?:of )?{YEAR}|(?:{'|'.join(SEASONS)}) (?:of )?{YEAR})\b", _whole),
    (rf"(?:{_PRE})(?P<point>{YEARLESS})(?!\d)", _whole),
    (rf"\b(?:in|for|during|of|from|only|within|on|over)(?: the)?(?: month of)? (?P<month>{MONTH})\b\.?(?:,? (?:of )?(?P<year>{YEAR})(?![\w-]))?", _month),
    (rf"\b(?P<month>{MONTH})\b\.?,? (?:of )?(?P<year>{YEAR})(?![\w-])", _month),
    (rf"\b(?:in|for|during|of|from|only|within)(?: the)?(?: year)? (?P<point>{YEAR})(?![\w-])", _whole),
    (rf"\b(?:in|from|during|of) (?:the )?(?:early |late )?(?P<decade>{DECADE})(?!\w)", _decade),
    (rf"\b(?:in|during|over) (?:the )?(?P<season>{'|'.join(SEASONS)})\b", _season),
    (rf"\b(?:in|during) the (?P<time>{'|'.join(_TIMES)})s?\b", _time_of_day),
    (rf"\b(?P<a>(?:{'|'.join(WEEKDAYS)})s?) (?:to|until|through|-) (?P<b>(?:{'|'.join(WEEKDAYS)})s?)\b", _weekdays),
    (rf"\b(?:on |at |during |over )(?:a |an |the )?(?P<day>(?:{'|'.join(WEEKDAYS)})s?|weekends?|weekdays|working days)\b", _weekday),
)  # fmt: skip
_BARE: tuple[tuple[str, Build], ...] = (
    (
        rf"(?<![\w.,$€£-])(?<!than )(?<!over )(?<!under )(?<!above )(?<!below )(?<!least )(?<!most )(?P<point>{YEAR})(?![\w-]|[.,]\d)",
        _whole,
    ),
    (
        rf"\b(?P<month>{'|'.join(m for m in (*MONTHS, *GERMAN_MONTHS) if m not in ('may', 'march'))})(?P<year>)\b",
        _month,
    ),
    (
        rf"\b(?P<month>feb|apr|jun|jul|aug|sept?|oct|nov|dec|(?:jan|mar|may|march)(?= ?(?:and|or|to|&|,|-|vs?\.?|versus) (?:{MONTH})\b))(?P<year>)\b",
        _month,
    ),
    (
        r"^(?P<month>may|march)(?P<year>)\b(?! (?:i|we|you|he|she|it|they|be|have|not|the|a|to|in)\b)",
        _month,
    ),
    (rf"\b(?P<day>(?:{'|'.join(WEEKDAYS)})s?|weekends?)\b", _weekday),
    (r"\b(?<!by )(?<!per )(?<!which )(?P<day>weekdays?)\b", _work_days),
)


def find_periods(text: str, today: date) -> tuple[Found, ...]:
    """The periods in the text (in lower case), in order. A day that does not exist is none."""
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    for patterns, bare in ((_PATTERNS, False), (_BARE, True)):
        for pattern, build in patterns:
            for match in re.finditer(pattern, text):
                if any(match.start() < end and start < match.end() for start, end in taken):
                    continue
                try:
                    period = build(match, today)
                except ValueError:
                    taken.append(match.span())
                    continue
                if period is not None:
                    taken.append(match.span())
                    said = replace(period, words=_named(match), bare=bare)
                    found.append(Found(said, *match.span()))
    found += listed_months(text, found)
    return of_same_year(sorted(found, key=lambda hit: hit.start), text)


def _named(match: re.Match[str]) -> str:
    words = re.sub(r"^(?:in|for|during|of|on|within|only|over|at) (?:the )?", "", match[0].strip())
    return words.strip(" ,")
