"""Figures side by side: of values that no row has both of, of several conditions, with their share."""

import re
from collections.abc import Sequence
from itertools import combinations

from memory.model.text import text
from planner.questions.conditions.values import letters_between
from planner.questions.readers.conditions import take_conditions
from planner.questions.readers.figures import Figures
from planner.questions.readers.special import worth_or_rows
from planner.questions.readers.state import Reading, slug
from planner.questions.semantics import Role
from planner.questions.spec import DatePart, During, Field, Filter, Measure, OneOf
from planner.questions.words.marks import Line, Mark
from planner.questions.words.terms import Ref

_QUIET = frozenset("IwaE,_e")
"""Marks that may stay over beside a condition of a count."""
_OF_THOSE = ("of those", "of them", "of these")


def take_counts(line: Line, reading: Reading) -> None:
    """ "how many drops and how many failed": each count has its own conditions."""
    starts = [n for n, mark in enumerate(line.marks) if mark.letter == "!"]
    cuts = [n for n in starts[1:] if line.marks[n - 1].letter in {"a", ","}]
    if not cuts or len(cuts) + 1 != len(starts):
        return
    spans = list(zip(starts, [*cuts, len(line.marks)], strict=True))
    made = [_count(line.marks[start:end], reading) for start, end in spans]
    if any(count is None for count in made):
        return
    counts = [count for count in made if count is not None]
    own = [held for _, held in counts if held]
    if not own or _is_contrast(own):
        return
    common = [held for _, found in counts for held in found if _is_period(held)]
    before: tuple[Filter, ...] = ()
    for (mark, held), (start, _) in zip(counts, spans, strict=True):
        only = tuple(part for part in held if not _is_period(part))
        if line.marks[start].words.endswith(_OF_THOSE):
            only = (*before, *only)
        before = only
        said = " ".join(_said(part) for part in only)
        name = f"{mark.name}_{slug(said)}" if only else mark.name
        reading.keep(mark.model_copy(update={"only": only, "name": name}))
    reading.parts.filters += common
    line.marks[starts[0] :] = [Mark("_", "")]


def _count(marks: Sequence[Mark], reading: Reading) -> tuple[Measure, tuple[Filter, ...]] | None:
    """The count and its conditions; None where some of its words are neither."""
    parts = reading.parts
    things = [mark for mark in marks[1:2] if mark.letter in "CE" and _names_rows(mark, reading)]
    counted = Figures(reading).counted([marks[0], *things])
    filters, said = [*parts.filters], [*parts.said]
    line = Line(marks[1 + len(things) :])
    take_conditions(line, reading)
    found = tuple(parts.filters[len(filters) :])
    parts.filters, parts.said = filters, said
    quiet = all(mark.letter in _QUIET for mark in line.marks)
    return (counted, found) if counted is not None and quiet else None


def _names_rows(mark: Mark, reading: Reading) -> bool:
    rows = mark if mark.letter == "E" else mark.also
    return rows is not None and rows.letter == "E" and rows.term is not None and rows.term.noun == reading.base  # fmt: skip


def _is_contrast(counts: Sequence[tuple[Filter, ...]]) -> bool:
    held = [found[0] for found in counts if len(found) == 1]
    fields = {part.field for part in held if isinstance(part, OneOf) and not part.negated}
    return len(held) == len(counts) > 1 and len(fields) == 1


def _is_period(held: Filter) -> bool:
    return isinstance(held, During | DatePart)


def _said(held: Filter) -> str:
    match held:
        case OneOf(field=field, values=values, negated=negated):
            true = {"yes", "true"} & {*map(str, values)}
            words = field.column if true else " or ".join(str(value).strip() for value in values)
            return f"not {words}" if negated else words
        case _:
            return held.kind


def take_shared(line: Line, reading: Reading) -> Measure | None:
    """Take out "how many … and what percent"; the count whose share is asked for as well."""
    found = re.search(r"[a,]+H[EIw]*(?=$|,)|(?<=!)H[a,]*|H[a,]+(?=!)", line.letters)
    counts = [n for n, mark in enumerate(line.marks) if mark.letter == "!"]
    if found is None or len(counts) != 1:
        return None
    place = counts[0]
    thing = [mark for mark in line.marks[place + 1 : place + 2] if _names_rows(mark, reading)]
    measure = Figures(reading).counted([line.marks[place], *thing])
    gone = {*range(*found.span()), place}
    line.marks = [mark for n, mark in enumerate(line.marks) if n not in gone]
    return measure


def share_of(measure: Measure | None, reading: Reading) -> None:
    """The count of the rows with these conditions, and its part of all rows of the time."""
    parts = reading.parts
    if measure is None:
        return
    only = tuple(held for held in parts.filters if not _is_period(held))
    if not only:
        reading.unread.append(text("percent"))
        return
    parts.filters = [held for held in parts.filters if _is_period(held)]
    count = measure.model_copy(update={"only": only})
    share = count.model_copy(update={"per": measure, "percent": True, "name": "percent"})
    parts.measures += [count, share]
    reading.assume(text("The percentage is of all rows."))


def settle_contrasts(line: Line, before: Sequence[Mark], reading: Reading) -> None:
    """ "cash and how much by bank", "weddings v birthdays": no row is both, so each has its figure.

    `before` are the marks of the question before conditions were taken out of the line.
    """
    parts = reading.parts
    for field, held in _excluding(parts.filters).items():
        between = letters_between(before, field)
        compared = bool(between & set("v,a")) or ("O" in between and line.has("O"))
        if not compared and "o" not in between:
            continue
        values = tuple(dict.fromkeys(value for one_of in held for value in one_of.values))
        place = parts.filters.index(held[0])
        parts.filters = [other for other in parts.filters if other not in held]
        parts.filters.insert(place, OneOf(field=field, values=values))
        ref = reading.vocabulary.ref(field)
        asks = bool(parts.measures) or line.has("F!AtHR") or "v" in between
        if compared and asks and ref is not None:
            _by(ref, reading)
            line.take(r"v|O(?!N)", lambda _: True)
            worth_or_rows(line, reading)


def settle_lists(marks: Sequence[Mark], reading: Reading) -> None:
    """ "how many cats and dogs": the number of each; "from farms, churches and so on": of every kind."""
    parts = reading.parts
    counted = re.search(r"!I?V(?:[,a]+V)+", "".join(mark.letter for mark in marks))
    rest = any(mark.letter == "v" and mark.carries == "rest" for mark in marks)
    for ref, held in _told_values(reading) if rest or counted else ():
        if rest:
            parts.filters.remove(held)
        if rest or len(held.values) > 1:
            _by(ref, reading)


def _told_values(reading: Reading) -> list[tuple[Ref, OneOf]]:
    told = (held for held in reading.parts.filters if isinstance(held, OneOf) and not held.negated)
    refs = ((reading.vocabulary.ref(held.field), held) for held in told)
    return [(ref, held) for ref, held in refs if ref is not None and ref.role is not Role.BOOLEAN]


def _by(ref: Ref, reading: Reading) -> None:
    """Each value of the column has its figure."""
    group = reading.group(ref)
    if group not in reading.parts.groups:
        reading.parts.groups.append(group)


def _excluding(filters: Sequence[Filter]) -> dict[Field, list[OneOf]]:
    """Conditions on one column of which no row meets two."""
    found: dict[Field, list[OneOf]] = {}
    for held in filters:
        if isinstance(held, OneOf) and not held.negated:
            found.setdefault(held.field, []).append(held)
    return {
        field: held
        for field, held in found.items()
        if len(held) > 1
        and not any({*a.values} & {*b.values} for a, b in combinations(held, 2))
    }  # fmt: skip
