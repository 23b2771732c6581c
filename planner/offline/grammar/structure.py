"""A request cut into plain orders, orders under a condition, and orders for each of a list. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from planner.lexicon.tokens import HARD, Clause, Kind, Token, clauses, lows
from planner.lexicon.verbs import DELEGATE, MODEL_TYPES, OBJECTS, VERBS, Act
from planner.lexicon.words import word_set

Begins = Callable[[Clause, int], bool]
"""Whether an order begins at a place of the tokens."""

LINKS = word_set(", : - and then but also please finally")
ENDS = HARD - {"then", "finally", "afterwards", "?"}
ARTICLES = word_set("a an the our some one of")
ELSE = word_set("otherwise else")
ASKING = word_set(
    "ask tell see say know decide find check whether verify wonder show me asking tells"
)
"""Words before an "if" that only says what is asked: "ask @kim if this is right"."""

GOES_THROUGH = frozenset({Act.MODEL, Act.ASK, Act.SAVE, Act.PUBLISH, Act.SUMMARISE})
NO_ORDERS = word_set("is only total count sum average")
"""Verbs that stand within a condition as well."""


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
Cut = tuple[Clause, Branch | Loop, int]
"""What is plain before a branch or loop, it, and its end."""


def parts(line: Clause, begins: Begins) -> tuple[Part, ...]:
    """The request's parts in order."""
    cut: list[Part] = []
    start = place = 0
    while place < len(line):
        taken = _Cutter(line, begins, start).cut(place)
        if taken is None:
            place += 1
            continue
        before, part, place = taken
        cut += [Plain(before), part] if before else [part]
        start = place
    if start < len(line):
        cut.append(Plain(line[start:]))
    return tuple(cut)


@dataclass(frozen=True)
class _Cutter:
    """Cuts the line from `start` on, which is where the part before ended."""

    line: Clause
    begins: Begins
    start: int

    def cut(self, place: int) -> Cut | None:
        """The branch or loop whose sign is at the place."""
        low, after = self._low(place), self._low(place + 1)
        if low in {"if", "unless"} or (low, after) == ("only", "if"):
            return self._branch(place, place + (2 if low == "only" else 1))
        if low == "for" and after in {"each", "every"}:
            first = self._opens(place, LINKS | HARD)
            return self._loop(place) if first else self._trailing_loop(place)
        return None

    def _branch(self, place: int, begin: int) -> Cut | None:
        """A condition that begins at `begin`, behind its sign at the place."""
        only = self._low(place) == "only"
        if self._opens(place, HARD if only else LINKS | HARD):
            leading = self._leading(place, begin)
            if not only or _stripped(leading[1].then):
                return leading
        if self._low(place) == "if" and lows(self._order(place)) & ASKING:
            return None
        return self._trailing(place, begin)

    def _leading(self, place: int, begin: int) -> tuple[Clause, Branch, int]:
        """ "if …, do this, otherwise do that"."""
        line = self.line
        middle = self._until(begin, lambda at: line[at].low in {",", "then", ":"} | ENDS)
        order = self._until(begin + 1, self._ordered)
        middle = min(middle, order)
        end = self._until(middle + 1, lambda at: line[at].low in ENDS | ELSE)
        resumed = self._until(end, lambda at: line[at].low not in ENDS | LINKS)
        then = line[middle:end]
        otherwise: Clause = ()
        if self._low(resumed) in ELSE:
            end = self._until(resumed + 1, lambda at: line[at].low in ENDS)
            otherwise = line[resumed + 1 : end]
        negated = self._low(place) == "unless"
        branch = Branch(line[begin:middle], then, otherwise, negated)
        return _stripped(line[self.start : place]), branch, end

    def _trailing(self, place: int, begin: int) -> Cut:
        """ "…, do this only if …": the condition is of the last order before it."""
        words = place
        while words > self.start and self._low(words - 1) in HARD:  # "Write a report. Only if …"
            words -= 1
        order, end = self._order(words), self._order_end(begin)
        before = self.line[self.start : words - len(order)] if order else ()
        negated = self._low(place) == "unless"
        branch = Branch(self.line[begin:end], _stripped(order), (), negated)
        return _stripped(before), branch, end

    def _loop(self, place: int) -> Cut | None:
        """ "for each …, do this"; a figure for each group is no loop."""
        begin, named = place + 2, self._names_items(place)
        ends = {":", *ENDS} if named else {":", ",", *ENDS}
        middle = self._until(
            begin,
            lambda at: (
                self._low(at) in ends
                or (at > begin and _works(self.line[at]) and (self._begins(at) or self._clear(at)))
            ),
        )
        body = self._until(middle, lambda at: self._low(at) not in LINKS)
        if body >= len(self.line) or not (named or _works(self.line[body])):
            return None
        end = self._until(body, lambda at: self._low(at) in ENDS)
        over = _stripped(self.line[begin:middle])
        return _stripped(self.line[self.start : place]), Loop(over, self.line[body:end]), end

    def _trailing_loop(self, place: int) -> Cut | None:
        """ "write a poem for each of Ann, Bo and Cy"."""
        order = self._order(place)
        if not order or not _works(order[0]) or not self._names_items(place):
            return None
        end = self._order_end(place + 2)
        rest = self._until(end, lambda at: self._low(at) in ENDS)
        loop = Loop(self.line[place + 2 : end], (*order, *self.line[end:rest]))
        return _stripped(self.line[self.start : place - len(order)]), loop, rest

    def _low(self, place: int) -> str:
        return self.line[place].low if 0 <= place < len(self.line) else ""

    def _opens(self, place: int, links: frozenset[str]) -> bool:
        """Whether a sentence or a part of one opens at the place."""
        return place == self.start or self._low(place - 1) in links

    def _begins(self, place: int) -> bool:
        return place < len(self.line) and self.begins(self.line, place)

    def _ordered(self, place: int) -> bool:
        low = self._low(place)
        return low in VERBS and low not in NO_ORDERS and self._begins(place)

    def _names_items(self, place: int) -> bool:
        """Whether the items are named: "for each of A, B and C", "for each of them" is a table."""
        them = self._low(place + 3) in {"them", "these", "those", "the"}
        return self._low(place + 2) == "of" and not them

    def _clear(self, place: int) -> bool:
        """Whether a word that can be a noun is an order here: "draft an offer", not "the draft"."""
        after = self.line[place + 1 : place + 2]
        objects = any(t.low in OBJECTS | ARTICLES or t.kind is Kind.MENTION for t in after)
        return objects and self._low(place - 1) not in ARTICLES

    def _order(self, place: int) -> Clause:
        """The last order before the place."""
        cut = clauses(self.line[self.start : place], self.begins)
        return cut[-1] if cut else ()

    def _order_end(self, place: int) -> int:
        """Where the sentence or the next order begins."""

        def ends(at: int) -> bool:
            links = self._low(at) in LINKS
            return self._low(at) in ENDS or (
                links and self._begins(self._until(at, lambda then: self._low(then) not in LINKS))
            )

        return self._until(place, ends)

    def _until(self, place: int, ends: Callable[[int], bool]) -> int:
        while place < len(self.line) and not ends(place):
            place += 1
        return min(place, len(self.line))


def _works(token: Token) -> bool:
    """Whether work begins here that is done one by one, rather than a figure or a chart."""
    if token.kind is Kind.MENTION or token.low in DELEGATE or token.low in MODEL_TYPES:
        return True
    return VERBS.get(token.low) in GOES_THROUGH


def _stripped(clause: Clause) -> Clause:
    """Without what links it to its neighbours."""
    start, end = 0, len(clause)
    while start < end and clause[start].low in LINKS | HARD:
        start += 1
    while end > start and clause[end - 1].low in LINKS | HARD:
        end -= 1
    return clause[start:end]


def listed_items(clause: Clause) -> Iterator[Clause]:
    """ "of A, B and C" → A | B | C."""
    item: list[Token] = []
    for token in clause[1:] if clause and clause[0].low == "of" else clause:
        if token.low not in {",", "and", "or", "&", ";"}:
            item.append(token)
        elif item:
            yield tuple(item)
            item = []
    if item:
        yield tuple(item)
