""" "Who …" of rows that only lead to people: their names are what is asked for."""

import re
from collections.abc import Sequence

from planner.questions.readers.ranked import Ranker
from planner.questions.readers.state import Reading
from planner.questions.semantics import Role, seen_in
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Ref


def show_people(marks: Sequence[Mark], reading: Reading) -> None:
    """List the names of those whom the rows belong to, where nothing else is to be shown."""
    parts, base = reading.parts, reading.base
    first = marks[0] if marks else None
    asked = first is not None and first.letter in "Ww" and first.words.split()[:1] == ["who"]
    shown = parts.measures or parts.groups or parts.columns or parts.rank or parts.order
    if not asked or shown or not parts.filters:
        return
    named = any(ref.role is Role.NAME or _are_names(ref) for ref in reading.own())
    people = Ranker(reading).people()
    if named or (people is not None and people.letter == "C"):
        return
    links = [link for link in (*reading.links, *reading.files.links) if link.many == base.path]
    owners = {link.single for link in links}
    if len(owners) != 1:
        return
    owner = reading.files.by_path[owners.pop()]
    refs = [ref for ref in reading.vocabulary.of_file(owner.path) if _are_names(ref)]
    led = people is not None and people.term is not None and people.term.noun == owner
    if not refs and not led:
        return
    parts.columns += [group.field for group in reading.entity(owner)]
    parts.distinct = True


_FULL = re.compile(r"[A-Z][\w'’.-]*,? (?:[\w'’.-]+ )?[A-Z][\w'’.-]+")


def _are_names(ref: Ref) -> bool:
    """Whether its values look like names of people: "Ann Lee", "Lee, Ann"."""
    seen = [value for value in seen_in(ref.column) if value.strip()]
    if ref.column.numeric or not seen or ref.role not in {Role.NAME, Role.CATEGORY}:
        return False
    return sum(_FULL.fullmatch(value.strip()) is not None for value in seen) > 0.8 * len(seen)
