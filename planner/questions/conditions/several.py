"""Several things of one: "members who did both A and B", "dogs that had all three jabs"."""

import re
from collections.abc import Iterator, Sequence

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.conditions.partners import Partners, Subject, held_value, rows_of
from planner.questions.readers.state import Reading
from planner.questions.semantics import Role, seen_in
from planner.questions.spec import Field, Group, Having, Like, Linked
from planner.questions.words.lexicon import folded
from planner.questions.words.marks import Line, Mark, refs_of
from planner.questions.words.phrases import NUMBERS
from planner.questions.words.terms import Ref


def take_several(line: Line, reading: Reading) -> None:
    """Take out that each of several things is there, rather than one of them."""
    partners = Partners(line, reading)
    _both(partners)
    _all_kinds(partners)
    line.drop("y", lambda _: True)


def _both(partners: Partners) -> None:
    """ "members who did both cardio and weights": a row of each."""
    line, reading = partners.line, partners.reading
    found = re.search("yVC?aVC?|VC?aVC?y", line.letters)
    if found is None:
        return
    place, end = found.span()
    values = [mark for mark in line.marks[place:end] if mark.letter == "V"]
    held = [held_value(mark) for mark in values]
    fields = {one_of.field for one_of in held if one_of is not None}
    if None in held or len(fields) != 1:
        return
    if _listed(partners, next(iter(fields)), values, place, end):
        return
    subject = _subject(partners, place)
    if subject is None:
        return
    keys = partners.keys(subject, next(iter(fields)).file)
    if keys is None or keys[0] in fields:
        return
    said = " and ".join(mark.words for mark in values)
    if subject.file is not None:
        partners.list_rows(subject, subject.file, end)
    else:
        del line.marks[subject.place + 1 : end]
    for one_of in filter(None, held):
        reading.parts.filters.append(Linked(field=keys[0], other=keys[1], where=(one_of,)))
    reading.parts.said.append(text("both {words}", words=said))


def _subject(partners: Partners, place: int) -> Subject | None:
    """The nearest that has such rows: of "riders who had a lesson with both", the riders."""
    places = [n for n, mark in enumerate(partners.line.marks[:place]) if mark.letter in "EC"]
    tried = [place, *places[::-1]]
    return next((found for n in tried if (found := partners.subject(n)) is not None), None)


def _listed(partners: Partners, field: Field, values: Sequence[Mark], start: int, end: int) -> bool:
    """ "allergic to both A and B": one cell that lists several."""
    ref = partners.reading.vocabulary.ref(field)
    seen = [folded(value) for value in seen_in(ref.column)] if ref is not None else []
    words = [folded(mark.words) for mark in values]
    own = field.file == partners.reading.base.path
    if not own or not any(all(word in value for word in words) for value in seen):
        return False
    marks = partners.line.marks
    while start and field in [ref.field for ref in refs_of(marks[start - 1])]:
        start -= 1
    marks[start:end] = [Mark("_", "")]
    for mark in values:
        held = Like(field=field, how="contains", words=mark.words)
        partners.reading.only(held, f"{field.column} contains “{mark.words}”")
    return True


def _all_kinds(partners: Partners) -> None:
    """ "dogs that had all three jabs": as many kinds as there are."""
    marks = partners.line.marks
    for place in [n for n, mark in enumerate(marks[:-1]) if _every(mark)]:
        number, thing = _every(marks[place]), marks[place + 1]
        kinds = [
            ref
            for ref in (*refs_of(thing), *_columns(rows_of(thing)))
            if ref.role is Role.CATEGORY and ref.column.distinct == number
        ]
        subject = partners.subject(place)
        keys = partners.keys(subject, kinds[0].file.path) if subject and kinds else None
        if subject is not None and keys is not None and keys[1] != kinds[0].field:
            marks[subject.place : place + 2] = [Mark("_", "")]
            _counted(partners.reading, subject, kinds[0], number)
            return


def _counted(reading: Reading, subject: Subject, kind: Ref, number: int) -> None:
    """Only those with so many different ones."""
    reading.base = kind.file
    count = reading.measure("distinct", kind.field)
    reading.parts.groups += _groups(reading, subject)
    reading.parts.measures.append(count)
    reading.parts.having.append(Having(of=count, op="=", value=float(number)))
    reading.parts.said.append(text("all {number}", number=number))


def _groups(reading: Reading, subject: Subject) -> tuple[Group, ...]:
    if subject.file is not None:
        return reading.entity(subject.file)
    return (reading.group(subject.ref),) if subject.ref is not None else ()


def _every(mark: Mark) -> int:
    """How many kinds "all three" speaks of; 0 for other words."""
    first, _, last = mark.words.lower().partition(" ")
    number = NUMBERS.get(last, 0) or (int(last) if last.isdigit() else 0)
    return number if mark.letter == "y" and first == "all" else 0


def _columns(file: FileInfo | None) -> Iterator[Ref]:
    yield from (Ref(file, column) for column in file.columns) if file is not None else ()
