"""A request cut into plain orders, orders under a condition, and orders for each of a list. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from planner.offline.grammar.lexer import HARD, Clause, Kind, Token, clauses
from planner.offline.grammar.verbs import DELEGATE, MODEL_TYPES, OBJECTS, VERBS, Act

Begins = Callable[[tuple[Token, ...], int], bool]
"""Whether an order begins at a place of the tokens."""

LINKS = frozenset({",", "and", "then", "but", "also", ":", "please", "-", "finally"})
ENDS = HARD - {"then", "finally", "afterwards", "?"}
ARTICLES = frozenset({"a", "an", "the", "our", "some", "one", "of"})
ELSE = frozenset({"otherwise", "else"})
ASKING = frozenset({
    "ask", "tell", "see", "say", "know", "decide", "find", "check", "whether", "verify", "wonder",
    "show", "me", "asking", "tells",
})  # fmt: skip
"""Words before an "if" that only says what is asked: "ask @kim if this is right"."""

GOES_THROUGH = frozenset({Act.MODEL, Act.ASK, Act.SAVE, Act.PUBLISH, Act.SUMMARISE})


@dataclass(frozen=True)
class Plain:
    """Orders to be done in any case."""

    words: Clause


@dataclass(frozen=True)
class Branch:
    """Orders to be done if something holds, and others if it does not."""

    condition: Clause
    then: Clause
    otherwise: Clause = ()
    negated: bool = False


@dataclass(frozen=True)
class Loop:
    """Orders to be done for each of a list."""

    over: Clause
    body: Clause


Part = Plain | Branch | Loop


def parts(found: tuple[Token, ...], begins: Begins) -> tuple[Part, ...]:
    """The request's parts in order."""
    cut: list[Part] = []
    start = place = 0
    while place < len(found):
        taken = _part(found, start, place, begins)
        if taken is None:
            place += 1
            continue
        before, part, place = taken
        if before:
            cut.append(Plain(before))
        cut.append(part)
        start = place
    if start < len(found):
        cut.append(Plain(found[start:]))
    return tuple(cut)


def _part(
    found: tuple[Token, ...], start: int, place: int, begins: Begins
) -> tuple[Clause, Part, int] | None:
    """The branch or loop whose sign is at the place: what is plain before it, it, and its end."""
    low, after = found[place].low, found[place + 1].low if place + 1 < len(found) else ""
    first = place == start or found[place - 1].low in LINKS | HARD
    if low in {"if", "unless"} or (low == "only" and after == "if"):
        sign = 2 if low == "only" else 1
        opens = first and (place == start or found[place - 1].low in HARD)
        if first and (low != "only" or opens):
            leading = _leading(found, start, place, sign, begins)
            if low != "only" or _stripped(leading[1].then):
                return leading
        bare = low == "if" and any(one.low in ASKING for one in _order(found, start, place, begins))
        return None if bare else _trailing(found, start, place, sign, begins)
    if low == "for" and after in {"each", "every"}:
        return (_loop if first else _trailing_loop)(found, start, place, begins)
    return None


def _leading(
    found: tuple[Token, ...], start: int, place: int, sign: int, begins: Begins
) -> tuple[Clause, Branch, int]:
    """ "if …, do this, otherwise do that"."""
    middle = _until(found, place + sign, lambda at: found[at].low in {",", "then", ":"} | ENDS)
    order = _until(found, place + sign + 1, lambda at: _verb(found, at) and begins(found, at))
    middle = min(middle, order)
    end = _until(found, middle, lambda at: found[at].low in ENDS | ELSE and at > middle)
    then = found[middle:end]
    resumed = end
    while resumed < len(found) and found[resumed].low in ENDS | LINKS:
        resumed += 1
    otherwise: Clause = ()
    if resumed < len(found) and found[resumed].low in ELSE:
        end = _until(found, resumed + 1, lambda at: found[at].low in ENDS)
        otherwise = found[resumed + 1 : end]
    negated = found[place].low == "unless"
    branch = Branch(found[place + sign : middle], then, otherwise, negated)
    return _stripped(found[start:place]), branch, end


def _trailing(
    found: tuple[Token, ...], start: int, place: int, sign: int, begins: Begins
) -> tuple[Clause, Part, int]:
    """ "…, do this only if …": the condition is of the last order before it."""
    said = place
    while said > start and found[said - 1].low in HARD:  # "Write a report. Only if …"
        said -= 1
    order = _order(found, start, said, begins)
    end = _until(
        found,
        place + sign,
        lambda at: (
            found[at].low in ENDS or (found[at].low in LINKS and _order_after(found, at, begins))
        ),
    )
    before = found[start : said - len(order)] if order else ()
    negated = found[place].low == "unless"
    return _stripped(before), Branch(found[place + sign : end], _stripped(order), (), negated), end


def _loop(
    found: tuple[Token, ...], start: int, place: int, begins: Begins
) -> tuple[Clause, Part, int] | None:
    """ "for each …, do this"; a figure for each group is no loop."""
    listed = _named(found, place)
    middle = _until(
        found,
        place + 2,
        lambda at: (
            found[at].low in {":", *ENDS}
            or (found[at].low == "," and not listed)
            or (at > place + 2 and _worked(found, at) and (begins(found, at) or _clear(found, at)))
        ),
    )
    body = middle
    while body < len(found) and found[body].low in LINKS:
        body += 1
    if body >= len(found) or not (listed or _worked(found, body)):
        return None
    end = _until(found, body, lambda at: found[at].low in ENDS)
    over = _stripped(found[place + 2 : middle])
    return _stripped(found[start:place]), Loop(over, found[body:end]), end


def _trailing_loop(
    found: tuple[Token, ...], start: int, place: int, begins: Begins
) -> tuple[Clause, Part, int] | None:
    """ "write a poem for each of Ann, Bo and Cy"."""
    order = _order(found, start, place, begins)
    if not order or not _worked(order, 0) or not _named(found, place):
        return None
    end = _until(
        found,
        place + 2,
        lambda at: (
            found[at].low in ENDS or (found[at].low in LINKS and _order_after(found, at, begins))
        ),
    )
    rest = _until(found, end, lambda at: found[at].low in ENDS)
    return (
        _stripped(found[start : place - len(order)]),
        Loop(found[place + 2 : end], (*order, *found[end:rest])),
        rest,
    )


def _named(found: tuple[Token, ...], place: int) -> bool:
    """Whether the items are named: "for each of A, B and C", "for each of them" is a table."""
    words = [one.low for one in found[place + 2 : place + 4]]
    return words[:1] == ["of"] and words[1:] not in (["them"], ["these"], ["those"], ["the"])


def _worked(found: tuple[Token, ...], place: int) -> bool:
    """Whether work begins here that is done one by one, rather than a figure or a chart."""
    token = found[place]
    if token.kind is Kind.MENTION or token.low in DELEGATE | set(MODEL_TYPES):
        return True
    return VERBS.get(token.low) in GOES_THROUGH


def _clear(found: tuple[Token, ...], place: int) -> bool:
    """Whether a word that can be a noun is an order here: "draft an offer", not "the draft"."""
    before, after = found[place - 1].low, found[place + 1 : place + 2]
    return before not in ARTICLES and bool(after) and (
        after[0].low in OBJECTS | ARTICLES or after[0].kind is Kind.MENTION
    )  # fmt: skip


def _verb(found: tuple[Token, ...], place: int) -> bool:
    low = found[place].low
    return low in VERBS and low not in {"is", "only", "total", "count", "sum", "average"}


def _order(found: tuple[Token, ...], start: int, place: int, begins: Begins) -> Clause:
    """The last order before the place."""
    cut = clauses(found[start:place], begins)
    return cut[-1] if cut else ()


def _order_after(found: tuple[Token, ...], place: int, begins: Begins) -> bool:
    at = place
    while at < len(found) and found[at].low in LINKS:
        at += 1
    return at < len(found) and begins(found, at)


def _until(found: tuple[Token, ...], place: int, ends: Callable[[int], bool]) -> int:
    while place < len(found) and not ends(place):
        place += 1
    return min(place, len(found))


def _stripped(words: Clause) -> Clause:
    """Without what links it to its neighbours."""
    start, end = 0, len(words)
    while start < end and words[start].low in LINKS | HARD:
        start += 1
    while end > start and words[end - 1].low in LINKS | HARD:
        end -= 1
    return words[start:end]


def listed_items(words: Clause) -> Iterator[Clause]:
    """ "of A, B and C" → A | B | C."""
    item: list[Token] = []
    for token in words[1:] if words and words[0].low == "of" else words:
        if token.low in {",", "and", "or", "&", ";"}:
            if item:
                yield tuple(item)
            item = []
        else:
            item.append(token)
    if item:
        yield tuple(item)
