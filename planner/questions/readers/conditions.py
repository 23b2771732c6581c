"""Conditions: values, comparisons, spans of time, what is missing, and rows without a partner."""

import re
from datetime import date
from pathlib import PurePosixPath

from memory.model.text import text
from planner.questions.readers.state import Reading, Unclear, operand_name
from planner.questions.readers.values import Values
from planner.questions.readers.worth import amount_of, derived, elapsed
from planner.questions.semantics import MEASURES, Role
from planner.questions.spec import (
    Compare,
    DatePart,
    During,
    Field,
    Having,
    Linked,
    Measure,
    Missing,
    OneOf,
    Op,
    Operand,
)
from planner.questions.words.lexicon import concept
from planner.questions.words.marks import Line, Mark, refs_of
from planner.questions.words.points import Period
from planner.questions.words.terms import Ref

_OPPOSITE: dict[str, Op] = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_WORDS = {"=": "exactly", "<>": "not", "<": "under", "<=": "at most", ">": "over", ">=": "at least"}
_HINTS = {
    "older": "age", "younger": "age", "longer": "duration", "shorter": "duration", "heavier": "weight",
    "lighter": "weight", "cheaper": "price", "costing": "price", "warmer": "temperature",
    "hotter": "temperature", "colder": "temperature", "cooler": "temperature", "taller": "height",
    "earning": "salary", "faster": "duration",
}  # fmt: skip


_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_UNDONE = frozenset(["never", "haven", "hasn", "didn"])


def take_conditions(line: Line, reading: Reading) -> None:
    """Take out every condition on rows."""
    reader, values = _Conditions(reading), Values(reading)
    line.take(r"EIX?K(?![CEOTFN~])|EXI?K|E_?XIK", reader.never)
    line.take(r"[EC]wX?[E]|EX[E]", reader.anti)
    line.take(r"E[wWI]*XI?(?:[~C]~*$|C[~E]$)", reader.undone)
    line.take(r"C?bNaN|C?w?ON[aoB,]*N(?=$)", reader.between)
    line.take(r"[zX]?C?I?P[\"~VCEN]+", values.like)
    line.take(r"C[wI]*X?IO?F(?![CEA!])|C[wI]*X?O[wI]*F(?![CEA!])", reader.average)
    line.take(r"w?C[wI]*X?O[wI]*N|w?C[wI]*NO", reader.compared)
    line.take(r"X?ON[CG]", reader.compared_before)
    line.take(r"w?C?I?X?C[I]*z|zC|zE(?=C)|w?CI?Z|C[wI]*z|Xz", reader.missing)
    line.take(r"w?XC(?![VON$~])", reader.missing)
    line.take(r"CI?X?\$([,ao]+I?\$)*", reader.dated)
    line.take(r"X\$([,ao]+\$)*", reader.undated)
    line.take(r"w?C?[IO]?X[IO]?C?[V\"]([,ao]+[XC]?[V\"])*", values.negated)
    line.take(r"w?C[wIO]*[V\"]([,ao]+C?[V\"])*", values.equal)
    line.take(r"V([,ao]+V)*C?", values.beside)
    line.take(r"V([,ao]+V)*", values.values)
    line.take(r"w?CI[~E]+|w?CO[~E]+|wC[~E]+", values.unknown)
    line.take(r"[CE](I|O|w)*N([,ao]+N(?![A-Z]))*", values.numbered)
    line.take(r"w?IXC|XC|w?C(?=E)|IC|w?C(?=$|_)", values.truth)
    line.take(r"\$([,ao]+\$)*", reader.spans)


def take_bare(line: Line, reading: Reading) -> None:
    """Take out "over 100", which is about the figure that was asked for, or what a row is worth."""
    line.take(r"w?[EK]*X?ON", _Conditions(reading).bare)


class _Conditions:
    """Turns marks into filters; each method says whether it understood its marks."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def never(self, marks: list[Mark]) -> bool:
        """ "customers who never ordered": rows without a partner in the file that leads to them."""
        entity = marks[0]
        if entity.term is None or entity.term.noun is None:
            return False
        reading, file = self._reading, entity.term.noun
        links = [
            link for link in (*reading.links, *reading.files.links) if link.single == file.path
        ]
        if not links or not any(mark.letter == "X" for mark in marks):
            return False
        link = links[0]
        if len({found.many for found in links}) > 1:
            names = tuple(dict.fromkeys(found.many for found in links))
            many = reading.choose("without what", text("Without any row in which file?"), names[:6])
            link = next(found for found in links if found.many == many)
        return self._linked(file, link.many, negated=True)

    def undone(self, marks: list[Mark]) -> bool:
        """ "books that were never lent": the verb is taken for what the file that leads to them holds."""
        sign = next(mark for mark in marks if mark.letter == "X")
        entity = marks[0].term.noun if marks[0].term else None
        verb = marks[marks.index(sign) + 1]
        refs = [ref for ref in refs_of(verb) if entity is not None and ref.file.path == entity.path]
        if refs or not set(sign.words.replace("'", " ").split()) & _UNDONE:
            return False
        if not self.never(marks):
            return False
        reading = self._reading
        held = reading.parts.filters[-1]
        if isinstance(held, Linked):
            words = " ".join(mark.words for mark in marks[1:])
            reading.assume(
                text(
                    "“{words}” means without any row in {path}.", words=words, path=held.other.file
                )
            )
        return True

    def anti(self, marks: list[Mark]) -> bool:
        """ "customers without orders", "customers with orders"."""
        first, second = marks[0], marks[-1]
        here = first.term.noun if first.term else None
        there = second.term.noun if second.term else None
        if here is None or there is None or here.path == there.path:
            return False
        negated = any(mark.letter == "X" for mark in marks)
        return self._linked(here, there.path, negated=negated)

    def _linked(self, here: object, there: str, *, negated: bool) -> bool:
        reading = self._reading
        path = getattr(here, "path", "")
        link = next(
            (
                k
                for k in (*reading.links, *reading.files.links)
                if k.many == there and k.single == path
            ),
            None,
        )
        if link is None:
            return False
        own = _ref(reading, path, link.right)
        other = _ref(reading, there, link.left)
        reading.base = own.file
        reading.parts.noun = own.file
        held = Linked(field=own.field, other=other.field, negated=negated)
        name = PurePosixPath(there).stem
        return self._reading.only(
            held, text("without {name}", name=name) if negated else text("with {name}", name=name)
        )

    def between(self, marks: list[Mark]) -> bool:
        numbers = [mark.number or 0 for mark in marks if mark.letter == "N"]
        if not any(mark.letter == "b" for mark in marks):
            return False
        of = self._operand(marks, money=any(mark.money for mark in marks))
        if of is None:
            return False
        low, high = sorted(numbers)
        self._reading.parts.filters.append(Compare(of=of, op=">=", value=low))
        return self._reading.only(
            Compare(of=of, op="<=", value=high), f"{_shown(of)} {low:g}–{high:g}"
        )

    def compared(self, marks: list[Mark]) -> bool:
        """ "units over 10", "price of 10 or more"."""
        ref = self._reading.ref(next(mark for mark in marks if mark.letter == "C"))
        number = next(mark for mark in marks if mark.letter == "N")
        op = self._op(marks)
        if ref is None or (not ref.column.numeric and ref.role is not Role.DATE):
            return False
        if ref.role is Role.DATE:
            return False
        return self._compare(ref.field, op, number)

    def compared_before(self, marks: list[Mark]) -> bool:
        """ "more than 10 units", "longer than 5 days"."""
        number, last = next(mark for mark in marks if mark.letter == "N"), marks[-1]
        if last.letter == "G":
            of = elapsed(self._reading, self._reading.base)
            return (
                of is not None
                and last.carries == "day"
                and self._compare(of, self._op(marks), number)
            )
        ref = self._reading.ref(last, *MEASURES)
        if ref is None or not ref.column.numeric:
            return False
        return self._compare(ref.field, self._op(marks), number)

    def _compare(self, of: Operand, op: Op, number: Mark) -> bool:
        value = number.number or 0
        words = f"{_shown(of)} {op} {value:g}"
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
        per_row = text("each row's {column}", column=_shown(of))
        question = text("What should be {condition}?", condition=condition)
        chosen = reading.choose(f"{condition} means", question, (per_group, per_row))
        return figure if chosen == per_group else None

    def average(self, marks: list[Mark]) -> bool:
        """ "salary above average"."""
        function = marks[-1]
        ref = self._reading.ref(next(mark for mark in marks if mark.letter == "C"))
        ops = [mark for mark in marks if mark.letter == "O"]
        if function.carries != "avg" or ref is None or not ref.column.numeric or not ops:
            return False
        op = self._op(marks)
        return self._reading.only(
            Compare(of=ref.field, op=op, average=True), f"{ref.name} {op} average"
        )

    def missing(self, marks: list[Mark]) -> bool:
        columns = [mark for mark in marks if mark.letter == "C"]
        if not columns:
            return False
        ref = self._reading.ref(columns[-1])
        if ref is None:
            return False
        letters = {mark.letter for mark in marks}
        if ref.role is Role.BOOLEAN and not letters & set("zZ"):
            return False
        negated = "Z" in letters or {"X", "z"} <= letters
        said = (
            text("with {column}", column=ref.name)
            if negated
            else text("without {column}", column=ref.name)
        )
        zero = (
            ref.column.numeric
            and ref.role in MEASURES
            and "X" in letters
            and not letters & set("zZ")
        )
        if zero:  # "products without stock"
            self._reading.assume(text("Without {column} means 0 or empty.", column=ref.name))
        return self._reading.only(Missing(field=ref.field, negated=negated, zero=zero), said)

    def dated(self, marks: list[Mark]) -> bool:
        """ "shipped in March": the date that is named."""
        ref = self._reading.ref(marks[0], Role.DATE)
        if ref is None:
            return False
        return self._during(ref.field, marks, negated=any(mark.letter == "X" for mark in marks))

    def undated(self, marks: list[Mark]) -> bool:
        return self._spans(marks, negated=True)

    def spans(self, marks: list[Mark]) -> bool:
        return self._spans(marks, negated=False)

    def _spans(self, marks: list[Mark], *, negated: bool) -> bool:
        field = self._reading.date_field()
        if field is not None:
            return self._during(field, marks, negated=negated)
        years = [mark.period.year for mark in marks if mark.period and mark.period.year]
        held = [
            ref
            for ref in self._reading.vocabulary.of_file(self._reading.base.path)
            if ref.role is Role.YEAR
        ]
        if held and len(years) == len([mark for mark in marks if mark.letter == "$"]):
            values = tuple(float(year) for year in years)
            return self._reading.only(
                OneOf(field=held[0].field, values=values, negated=negated),
                " or ".join(map(str, years)),
            )
        raise Unclear(
            text(
                "{path} has no dates, so I can't pick “{words}”.",
                path=self._reading.base.path,
                words=marks[-1].words,
            )
        )

    def _during(self, field: Field, marks: list[Mark], *, negated: bool) -> bool:
        periods = [self._placed(mark.period, field) for mark in marks if mark.period is not None]
        said = " or ".join(period.words for period in periods)
        said = text("not {words}", words=said) if negated else said
        parts = [period for period in periods if period.part]
        if parts and len(parts) == len(periods) and len({period.part for period in parts}) == 1:
            numbers = tuple(dict.fromkeys(number for period in parts for number in period.numbers))
            part = parts[0].part
            assert part is not None
            if part in {"month", "quarter"} and self._several_years(field):
                self._reading.assume(text("“{words}” is taken of every year.", words=said))
            return self._reading.only(
                DatePart(field=field, part=part, numbers=numbers, negated=negated), said
            )
        if parts:
            years = [period for period in periods if period.year]
            if len(parts) == 1 and len(years) == len(periods) - 1:
                for period in years:
                    self._reading.parts.filters.append(
                        During(field=field, spans=((period.start, period.end),))
                    )
                part = parts[0].part
                assert part is not None
                return self._reading.only(
                    DatePart(field=field, part=part, numbers=parts[0].numbers, negated=negated),
                    said,
                )
            return False
        spans = tuple((period.start, period.end) for period in periods)
        return self._reading.only(During(field=field, spans=spans, negated=negated), said)

    def _placed(self, period: Period, field: Field) -> Period:
        """The period with its year, and how it is read where it may be read in two ways."""
        ref, reading = self._reading.vocabulary.ref(field), self._reading
        most = ref.column.most[:10] if ref is not None else ""
        last = date.fromisoformat(most) if _ISO.fullmatch(most) else reading.today
        placed = period.placed(last)
        read = placed.read
        if period.yearless and (day := placed.start or placed.end) is not None:
            read = text("of {year}", year=day.year)
        if read:
            reading.assume(text("“{words}” is read as {read}.", words=period.words, read=read))
        return placed

    def _several_years(self, field: Field) -> bool:
        ref = self._reading.vocabulary.ref(field)
        return ref is None or ref.column.least[:4] != ref.column.most[:4] or not ref.column.least

    def bare(self, marks: list[Mark]) -> bool:
        """ "orders over 100", "older than 50", "who spent more than 100": what a row is worth."""
        number = next(mark for mark in marks if mark.letter == "N")
        of = self._operand(marks, money=number.money)
        if of is None:
            return False
        return self._compare(of, self._op(marks), number)

    def _operand(self, marks: list[Mark], *, money: bool) -> Operand | None:
        columns = [mark for mark in marks if mark.letter == "C"]
        if columns:
            ref = self._reading.ref(columns[0], *MEASURES, Role.YEAR)
            return ref.field if ref is not None and ref.column.numeric else None
        reading = self._reading
        hint = next(
            (_HINTS[word] for mark in marks for word in mark.words.split() if word in _HINTS), ""
        )
        if hint:
            own = reading.vocabulary.of_file(reading.base.path)
            named = [
                ref
                for ref in own
                if ref.column.numeric
                and (hint in {concept(w) for w in ref.words} or ref.role.value == hint)
            ]
            if hint == "price" and not named:
                return amount_of(reading, reading.base)
            return named[0].field if named else derived(reading, hint, reading.base)
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
        return amount_of(reading, reading.base)

    def _op(self, marks: list[Mark]) -> Op:
        op = next(mark.carries for mark in marks if mark.letter == "O")
        negated = any(mark.letter == "X" for mark in marks)
        kept: Op = _OPPOSITE[op] if negated else op  # type: ignore[assignment]  # of the table of phrases
        return kept


def _ref(reading: Reading, path: str, name: str) -> Ref:
    """The column of the file, whether or not words can name it here."""
    file = reading.files.by_path[path]
    return Ref(file, next(column for column in file.columns if column.name == name))


def _shown(of: Operand) -> str:
    return of.column if isinstance(of, Field) else operand_name(of)
