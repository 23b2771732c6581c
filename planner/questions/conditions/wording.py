"""Marks that only their neighbours make clear: opposites, "or over", functions that are columns."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from planner.questions.semantics import Role
from planner.questions.words.marks import Mark, refs_of
from planner.questions.words.phrases import PHRASES
from planner.questions.words.terms import Vocabulary

_OPPOSITE = re.compile(r"(?:un|in|non|im|ir|dis)-?(\w{3,})")

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}


def reworded(marks: Iterable[Mark], vocabulary: Vocabulary) -> list[Mark]:
    """The marks as conditions are read."""
    whole = _with_one(_with_or(_with_opposites(_whole(marks), vocabulary)))
    return [*_own_spans(_plain_numbers(_columns(_signs_first(whole))))]


def _with_one(marks: Iterable[Mark]) -> Iterator[Mark]:
    """ "over an hour" as "over 1 hour"."""
    for mark, after in _pairs(marks):
        yield mark
        span = after is not None and after.letter == "G" and after.carries in _SPANS
        if mark.letter == "O" and mark.carries in {">", "<", ">=", "<="} and span:
            yield Mark("N", "1", number=1)


_SPANS = frozenset(["hour", "day", "week", "month", "year"])


def _signs_first(marks: Iterable[Mark]) -> list[Mark]:
    """ "3 times or more" as "or more 3 times", "3 or more clubs" as "or more 3 clubs"."""
    done = [*marks]
    for place, mark in enumerate(done):
        back = 2 if place > 1 and done[place - 1].letter == "!" else 1
        number = done[place - back] if place >= back else None
        behind = mark.letter == "O" and mark.words.startswith(("or ", "and "))
        after = done[place + 1].letter if place + 1 < len(done) else ""
        moved = back == 2 or after in {"C", "E"}
        if behind and number is not None and number.letter == "N" and moved:
            done[place - back : place + 1] = [mark, *done[place - back : place]]
    return done


def _whole(marks: Iterable[Mark]) -> Iterator[Mark]:
    """ "mobile number", "expiry date": the kind of a column behind its name; "under a name" is no sign."""
    before: Mark | None = None
    for mark, after in _pairs(marks):
        named = before is not None and before.letter in "CE"
        kind = named and mark.letter == "!" and mark.words in {"number", "numbers"}
        day = named and mark.letter == "G" and mark.words in {"date", "dates"} and _is_dated(before)
        place = mark.letter == "O" and mark.words == "under"
        again = (
            before is not None and mark.letter == before.letter == "C" and _is_same(before, mark)
        )
        about = place and after is not None and after.letter == "E"
        if not kind and not day and not about and not again:
            yield mark
        before = mark


def _is_same(first: Mark, second: Mark) -> bool:
    """ "turn up" of turned_up: two words of one name."""
    one, other = refs_of(first), refs_of(second)
    stemmed = second.term is not None and second.term.stemmed
    return stemmed and len(one) == len(other) == 1 and one == other


def _is_dated(mark: Mark | None) -> bool:
    refs = refs_of(mark) if mark is not None else ()
    return bool(refs) and all(ref.role is Role.DATE for ref in refs)


def _with_opposites(marks: Iterable[Mark], vocabulary: Vocabulary) -> Iterator[Mark]:
    """ "uninsured" and "inactive" as "not insured", where a column or a value is called so."""
    for mark in marks:
        found = _OPPOSITE.fullmatch(mark.words.lower()) if mark.letter == "~" else None
        term = vocabulary.stemmed(found[1]) or vocabulary.value(found[1]) if found else None
        if found is None or term is None:
            yield mark
        else:
            yield Mark("X", mark.words)
            yield Mark("C" if term.refs else "V", found[1], term=term)


def _with_or(marks: Iterable[Mark]) -> Iterator[Mark]:
    """ "under 30 or over 150": here "or over" is no "150 or over"."""
    for mark, after in _pairs(marks):
        joint, _, rest = mark.words.partition(" ")
        known = PHRASES.get(tuple(rest.split()))
        numbered = mark.letter == "O" and after is not None and after.letter == "N"
        if numbered and joint in {"or", "and"} and known is not None:
            yield Mark("o" if joint == "or" else "a", joint)
            yield Mark(known[0], rest, carries=known[1])
        else:
            yield mark


def _columns(marks: Iterable[Mark]) -> Iterator[Mark]:
    """ "total from web", "whose total is above average": a column, where nothing is added up."""
    for mark, after in _pairs(marks):
        adds = mark.letter == "F" and mark.carries not in {"min", "max"}
        named = adds and mark.also is not None and mark.also.letter == "C"
        alone = after is None or after.letter in "IOXV$B,"
        yield mark.also if named and alone and mark.also is not None else mark


def _plain_numbers(marks: Iterable[Mark]) -> Iterator[Mark]:
    """ "20 min" without its unit, "the first floor" with its number."""
    before: Mark | None = None
    for mark, after in _pairs(marks):
        unit = mark.words.lower() in {"min", "mins"} and before is not None and before.letter == "N"
        number = _ORDINALS.get(mark.words.lower().removeprefix("the "))
        if number and after is not None and _numbers_things(after):
            yield Mark("N", mark.words, carries="nth", number=number)
        elif not unit:
            yield mark
        before = mark


def _numbers_things(mark: Mark) -> bool:
    """Whether it is a column whose numbers name places in a row: a floor, a week, a grade."""
    return mark.letter == "C" and all(
        ref.column.numeric and ref.role is Role.NUMBER and (ref.column.distinct or 99) < 50
        for ref in refs_of(mark)
    )


def _own_spans(marks: Iterable[Mark]) -> Iterator[Mark]:
    """ "average yearly fee" of a column that holds the fee of a year."""
    for mark, after in _pairs(marks):
        own = _OF_SPANS.get(mark.carries, frozenset()) if mark.letter == "G" else frozenset()
        refs = refs_of(after) if after is not None and after.letter == "C" else ()
        if not refs or not all(own & {*ref.words} for ref in refs):
            yield mark


_OF_SPANS = {
    "year": frozenset(["annual", "yearly"]),
    "month": frozenset(["monthly"]),
    "week": frozenset(["weekly"]),
    "day": frozenset(["daily"]),
    "hour": frozenset(["hourly"]),
}


def _pairs(marks: Iterable[Mark]) -> Iterator[tuple[Mark, Mark | None]]:
    known: list[Mark | None] = [*marks, None]
    for mark, after in pairwise(known):
        if mark is not None:
            yield mark, after
