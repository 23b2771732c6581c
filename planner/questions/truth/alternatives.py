"""Whether an "or" between two conditions is one. Pure."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from planner.questions.conditions.values import refs_and_holders
from planner.questions.readers.assembly import filter_fields
from planner.questions.spec import Either, Field, Filter
from planner.questions.truth.contents import Contents
from planner.questions.words.marks import Mark


def not_either(facts: Contents) -> Iterator[str]:
    """ "without a remark or over 100": two conditions of which both have to hold say no "or"."""
    held = [{*filter_fields(condition)} for condition in facts.spec.filters]
    if chooses(facts.spec.filters):
        return
    for place, mark in enumerate(facts.marks):
        if mark.letter == "o" and _parts(held, *_sides(facts.marks, place)):
            yield mark.words


def _parts(held: Sequence[set[Field]], before: set[Field], after: set[Field]) -> bool:
    """Whether one condition is about what stands before, and another about what stands behind."""
    left = {at for at, fields in enumerate(held) if fields & before}
    right = {at for at, fields in enumerate(held) if fields & after}
    return bool(left and right) and (not left & right or len(left | right) > 1)


def chooses(held: Sequence[Filter]) -> bool:
    """Whether one of several conditions is enough, and none of them has to hold anyway."""
    either = [each for each in held if isinstance(each, Either)]
    return any(not {*each.filters} & {*held} for each in either)


def _sides(marks: Sequence[Mark], place: int) -> tuple[set[Field], set[Field]]:
    behind = takewhile(lambda mark: mark.letter != "N", marks[place + 1 :])  # "floor 1 or 2"
    return _nearest(marks[:place][::-1]), _nearest([*behind])


def _nearest(marks: Sequence[Mark]) -> set[Field]:
    """The columns of the first mark that has some."""
    for mark in marks:
        fields = {ref.field for ref in refs_and_holders(mark)}
        if fields:
            return fields
    return set()
