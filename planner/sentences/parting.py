"""Which clauses of a message are one question to the data, and which begin a new one. Pure.

A clause cut off by a comma, an "and" or a question mark mostly belongs to the question before it
("…? average minutes", "…, names please"): the message is read as one first. What asks something of
its own, and can be read so, is a question of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from planner.lexicon.tokens import HARD, MARKS, Clause, Kind, Token, clauses, lows
from planner.lexicon.verbs import LEAD, VERBS
from planner.lexicon.words import word_set

Begins = Callable[[Clause, int], bool]


@dataclass(frozen=True)
class Reading:
    """A clause that can be read as a question. `sure`: nothing has to be asked back."""

    sure: bool
    whole: bool
    """It says by what its figures are split, or which rows it is about."""
    lists: bool
    """It only lists rows."""


Read = Callable[[Clause], Reading | None]
"""How a clause reads as a question to the data; None where it is none."""


@dataclass(frozen=True)
class Ways:
    """How clauses are looked at: whether they may ask something of data, and how they read with
    what was asked before them, and without.
    """

    is_data: Callable[[Clause], bool]
    read: Read
    anew: Read


_STANDING: Final = word_set(
    "how which who whose what whats what's when where list show give count is are was were do does did has have find"
)
"""How a question of its own begins."""
_ASKING: Final = word_set("how which who whose what whats what's when where is are do does did any")
_LEANING: Final = word_set(
    "in for by per from of with without only just except at on but same than between since before after during not "
    "excluding including instead sorted ordered grouped rounded split broken biggest highest lowest smallest newest oldest latest most least"
)
"""What a clause begins with that goes on with the one before."""
_BACK: Final = word_set(
    "it its they their them he his him she her that those these this ones other others rest there same too "
    "instead respectively each both else"
)
"""Words that mean something of the clause before."""
_BESIDES: Final = word_set("also plus second secondly")
_SHORT, _LEAST = 2, 4
_ON: Final = word_set("on in with to for at")


@dataclass(frozen=True)
class Part:
    """Clauses that are read as one. `anew`: they ask something that has to do with nothing before."""

    clause: Clause
    anew: bool = False


@dataclass(frozen=True)
class _Cut:
    clause: Clause
    between: Clause
    """The separators in front of it."""


def parted(line: Clause, begins: Begins, ways: Ways) -> Iterator[Part]:
    """The clauses of the line, put together where they are one question."""
    cut = [*_cut(line, clauses(line, begins))]
    if len(cut) == 1:
        cut = _finer(line, cut, ways)
    place, asked = 0, False
    while place < len(cut):
        end = _end_of_question(cut, place, ways)
        clause = _joined(cut[place:end])
        data = ways.is_data(clause)
        yield Part(clause, asked and data and _stands(replace(cut[place], clause=clause), ways))
        place, asked = end, data


def _finer(line: Clause, whole: list[_Cut], ways: Ways) -> list[_Cut]:
    """Cut before "and who", ", how many" as well, where the whole is no question and each part is."""
    if not ways.is_data(line) or _sure(ways.read(line)):
        return whole
    cut = [*_cut(line, clauses(line, _asks_again))]
    stands = all(_stands(part, ways) and _sure(ways.anew(part.clause)) for part in cut[1:])
    apart = len(cut) > 1 and stands and not _is_topic(cut[0], ways)
    return cut if apart and _sure(ways.read(cut[0].clause)) else whole


def _asks_again(line: Clause, place: int) -> bool:
    return line[place].low in _ASKING


def _sure(reading: Reading | None) -> bool:
    return reading is not None and reading.sure


def _end_of_question(cut: Sequence[_Cut], place: int, ways: Ways) -> int:
    if _is_topic(cut[place], ways):
        return _end_of_topic(cut, place, _end_of_data(cut, place, ways))
    ends = _ends(cut, place, ways)
    read = {end: ways.read(_joined(cut[place:end])) for end in ends}
    sure = next((end for end in ends if _sure(read[end])), None)
    if sure is not None or not any(read.values()) or ways.read(cut[place].clause):
        return sure or place + 1
    return next(end for end in ends if read[end])


def _end_of_data(cut: Sequence[_Cut], place: int, ways: Ways) -> int:
    """Where the parts about data end that begin at the place."""
    while place < len(cut) and ways.is_data(cut[place].clause):
        place += 1
    return place


def _end_of_topic(cut: Sequence[_Cut], place: int, most: int) -> int:
    """Where what is asked about a topic ends: before what is asked besides."""
    while place + 1 < most and not lows(cut[place + 1].between) & (HARD | _BESIDES):
        place += 1
    return place + 1


def _ends(cut: Sequence[_Cut], place: int, ways: Ways) -> list[int]:
    """Where a question of several parts may end, the farthest first."""
    return [
        end
        for end in range(_end_of_data(cut, place, ways), place + 1, -1)
        if not any(_goes_on(part) or _stands(part, ways) for part in cut[place + 1 : end])
    ]


def _is_topic(part: _Cut, ways: Ways) -> bool:
    """ "pirate ones, how many times hired": it names the rows that are asked about behind it."""
    if part.clause[0].low in _STANDING or part.clause[0].low in VERBS:
        return False
    reading = ways.read(part.clause)
    return reading is not None and reading.lists


def _goes_on(part: _Cut) -> bool:
    """ "…, then …": what is done with the answer before."""
    return bool(lows(part.between) & (HARD - MARKS))


def _stands(part: _Cut, ways: Ways) -> bool:
    """Whether a clause asks something of its own rather than goes on."""
    if _leans(part.clause):
        return False
    own = ways.anew(part.clause)
    if own is None:
        return False
    if part.clause[0].low in _STANDING or lows(part.between) & _BESIDES:
        return True
    return bool(lows(part.between) & MARKS and own.whole)


def _leans(clause: Clause) -> bool:
    said = [token for token in clause if token.kind is not Kind.MARK]
    own = len(said) > _LEAST and said[-2].low in _ON  # "a bill with no job on it"
    back = {token.low for token in (said[:-1] if own else said)} & _BACK
    return len(said) <= _SHORT or said[0].low in _LEANING or bool(back)


def _joined(run: Sequence[_Cut]) -> Clause:
    """The clauses as one, with commas for what parted their sentences."""
    comma = Token(Kind.MARK, ",")
    joined = [*run[0].clause]
    for part in run[1:]:
        hard = lows(part.between) & HARD
        joined += [comma] if hard else part.between
        joined += part.clause
    return tuple(joined)


def _cut(line: Clause, pieces: Sequence[Clause]) -> Iterator[_Cut]:
    """Each clause with what stands in front of it."""
    place = 0
    for piece in pieces:
        start = place
        while line[place : place + len(piece)] != piece:
            place += 1
        yield _Cut(piece, line[start:place])
        place += len(piece)


def trimmed(clause: Clause) -> Clause:
    """The clause without the courtesies around it."""
    start, end = 0, len(clause)
    while start < end and (
        clause[start].kind is Kind.MARK
        or (clause[start].kind is Kind.WORD and clause[start].low in LEAD and start < end - 1)
    ):
        start += 1
    while end > start and (
        clause[end - 1].kind is Kind.MARK
        or clause[end - 1].low in {"please", "thanks", "and", "then"}
    ):
        end -= 1
    return clause[start:end]
