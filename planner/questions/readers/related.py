"""Correlations of two columns, and histograms of one."""

from memory.model.text import text
from planner.questions.readers.figures import Figures
from planner.questions.readers.state import Reading, Unclear
from planner.questions.semantics import NAMING
from planner.questions.spec import Group, Measure
from planner.questions.words.marks import Line, Mark
from planner.questions.words.terms import Ref


def take_related(line: Line, reading: Reading) -> None:
    """Take out "correlation between age and salary", "distribution of ages"."""
    asked = _Related(reading)
    line.take(r"c[CI,a]*C[,aIB]*C|C[aI,c]*cC", asked.correlation)
    line.take(r"h[CEG]|[CE]h", asked.histogram)


class _Related:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._figures = Figures(reading)

    def correlation(self, marks: list[Mark]) -> bool:
        refs = [ref for mark in marks if mark.letter == "C" and (ref := self._reading.ref(mark))]
        if len(refs) != 2 or any(not ref.column.numeric for ref in refs):
            raise Unclear(text("A correlation needs two columns of numbers. Name two of them."))
        first, second = refs[0].field, refs[1].field
        return self._reading.keep(
            Measure(function="corr", of=first, other=second, name="correlation")
        )

    def histogram(self, marks: list[Mark]) -> bool:
        """ "distribution of ages": in steps; of a category: how many of each."""
        parts, thing = self._reading.parts, marks[-1] if marks[-1].letter != "h" else marks[0]
        ref = self._reading.ref(thing) if thing.letter == "C" else None
        if ref is None or not ref.column.numeric or ref.role in NAMING:
            groups = self._figures.groups(thing)
            parts.groups += list(groups or ())
            return groups is not None and self._reading.keep(self._reading.measure("count", None))
        width = _bin_width(ref)
        parts.groups.append(Group(field=ref.field, width=width, name=f"{ref.name} from"))
        self._reading.assume(
            text("{column} is put into steps of {width}.", column=ref.name, width=f"{width:g}")
        )
        return self._reading.keep(self._reading.measure("count", None))


def _bin_width(ref: Ref) -> float:
    """A round width that gives about ten steps."""
    try:
        raw = (float(ref.column.most) - float(ref.column.least)) / 10
    except ValueError:
        return 10
    if raw <= 0:
        return 1
    size = 1.0
    while size * 10 <= raw:
        size *= 10
    while size > raw:
        size /= 10
    return next(size * step for step in (1, 2, 5, 10) if size * step >= raw)
