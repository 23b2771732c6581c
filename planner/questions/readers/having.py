"""Conditions on the figure of each group: "customers with more than 5 orders", "months below 300 kg"."""

from collections.abc import Sequence

from memory.model.text import text
from planner.questions.readers.figures import Figures, file_of
from planner.questions.readers.ranked import Ranker
from planner.questions.readers.state import Reading
from planner.questions.readers.worth import amount_of
from planner.questions.semantics import MEASURES, Role
from planner.questions.spec import Group, Having, Measure
from planner.questions.words.marks import Line, Mark, refs_of


def take_having(line: Line, reading: Reading) -> None:
    """Take out what is put together, with the condition on its figure."""
    _take_again(line, reading)
    line.take(r"(?:[CEG]|W)[wIWKX_,]*[F!]*[CEA]?[wIK]*ON[!CEA]?", _Having(reading).taken)


def _take_again(line: Line, reading: Reading) -> None:
    """ "who came more than once": people with more than one row."""
    letters = line.letters
    asked, again = letters.find("W"), letters.find("p")
    if asked < 0 or again < asked or line.marks[asked].carries != "who":
        return
    if set(letters[asked:again]) & set("CE!FTL$"):
        return
    people = Ranker(reading).people()
    groups = Figures(reading).groups(people) if people is not None else None
    if not groups:
        return
    count = reading.measure("count", None)
    reading.parts.groups += [group for group in groups if group not in reading.parts.groups]
    reading.parts.measures.append(count)
    reading.parts.having.append(Having(of=count, op=">", value=1))
    reading.parts.said.append(text("more than once"))
    line.marks[again] = Mark("_", "")
    line.marks[asked] = Mark("_", "")


class _Having:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._figures = Figures(reading)

    def taken(self, marks: list[Mark]) -> bool:
        subject = self._subject(marks[0])
        groups = self._groups(subject) if subject is not None else None
        if not groups:
            return False
        compared = next(n for n, mark in enumerate(marks) if mark.letter == "O")
        before = [mark for mark in marks[1:compared] if mark.letter in "F!CEA"]
        after = [mark for mark in marks[compared + 2 :] if mark.letter in "!CEA"]
        if any(set(refs_of(mark)) & set(refs_of(marks[0])) for mark in (*before, *after)):
            return False  # "built from 1980 and before 1990": about the column itself
        verbs = {mark.carries for mark in marks if mark.letter == "K"}
        measure = self._figure(before, after, verbs)
        if measure is None or self._of_rows(measure, before, marks[compared]):
            return False
        return self._keep(groups, measure, marks)

    def _of_rows(self, measure: Measure, before: Sequence[Mark], sign: Mark) -> bool:
        """ "products with a price over 10", "a better grade than 3": about a row, not about all."""
        if {"better", "worse"} & set(sign.words.split()):
            return True
        return measure.function == "avg" and not any(mark.letter == "F" for mark in before)

    def _subject(self, mark: Mark) -> Mark | None:
        """What the condition is about, where that isn't a single row."""
        reading = self._reading
        if mark.letter == "W":
            mark = (Ranker(reading).people() if mark.carries == "who" else None) or mark
        if mark.letter == "E":
            return None if file_of(mark, reading).path == reading.base.path else mark
        rows = mark.also.term if mark.letter == "C" and mark.also is not None else None
        if rows is not None and rows.noun == reading.base:  # "horses over 16 hands": each row
            return None
        if mark.letter == "C" and any(
            ref.role is Role.BOOLEAN or (ref.role in MEASURES and ref.column.numeric)
            for ref in refs_of(mark)
        ):
            return None
        return mark if mark.letter in "CG" else None

    def _groups(self, mark: Mark) -> tuple[Group, ...] | None:
        groups = self._figures.groups(mark)
        base, own = self._reading.base, [group.field for group in groups or ()]
        refs = [ref for ref in self._reading.own() if ref.field in own]
        unique = any(ref.column.distinct == base.rows and (base.rows or 0) > 1 for ref in refs)
        return None if unique else groups

    def _figure(
        self, before: Sequence[Mark], after: Sequence[Mark], verbs: set[str]
    ) -> Measure | None:
        """The figure that is compared: named before or behind the number, or what was spent."""
        reading = self._reading
        if after and after[-1].letter == "!":
            return self._figures.counted([])
        if before:
            phrase = [*before, *after] if before[-1].letter in "F!" else before
            return self._figures.figure(phrase) if phrase[-1].letter not in "F" else None
        if after:
            return self._figures.figure(after)
        worth = amount_of(reading, reading.base) if verbs & {"spend", "earn", "buy"} else None
        return reading.measure("sum", worth) if worth is not None else None

    def _keep(self, groups: Sequence[Group], measure: Measure, marks: Sequence[Mark]) -> bool:
        parts = self._reading.parts
        number = next(mark.number or 0 for mark in marks if mark.letter == "N")
        op = next(mark.carries for mark in marks if mark.letter == "O")
        parts.groups += [group for group in groups if group not in parts.groups]
        parts.measures += [measure] if measure not in parts.measures else []
        parts.having.append(Having.model_validate({"of": measure, "op": op, "value": number}))
        parts.said.append(f"{measure.name.replace('_', ' ')} {op} {number:g}")
        if op in {"<", "<=", "="} and measure.function in {"count", "distinct"}:
            self._reading.assume(
                text("Those with none at all have no rows to count and aren't listed.")
            )
        return True
