"""Conditions with numbers: "units over 10", "5 nights or longer", "over 100 but under 200"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from memory.model.text import text
from planner.questions.readers.state import Reading, operand_name
from planner.questions.readers.units import SECONDS, unit_of
from planner.questions.readers.worth import amount_of, derived, elapsed
from planner.questions.semantics import MEASURES, Role
from planner.questions.spec import Compare, Either, Field, Having, Measure, OneOf, Op, Operand
from planner.questions.words.lexicon import concept
from planner.questions.words.marks import Mark

_OPPOSITE: dict[str, Op] = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_WORDS = {"=": "exactly", "<>": "not", "<": "under", "<=": "at most", ">": "over", ">=": "at least"}
_HINTS = {
    "older": "age", "younger": "age", "longer": "duration", "shorter": "duration", "heavier": "weight",
    "lighter": "weight", "cheaper": "price", "costing": "price", "warmer": "temperature",
    "hotter": "temperature", "colder": "temperature", "cooler": "temperature", "taller": "height",
    "earning": "salary", "faster": "duration",
}  # fmt: skip
_IS_NOT = frozenset(["not", "is not", "isn't", "are not", "aren't", "was not", "wasn't"])
_NTH = re.compile(r"\d+(?:st|nd|rd|th)")
_DOUBTFUL = frozenset(["better", "worse"])


class Numbers:
    """Turns comparisons into filters; each method says whether it understood its marks."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def between(self, marks: list[Mark]) -> bool:
        """ "price between 10 and 20", "between 10 and 20 euros of price"."""
        numbers = [mark.number or 0 for mark in marks if mark.letter == "N"]
        if not any(mark.letter == "b" for mark in marks):
            return False
        unit = next((mark.carries for mark in marks if mark.letter == "G"), "")
        money = any(mark.money for mark in marks)
        of = self._lasting(unit) if unit else self._operand(marks, money=money)
        if of is None:
            return False
        low, high = sorted(numbers)
        self._reading.parts.filters.append(Compare(of=of, op=">=", value=low))
        return self._reading.only(
            Compare(of=of, op="<=", value=high), f"{shown(of)} {low:g}–{high:g}"
        )

    def compared(self, marks: list[Mark]) -> bool:
        """ "units over 10", "price over 10 but under 20", "nights 5 or longer"."""
        place = next(n for n, mark in enumerate(marks) if mark.letter == "C")
        ref = self._reading.ref(marks[place])
        if ref is None or not ref.column.numeric or ref.role is Role.DATE:
            return False
        return self._pairs(ref.field, [*marks[:place], *marks[place + 1 :]])

    def compared_before(self, marks: list[Mark]) -> bool:
        """ "more than 10 units", "longer than 5 days", "over 12 years", "5 nights or longer"."""
        last = next((mark for mark in reversed(marks) if mark.letter in "CG"), None)
        if last is None:
            return self.bare(marks)
        rest = [mark for mark in marks if mark is not last]
        if last.letter == "G":
            of = self._lasting(last.carries)
            if of is None:
                of, rest = self._converted(last.carries, rest)
            return of is not None and self._pairs(of, rest)
        ref = self._reading.ref(last, *MEASURES)
        return ref is not None and ref.column.numeric and self._pairs(ref.field, rest)

    def _lasting(self, unit: str) -> Operand | None:
        """What is counted in the unit: a column named after it, an age in years, days between."""
        reading = self._reading
        own = [ref for ref in reading.own() if ref.column.numeric and ref.role in MEASURES]
        named = [ref.field for ref in own if unit in ref.words]
        ages = [ref.field for ref in own if ref.role is Role.AGE] if unit == "year" else []
        if named or ages:
            return (named or ages)[0] if len(named or ages) == 1 else None
        if unit == "year":
            return derived(reading, "age", reading.base)
        return elapsed(reading, reading.base) if unit == "day" else None

    def _converted(self, unit: str, marks: Sequence[Mark]) -> tuple[Operand | None, list[Mark]]:
        """The one column that is measured in another unit of time, and the numbers in that unit."""
        found = [
            (ref, known)
            for ref in self._reading.own()
            if ref.column.numeric and ref.role in MEASURES
            if (known := unit_of(ref.field, self._reading)) in SECONDS
        ]
        if len(found) != 1 or unit not in SECONDS:
            return None, [*marks]
        ref, known = found[0]
        times = SECONDS[unit] / SECONDS[known]
        self._reading.assume(
            text("{column} is taken to be in {unit}s.", column=ref.name, unit=known)
        )
        return ref.field, [
            replace(mark, number=mark.number * times) if mark.number is not None else mark
            for mark in marks
        ]

    def bare(self, marks: list[Mark]) -> bool:
        """ "orders over 100", "older than 50", "who spent more than 100": what a row is worth."""
        number = next(mark for mark in marks if mark.letter == "N")
        of = self._operand(marks, money=number.money)
        return of is not None and self._pairs(of, [m for m in marks if m.letter not in "EK"])

    def numbered(self, marks: list[Mark]) -> bool:
        """ "rating 4 or 5", "floor is not 1": a number of a column that counts or measures."""
        first = next(mark for mark in marks if mark.letter == "C")
        ref = self._reading.ref(first, *MEASURES, Role.CATEGORY, Role.NUMBER, Role.YEAR)
        if ref is None or not ref.column.numeric:
            return False
        numbers = tuple(mark.number or 0.0 for mark in marks if mark.letter == "N")
        negated = any(mark.letter == "X" or mark.carries == "<>" for mark in marks)
        words = " or ".join(f"{number:g}" for number in numbers)
        said = text("not {words}", words=words) if negated else words
        held = OneOf(field=ref.field, values=numbers, negated=negated)
        return self._reading.only(held, f"{ref.name} {said}")

    def nth(self, marks: list[Mark]) -> bool:
        """ "not on the first floor"."""
        numbers = [mark for mark in marks if mark.letter == "N"]
        nth = all(mark.carries == "nth" or _NTH.fullmatch(mark.words) for mark in numbers)
        return nth and self.numbered(marks)

    def nonzero(self, marks: list[Mark]) -> bool:
        """ "average fee without the zeros"."""
        number = next(mark for mark in marks if mark.letter == "N")
        without = number.number == 0 and marks[0].words not in _IS_NOT
        of = self._operand(marks, money=False) if without else None
        if of is None:
            return False
        return self._reading.only(Compare(of=of, op="<>", value=0), f"{shown(of)} not 0")

    def average(self, marks: list[Mark]) -> bool:
        """ "salary above average"."""
        function = marks[-1]
        ref = self._reading.ref(next(mark for mark in marks if mark.letter == "C"))
        ops = [mark for mark in marks if mark.letter == "O"]
        if function.carries != "avg" or ref is None or not ref.column.numeric or not ops:
            return False
        op = self._op([mark for mark in marks if mark.letter in "XO"], ref.field)
        return self._reading.only(
            Compare(of=ref.field, op=op, average=True), f"{ref.name} {op} average"
        )

    def _pairs(self, of: Operand, marks: Sequence[Mark]) -> bool:
        """Each comparison with its number: all of them, or any where "or" stands between."""
        pairs = list(_paired(marks))
        if not pairs:
            return False
        if len(pairs) > 1 and any(mark.letter == "o" for mark in marks):
            held = tuple(
                Compare(of=of, op=self._op(signs, of), value=number.number or 0)
                for signs, number in pairs
            )
            words = " or ".join(f"{shown(of)} {c.op} {c.value:g}" for c in held)
            return self._reading.only(Either(filters=held), words)
        return all(self._compare(of, self._op(signs, of), number) for signs, number in pairs)

    def _compare(self, of: Operand, op: Op, number: Mark) -> bool:
        value = number.number or 0
        words = f"{shown(of)} {op} {value:g}"
        measure = self._by_group(of, op, number)
        if measure is not None:
            self._reading.parts.having.append(Having(of=measure, op=op, value=value))
            self._reading.parts.said.append(f"{measure.name.replace('_', ' ')} {op} {value:g}")
            return True
        return self._reading.only(Compare(of=of, op=op, value=value), words)

    def _by_group(self, of: Operand, op: Op, number: Mark) -> Measure | None:
        """The figure of each group that a bare condition may be about: asked, for it is either."""
        parts, reading = self._reading.parts, self._reading
        figure = next((m for m in parts.measures if m.of == of), None)
        if figure is None or not parts.groups:
            return None
        condition = f"{_WORDS[op]} {number.words}"
        group, name = parts.groups[0].name, figure.name.replace("_", " ")
        per_group = text("each {group}'s {figure}", group=group, figure=name)
        per_row = text("each row's {column}", column=shown(of))
        question = text("What should be {condition}?", condition=condition)
        chosen = reading.choose(f"{condition} means", question, (per_group, per_row))
        return figure if chosen == per_group else None

    def _operand(self, marks: Sequence[Mark], *, money: bool) -> Operand | None:
        reading = self._reading
        columns = [mark for mark in marks if mark.letter == "C"]
        if columns:
            ref = reading.ref(columns[0], *MEASURES, Role.YEAR)
            return ref.field if ref is not None and ref.column.numeric else None
        hint = next(
            (_HINTS[word] for mark in marks for word in mark.words.split() if word in _HINTS), ""
        )
        if hint:
            return self._hinted(hint)
        if not any(mark.letter == "E" for mark in marks):
            figures = [
                m.of
                for m in reading.parts.measures
                if m.of is not None and m.function in {"sum", "avg"}
            ]
            if figures:
                return figures[0]
        if reading.earlier is not None and reading.earlier.of is not None and not money:
            return reading.earlier.of
        worth, said = amount_of(reading, reading.base), _said(marks)
        if worth is None:
            return self._asked(said)
        if not money:
            reading.assume(text("“{words}” is about {column}.", words=said, column=shown(worth)))
        return worth

    def _asked(self, said: str) -> Operand | None:
        """The number that is compared where nothing says which; None where there are none."""
        own = [ref for ref in self._reading.own() if ref.column.numeric and ref.role in MEASURES]
        if not own:
            return None
        question = text("What should be {condition}?", condition=said)
        chosen = self._reading.choose(f"{said} of", question, [ref.name for ref in own][:6])
        return next(ref.field for ref in own if ref.name == chosen)

    def _hinted(self, hint: str) -> Operand | None:
        reading = self._reading
        named = [
            ref
            for ref in reading.own()
            if ref.column.numeric
            and (hint in {concept(w) for w in ref.words} or ref.role.value == hint)
        ]
        if hint == "price" and not named:
            return amount_of(reading, reading.base)
        return named[0].field if named else derived(reading, hint, reading.base)

    def _op(self, signs: Sequence[Mark], of: Operand) -> Op:
        sign = next(mark for mark in signs if mark.letter == "O")
        op: Op = sign.carries  # type: ignore[assignment]  # of the table of phrases
        if _DOUBTFUL & set(sign.words.split()):
            word, name = sign.words.split()[0], shown(of)
            options = (text("higher {column}", column=name), text("lower {column}", column=name))
            question = text("Is a {word} {column} higher or lower?", word=word, column=name)
            likely = options[0] if word == "better" else options[1]
            chosen = self._reading.choose(f"{word} {name}", question, options, default=likely)
            op = ">" if chosen == options[0] else "<"
        return _OPPOSITE[op] if any(mark.letter == "X" for mark in signs) else op


def _paired(marks: Sequence[Mark]) -> Iterator[tuple[list[Mark], Mark]]:
    """Each number with its signs, which stand before it, or behind: "5 or more"."""
    signs: list[Mark] = []
    number: Mark | None = None
    for mark in marks:
        if mark.letter in "XO":
            if number is not None and mark.letter == "O":
                yield [*signs, mark], number
                signs, number = [], None
            else:
                signs.append(mark)
        elif mark.letter == "N":
            if any(sign.letter == "O" for sign in signs):
                yield signs, mark
                signs = []
            else:
                number = mark


def _said(marks: Sequence[Mark]) -> str:
    return " ".join(mark.words for mark in marks if mark.letter in "XONbao")


def shown(of: Operand) -> str:
    """What is compared, in words."""
    return of.column if isinstance(of, Field) else operand_name(of)
