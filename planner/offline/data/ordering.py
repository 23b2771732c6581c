"""Order, limits and "the top five of": taken out of the words, put into the query."""

import re
from dataclasses import dataclass, replace

from memory.model.text import text
from planner.offline.data.columns import find_column
from planner.offline.data.query import Group, Measure, Order, Query
from planner.offline.data.reading import Reading
from planner.offline.data.words import FILLER, ROWS
from planner.offline.grammar.words import FUNCTION, FUNCTIONS, NUMBER, number, without, word_set

_UP = r"ascending|asc\b|low(?:est)? (?:to high|first)|from low to high|smallest first"
_DOWN = (
    r"descending|desc\b|high(?:est)? (?:to low|first)|from high to low|(?:largest|biggest) first"
)
_SORT = re.compile(
    r"\b(?<!per )(?<!each )(?<!every )(?:sort(?:ed)?|(?:order|rank)(?:ed)?(?= (?:\w+ )?by))"
    r"(?: (?:it|them|the \w+|rows|results?))?(?: by)? "
    r"(?P<by>(?:(?!descending|ascending|from|desc\b|asc\b|and\b|,)[\w'’-]+ ?){0,4})"
    rf"(?P<way>{_DOWN}|{_UP}|)"
)
_WAY = re.compile(rf"\b(?P<way>{_DOWN}|{_UP})")
_TOP = re.compile(
    r"\b(?P<end>top|best|highest|largest|biggest|first|bottom|worst|lowest|smallest|last) "
    rf"(?P<n>{NUMBER})\b"
    r"(?P<what>(?: (?!by\b|in\b|where\b|for\b|per\b|of\b)[\w'’-]+){0,3})"
    r"(?: (?:by|in|of|with the (?:most|highest|least|lowest)) (?:the )?"
    r"(?P<by>(?:(?!and\b|where\b|in\b|for\b|by\b|per\b)[\w'’-]+ ?){1,4}))?"
)
_HIGH = word_set("top best highest largest biggest")
_ROWS = word_set(
    "rows row records record lines line entries entry orders order transactions items results"
)
_FIGURE = word_set("total value count amount size it") | {""}
"""Words for the figure itself."""


@dataclass(frozen=True)
class Wish:
    """How the rows should come: by what ("" for the figure itself), how many, and of what."""

    by: str | None = None
    down: bool = False
    limit: int | None = None
    ranked: str = ""
    last: bool = False
    """The last rows: the newest, where there are dates; a file's own order is none to rely on."""


def take_order(text: str) -> tuple[Wish, str]:
    """The wish in the text, and the text without it."""
    wish = Wish()
    sort = _SORT.search(text)
    if sort:
        wish = Wish(sort["by"].strip(), down=bool(re.match(_DOWN, sort["way"])))
        text = without(text, *sort.span())
    way = _WAY.search(text)
    if way and not (sort and sort["way"]):  # a second one contradicts the first: it stays unread
        wish = replace(wish, by=wish.by or "", down=bool(re.match(_DOWN, way["way"])))
        text = without(text, *way.span())
    top = _TOP.search(text)
    if top:
        wish = _with_top(wish, top)
        text = without(text, *top.span())
    return wish, text


def _with_top(wish: Wish, top: "re.Match[str]") -> Wish:
    ranked, down = (top["what"] or "").strip(), top["end"] in _HIGH
    last = top["end"] == "last" and not top["by"]
    wish = replace(wish, limit=number(top["n"]), ranked=ranked, last=last)
    if top["by"]:
        return replace(wish, by=top["by"].strip(), down=down)
    if wish.by is None and top["end"] not in {"first", "last"}:
        return replace(wish, by="", down=down)
    return wish


def ordered(query: Query, wish: Wish, reading: Reading, before: Query | None) -> Query:
    """The query with the wish in it. "Top 5 products by revenue" groups by product."""
    rows_by = re.fullmatch(rf"(.+?) {ROWS}", wish.ranked)
    if rows_by and wish.by == "":
        wish = replace(wish, by=rows_by[1], ranked="rows")
    query = replace(query, limit=wish.limit)
    ranked = find_column(wish.ranked, reading.columns)
    if wish.last:
        wish = _newest(wish, reading)
    if ranked is not None and not query.groups:
        query = replace(query, groups=(Group(ranked.column.name),))
    if ranked is None and before is None and not set(wish.ranked.split()) <= FILLER | _ROWS:
        reading.unread.append(wish.ranked)
    return _sorted(query, wish, reading, before, grouped=ranked is not None)


def _sorted(
    query: Query, wish: Wish, reading: Reading, before: Query | None, *, grouped: bool
) -> Query:
    whole = before.refined(query) if before is not None and not query.measures else query
    if wish.by is None or not (wish.by or whole.measures):
        return _without_group(query, wish)
    if wish.by and not query.measures and (grouped or _function(wish.by)):
        measure = _measure(wish.by, reading)
        return replace(query, measures=(measure,), columns=(), order=Order(measure.name, wish.down))
    name = _order_name(wish.by, whole, reading)
    return replace(query, order=Order(name, wish.down) if name else None)


def _newest(wish: Wish, reading: Reading) -> Wish:
    dates = reading.date_column()
    if dates is None:
        reading.unread.append(f"last {wish.limit}")
        return wish
    return replace(wish, by=dates[0].name, down=True)


def _without_group(query: Query, wish: Wish) -> Query:
    """ "First 5 products" without a figure lists products; there is nothing to group."""
    if query.measures or not query.groups or not wish.ranked:
        return query
    return replace(query, groups=(), columns=tuple(group.column for group in query.groups))


def _function(phrase: str) -> "re.Match[str] | None":
    match = re.match(rf"({FUNCTION}|number) (?:of )?(?:the )?(?=\w)", phrase)
    return match if match and match.end() < len(phrase) else None


def _measure(phrase: str, reading: Reading) -> Measure:
    function = _function(phrase)
    name = FUNCTIONS.get(function[1], "COUNT") if function else "SUM"
    if name == "COUNT":
        return Measure("COUNT")
    column = reading.column(phrase[function.end() :] if function else phrase, number=True)
    return Measure(name, column.name) if column else Measure("COUNT")


def _order_name(phrase: str, whole: Query, reading: Reading) -> str:
    """The column of the result that the phrase names; "" where it can't be read."""
    match = find_column(phrase, reading.columns)
    named = match.column.name if match else None
    for name, source in whole.results():
        if phrase == name.replace("_", " ").lower() or named == source:
            return name
    if whole.measures and (phrase in _FIGURE or _function(phrase)):
        return whole.measures[0].name
    column = None if whole.measures else reading.column(phrase)
    if column is not None:
        return column.name
    reading.unread.append(text("sort by {phrase}", phrase=phrase))
    return ""
