"""The figures that are asked for: totals, averages, counts, running totals, histograms."""

from memory.model.text import text
from planner.questions.readers.figures import Figures
from planner.questions.readers.shares import take_shares
from planner.questions.readers.state import Reading, Unclear
from planner.questions.readers.worth import FIGURES, derived
from planner.questions.semantics import NAMING
from planner.questions.spec import Function, Group, Measure, Window
from planner.questions.words.lexicon import concept, plain
from planner.questions.words.marks import Line, Mark
from planner.questions.words.terms import Ref

_GRAINS = (
    ("year", "year"),
    ("yoy", "year"),
    ("week", "week"),
    ("quarter", "quarter"),
    ("day", "day"),
)


def take_figures(line: Line, reading: Reading) -> None:
    """Take out the figures that are asked for, the most particular first."""
    asked = _Asked(reading)
    line.take(r"c[CI,a]*C[,aIB]*C|C[aI,c]*cC", asked.correlation)
    line.take(r"h[CEG]|[CE]h", asked.histogram)
    line.take(r"[rk][F!]?[CEA]|[rk]$|[rk](?=_)", asked.window)
    line.take(r"N?G?m[F!]?[CEA]|N?G?m", asked.window)
    line.take(r"g[F!]?[CEA]g?|[F!]?[CEA]_?g|g", asked.window)
    take_shares(line, reading)
    line.take(r"F!?[CE]B[EG]|F![CE][B_]?[GE]", asked.averaged_count)
    line.take(r"FG[CEA]", asked.averaged_in_time)
    line.take(r"F[CE]A", asked.applied)
    line.take(r"F(?:[,a]*F)*E?[CA](?:[,a]+E?[CA](?![F!]))*", asked.applied)
    line.take(r"F(?:[,a]*F)*E?[CA]|F(?:[,a]*F)*E", asked.applied)
    line.take(r"F?!d?[CE]|F?!d?", asked.counted)
    line.take(r"F~+", asked.unknown)
    line.take(r"[CEA]F", lambda marks: asked.applied(marks[::-1]))
    line.take(r"[TL]C", asked.extreme)
    line.take(r"A", asked.worth)
    line.take(r"N?G?m|[grk]", asked.window)


class _Asked:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._figures = Figures(reading)

    def applied(self, marks: list[Mark]) -> bool:
        """ "total and average revenue", "average order value"."""
        if self._of_each(marks):
            return True
        functions = [mark for mark in marks if mark.letter == "F"]
        things = [mark for mark in marks if mark.letter in "CEA"]
        things = [mark for mark in things if mark.letter == "A"] or things
        made = [self._figures.applied(function, t) for t in things for function in functions]
        if not all(made):
            return False
        for measure in made:
            self._reading.keep(measure)
        return True

    def _of_each(self, marks: list[Mark]) -> bool:
        """ "average order value" where an order has several rows: their sum, by the orders."""
        first, last = marks[0], marks[-1]
        keys = [mark for mark in marks[1:-1] if mark.letter in "CE"]
        if last.letter != "A" or first.carries != "avg" or not keys:
            return False
        reading = self._reading
        key = reading.ref(keys[0], *NAMING) if keys[0].letter == "C" else None
        worth = self._figures.operand(last)
        if key is None or worth is None or not reading.repeats(key):
            return False
        below = reading.measure("distinct", key.field)
        name = f"average_value_per_{plain(keys[0].words).replace(' ', '_')}"
        above = reading.measure("sum", worth)
        return reading.keep(above.model_copy(update={"per": below, "name": name}))

    def counted(self, marks: list[Mark]) -> bool:
        return self._reading.keep(self._figures.counted(marks))

    def unknown(self, marks: list[Mark]) -> bool:
        """A function of a word nobody knows: asked, among the amounts there are."""
        words = plain(" ".join(mark.words for mark in marks[1:]))
        made = derived(self._reading, concept(words), self._reading.base)
        if made is not None:
            name: Function = marks[0].carries  # type: ignore[assignment]  # of the table of phrases
            return self._reading.keep(self._reading.measure(name, made))
        ref = self._reading.unknown_figure(" ".join(mark.words for mark in marks[1:]))
        if ref is None:
            return False
        return self._reading.keep(
            self._figures.applied(marks[0], Mark("C", ref.name, term=ref.term))
        )

    def worth(self, marks: list[Mark]) -> bool:
        """ "revenue by product" where no column is called so."""
        if self._reading.parts.measures and marks[0].carries not in FIGURES:
            return False
        return self._reading.keep(self._figures.figure(marks))

    def extreme(self, marks: list[Mark]) -> bool:
        """ "the highest salary"; "the best grade" may be the lowest, so that is asked."""
        sign, function = marks[0], "max" if marks[0].letter == "T" else "min"
        if sign.carries not in {"max", "min"} or self._reading.ref(marks[1]) is None:
            return False
        if sign.words in {"best", "worst"}:
            options = (text("the highest"), text("the lowest"))
            question = text("Which {column} is the {word}?", column=marks[1].words, word=sign.words)
            chosen = self._reading.choose(f"{sign.words} {marks[1].words}", question, options)
            function = "max" if chosen == options[0] else "min"
        made = self._figures.applied(Mark("F", sign.words, carries=function), marks[1])
        return self._reading.keep(made)

    def averaged_count(self, marks: list[Mark]) -> bool:
        """ "average number of orders per customer", "average orders per day": counted, divided."""
        last = marks[-1]
        things = [mark for mark in marks if mark.letter in "CE"]
        if marks[0].carries != "avg" or (things[0].letter == "C" and marks[1].letter != "!"):
            return False
        return self._divided(self._figures.counted(things[:1]), last)

    def averaged_in_time(self, marks: list[Mark]) -> bool:
        """ "average daily revenue"."""
        if marks[0].carries != "avg":
            return False
        above = self._figures.figure(marks[2:])
        return above is not None and above.function != "avg" and self._divided(above, marks[1])

    def _divided(self, above: Measure | None, by: Mark) -> bool:
        below = self._divisor(by)
        if above is None or below is None:
            return False
        name = f"average_{above.name}_per_{by.carries or plain(by.words).replace(' ', '_')}"
        return self._reading.keep(above.model_copy(update={"per": below, "name": name}))

    def _divisor(self, mark: Mark) -> Measure | None:
        if mark.letter != "G":
            return self._figures.counted([mark])
        group = self._figures.grain(mark)
        if group is None:
            return None
        self._reading.assume(text("Only a {grain} with any rows counts.", grain=mark.carries))
        return Measure(function="distinct", of=group.field, grain=group.grain, name=mark.carries)

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

    def window(self, marks: list[Mark]) -> bool:
        """ "running total of revenue", "growth of orders per month", "3 month moving average"."""
        parts = self._reading.parts
        sign = next(mark for mark in marks if mark.letter in "rmgk")
        things = [mark for mark in marks if mark.letter in "F!CEA"]
        measure = self._figures.figure(things) if things else next(iter(parts.measures[-1:]), None)
        if measure is None:
            return False
        said = " ".join(mark.words for mark in marks if mark.letter == sign.letter)
        if sign.letter in "rmg" and not any(group.grain for group in parts.groups):
            grain = next((mark for mark in marks if mark.letter == "G"), None)
            group = self._figures.grain(grain or Mark("G", "", carries=_grain_said(said)))
            if group is None:
                return False
            parts.groups.insert(0, group)
        number = next((int(mark.number or 3) for mark in marks if mark.letter == "N"), 3)
        window = _window(sign, measure, number)
        parts.windows += [window] if window not in parts.windows else []
        return self._reading.keep(measure)


def _grain_said(words: str) -> str:
    return next((grain for word, grain in _GRAINS if word in words), "month")


def _window(sign: Mark, measure: Measure, number: int) -> Window:
    match sign.letter:
        case "r":
            return Window(kind="running", of=measure.name, name=f"running_{measure.name}")
        case "m":
            name = f"moving_average_{number}"
            return Window(kind="moving", of=measure.name, size=number, name=name)
        case "k":
            return Window(kind="rank", of=measure.name, name="rank")
        case _:
            growth = sign.carries != "change"
            kind, name = ("growth", "growth_percent") if growth else ("change", "change")
            return Window.model_validate({"kind": kind, "of": measure.name, "name": name})


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
