""" "Who …" of rows that only lead to people: their names are what is asked for."""

from collections.abc import Sequence

from planner.questions.readers.ranked import Ranker
from planner.questions.readers.state import Reading
from planner.questions.semantics import Role
from planner.questions.words.marks import Mark


def show_people(marks: Sequence[Mark], reading: Reading) -> None:
    """List the names of those whom the rows belong to, where nothing else is to be shown."""
    parts, base = reading.parts, reading.base
    first = marks[0] if marks else None
    asked = first is not None and first.letter in "Ww" and first.words.split()[:1] == ["who"]
    shown = parts.measures or parts.groups or parts.columns or parts.rank or parts.order
    if not asked or shown or not parts.filters:
        return
    named = any(ref.role is Role.NAME for ref in reading.own())
    people = Ranker(reading).people()
    if named or (people is not None and people.letter == "C"):
        return
    links = [link for link in (*reading.links, *reading.files.links) if link.many == base.path]
    owners = {link.single for link in links}
    if len(owners) != 1:
        return
    owner = reading.files.by_path[owners.pop()]
    names = [group.field for group in reading.entity(owner)]
    parts.columns += [field for field in names if field.file == owner.path]
    parts.distinct = True
