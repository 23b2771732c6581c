"""Work that several agents do one after the other: "Claude first, then Gemini improves it". Pure."""

from itertools import pairwise
from typing import Final

from planner.lexicon.tokens import Clause, Kind, Token, clauses, lows
from planner.lexicon.verbs import MODEL_TYPES, VERBS, order_begins
from planner.lexicon.words import word_set

_TOGETHER: Final = word_set(", and or & + plus both as well also")
"""What joins those who do the same work, each on their own."""
_TURNS: Final = word_set("turn turns again alternately alternating")
_BARE: Final = word_set("first second next last finally again once more then and , : by with the (")


def by_turns(line: Clause) -> tuple[Clause, Clause, Clause] | None:
    """The line as what comes before such work, the work, and what comes after; None where none is."""
    parts = clauses(line, order_begins)
    at = [place for place, part in enumerate(parts) if workers(part)]
    if len(set(workers(line))) < 2 or not _is_relay(line, parts):
        return None
    first, last = at[0], at[-1] + 1
    while first and parts[first - 1][0].low in MODEL_TYPES:
        first -= 1
    while last < len(parts) and parts[last][0].low not in VERBS:
        last += 1
    begin, end = (_place(line, parts, first), _place(line, parts, last))
    return line[:begin], line[begin:end], line[end:]


def workers(clause: Clause) -> tuple[Token, ...]:
    """The agents in it, as often as they are named."""
    return tuple(token for token in clause if token.kind is Kind.AGENT)


def _is_relay(line: Clause, parts: tuple[Clause, ...]) -> bool:
    bare = any(workers(part) and _is_bare(part) for part in parts[1:])
    return bare or any(map(_hands_on, (_head(line), *parts)))


def _head(line: Clause) -> Clause:
    """What stands before the first colon: who does it, where what is to be done follows."""
    at = (place for place, token in enumerate(line) if token.low == ":")
    return line[: next(at, 0)]


def _hands_on(clause: Clause) -> bool:
    """Whether more than "and" stands between two agents."""
    at = [place for place, token in enumerate(clause) if token.kind is Kind.AGENT]
    apart = any(lows(clause[before + 1 : after]) - _TOGETHER for before, after in pairwise(at))
    return apart or (len(at) > 1 and bool(lows(clause) & _TURNS))


def _is_bare(clause: Clause) -> bool:
    """Whether nothing is said of what the agent is to do."""
    return not {token.low for token in clause if token.kind is not Kind.AGENT} - _BARE


def _place(line: Clause, parts: tuple[Clause, ...], number: int) -> int:
    """Where the part begins in the line, or the line's end."""
    place = 0
    for part in parts[:number]:
        while line[place : place + len(part)] != part:
            place += 1
        place += len(part)
    return place if number < len(parts) else len(line)
