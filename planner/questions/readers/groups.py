"""What rows are put together by, and conditions on the figures of each group."""

from memory.model.text import text
from planner.questions.readers.figures import Figures, file_of
from planner.questions.readers.state import Reading
from planner.questions.readers.worth import amount_of
from planner.questions.semantics import MEASURES, Role
from planner.questions.spec import Group, Having, Measure
from planner.questions.words.lexicon import plain
from planner.questions.words.marks import Line, Mark

_ROWS = frozenset("row record order transaction line entry purchase sale booking".split())  # noqa: SIM905 - a list of words
"""What people call a row, whatever the file is called."""


def take_groups(line: Line, reading: Reading) -> None:
    """Take out "by region and month", "per customer", "monthly"."""
    groups = _Groups(reading)
    line.take(r"B~|(?<=F[CA])BE", groups.per_row)
    line.take(r"BGC|BCG", groups.of_date)
    for length in (4, 3, 2, 1):
        line.take(rf"B[CEG](?:[,a]+B?[CEG]){{{length - 1}}}(?![!])", groups.grouped)
    line.take(r"(?<![WN])G(?![CEN])|(?<![WNF])G(?=[CE])", groups.grouped)


def take_group_figures(line: Line, reading: Reading) -> None:
    """Take out "products by revenue": each with its figure, the biggest first."""
    line.take(r"[CE]BC", _Groups(reading).with_figure)


class _Groups:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._figures = Figures(reading)

    def _keep(self, groups: tuple[Group, ...]) -> bool:
        kept = self._reading.parts.groups
        kept += [group for group in groups if group not in kept]
        return bool(groups)

    def per_row(self, marks: list[Mark]) -> bool:
        """ "average revenue per order": one row each, so there is nothing to put together."""
        last = marks[-1]
        if last.letter == "E":
            return file_of(last, self._reading).path == self._reading.base.path
        return plain(last.words) in _ROWS

    def grouped(self, marks: list[Mark]) -> bool:
        found: list[Group] = []
        for mark in marks:
            if mark.letter in "CEG":
                groups = self._figures.groups(mark)
                if groups is None:
                    return False
                found += groups
        return self._keep(tuple(found))

    def of_date(self, marks: list[Mark]) -> bool:
        """ "by month of order_date", "by shipping month"."""
        grain = next(mark for mark in marks if mark.letter == "G")
        ref = self._reading.ref(next(mark for mark in marks if mark.letter == "C"), Role.DATE)
        group = self._figures.grain(grain, ref) if ref is not None else None
        return group is not None and self._keep((group,))

    def with_figure(self, marks: list[Mark]) -> bool:
        ref = self._reading.ref(marks[-1])
        if ref is None or ref.role not in MEASURES or not ref.column.numeric:
            return False
        groups = self._figures.groups(marks[0])
        measure = self._figures.figure(marks[-1:]) if groups is not None else None
        if groups is None or measure is None:
            return False
        self._reading.parts.measures.append(measure)
        return self._keep(groups)


def take_having(line: Line, reading: Reading) -> None:
    """Take out "customers with more than 5 orders", "regions with total revenue over 5000"."""
    having = _Having(reading)
    line.take(r"[CE][wIX]*F[CA][wI]*ON", having.measured)
    line.take(r"[CE][wI]*![CE][wI]*ON|[CE]wON!", having.measured)
    line.take(r"[CE][wIK]+ONE|[CE][wI]+ONC|[CE]ONE", having.counted)
    line.take(r"[CE]w?KON", having.spent)


class _Having:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._figures = Figures(reading)

    def counted(self, marks: list[Mark]) -> bool:
        reading, group, last = self._reading, marks[0], marks[-1]
        if last.letter == "E":
            same = group.letter == "E" and file_of(last, reading) == file_of(group, reading)
            return not same and self._keep(marks, self._figures.counted([last]))
        ref = reading.ref(last)
        own = ref is not None and group.letter == "E" and file_of(group, reading) == ref.file
        return ref is not None and not own and self._keep(marks, self._figures.figure([last]))

    def spent(self, marks: list[Mark]) -> bool:
        reading = self._reading
        if marks[0].letter == "E" and file_of(marks[0], reading) == reading.base:
            return False
        worth = amount_of(reading, reading.base)
        return worth is not None and self._keep(marks, reading.measure("sum", worth))

    def measured(self, marks: list[Mark]) -> bool:
        place = next(n for n, mark in enumerate(marks) if mark.letter in "F!")
        inner = [mark for mark in marks[place:] if mark.letter in "F!dCEA"]
        return self._keep(marks, self._figures.figure(inner) if len(inner) > 1 else None)

    def _keep(self, marks: list[Mark], measure: Measure | None) -> bool:
        parts = self._reading.parts
        groups = self._figures.groups(marks[0]) if measure is not None else None
        if groups is None or measure is None:
            return False
        number = next(mark.number or 0 for mark in marks if mark.letter == "N")
        op = next((mark.carries for mark in marks if mark.letter == "O"), "=")
        parts.groups += [group for group in groups if group not in parts.groups]
        parts.measures += [measure] if measure not in parts.measures else []
        parts.having.append(Having.model_validate({"of": measure, "op": op, "value": number}))
        parts.said.append(f"{measure.name.replace('_', ' ')} {op} {number:g}")
        if op in {"<", "<=", "="} and measure.function in {"count", "distinct"}:
            self._reading.assume(
                text("Those with none at all have no rows to count and aren't listed.")
            )
        return True
