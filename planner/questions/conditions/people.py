""" "Who …" of rows that only lead to people: their names are what is asked for."""

import re
from collections.abc import Sequence
from itertools import pairwise

from planner.questions.readers.ranked import Ranker
from planner.questions.readers.state import Reading
from planner.questions.semantics import TRUE, Role, seen_in
from planner.questions.spec import Field, OneOf
from planner.questions.words.marks import Mark, refs_of
from planner.questions.words.terms import Ref


def show_people(marks: Sequence[Mark], reading: Reading) -> None:
    """List the names of those whom the rows belong to, where nothing else is to be shown."""
    parts, base = reading.parts, reading.base
    first = marks[0] if marks else None
    asked = first is not None and first.letter in "Ww" and first.words.split()[:1] == ["who"]
    asking = ["who" if mark.carries == "who" else "" for mark in marks if mark.letter == "W"]
    if len({*asking}) > 1:
        _show_beside(marks, reading)
    shown = parts.measures or parts.groups or parts.columns or parts.rank or parts.order
    if not asked or shown or not parts.filters:
        return
    named = any(ref.role is Role.NAME or _are_names(ref) for ref in reading.own())
    people = Ranker(reading).people()
    if named or (people is not None and people.letter == "C"):
        return
    owners = {link.single for link in reading.files.owners(base.path, reading.links)}
    if len(owners) != 1:
        return
    owner = reading.files.by_path[owners.pop()]
    refs = [ref for ref in reading.vocabulary.of_file(owner.path) if _are_names(ref)]
    led = people is not None and people.term is not None and people.term.noun == owner
    if not refs and not led:
        return
    parts.columns += [group.field for group in reading.entity(owner)]
    parts.distinct = True


def _show_beside(marks: Sequence[Mark], reading: Reading) -> None:
    """ "who turned up and for which event": they are listed beside what else is."""
    parts = reading.parts
    if parts.columns and not (parts.measures or parts.groups or parts.rank):
        _narrow_to_doers(marks, reading)
        parts.columns[:0] = [field for field in _fields_of(reading) if field not in parts.columns]


def _narrow_to_doers(marks: Sequence[Mark], reading: Reading) -> None:
    """What is said right behind "who" is what they did: a condition rather than a column."""
    parts = reading.parts
    did = [ref for who, mark in pairwise(marks) if who.carries == "who" for ref in refs_of(mark)]
    for ref in did:
        if ref.role is Role.BOOLEAN and ref.field in parts.columns:
            parts.columns.remove(ref.field)
            reading.only(OneOf(field=ref.field, values=tuple(sorted(TRUE))), ref.name)


def _fields_of(reading: Reading) -> list[Field]:
    people = Ranker(reading).people()
    if people is None or people.term is None:
        return []
    noun = people.term.noun
    if noun is not None:
        return [group.field for group in reading.entity(noun)]
    return [ref.field for ref in people.term.refs[:1]]


_FULL = re.compile(r"[A-Z][\w'’.-]*,? (?:[\w'’.-]+ )?[A-Z][\w'’.-]+")


def _are_names(ref: Ref) -> bool:
    """Whether its values look like names of people: "Ann Lee", "Lee, Ann"."""
    seen = [value for value in seen_in(ref.column) if value.strip()]
    if ref.column.numeric or not seen or ref.role not in {Role.NAME, Role.CATEGORY}:
        return False
    return sum(_FULL.fullmatch(value.strip()) is not None for value in seen) > 0.8 * len(seen)
