"""Particular questions: comparisons of two, duplicates, quantiles, durations, rounding."""

from dataclasses import replace

from memory.model.text import text
from planner.questions.readers.figures import Figures, lasts
from planner.questions.readers.ranked import Ranker
from planner.questions.readers.state import Reading
from planner.questions.readers.worth import amount_of, elapsed
from planner.questions.semantics import Role
from planner.questions.spec import (
    DatePart,
    During,
    Field,
    Filter,
    Group,
    Having,
    Measure,
    OneOf,
    Window,
)
from planner.questions.words.lexicon import plain
from planner.questions.words.marks import Line, Mark
from planner.questions.words.terms import Ref


def name_people(line: Line, reading: Reading) -> None:
    """ "people" are those of the file, or whom its rows lead to; behind a value or a verb nobody more."""
    marks: list[Mark] = []
    ages = [ref for ref in reading.vocabulary.refs if ref.role is Role.AGE]
    for place, mark in enumerate(line.marks):
        if mark.letter != "e":
            marks.append(mark)
            continue
        before = "".join(held.letter for held in marks[-2:])
        compared = line.letters[place + 1 :].lstrip("wI").startswith("ON")
        people = None if before[-1:] == "V" or before == "KB" else Ranker(reading).people()
        if before == "KB":  # "paid by people"
            marks.pop()
        if compared and ages:  # "people over 40"
            marks.append(Mark("C", ages[0].name, term=ages[0].term))
        elif people is not None:
            marks.append(replace(people, words=mark.words, also=people.also or mark))
    line.marks = marks


def take_rounding(line: Line, reading: Reading) -> None:
    """Take out "rounded to 2 decimals"."""

    def rounded(marks: list[Mark]) -> bool:
        number = next((mark.number for mark in marks if mark.letter == "N"), 0) or 0
        if not 0 <= number <= 10:
            return False
        reading.parts.digits = int(number)
        return True

    line.take(r"j+Nj*|Nj+|j+", rounded)


def take_comparison(line: Line, reading: Reading) -> tuple[tuple[str, Filter], ...]:
    """Take out "North vs South" and "2023 compared to 2024"; gives the spans that are compared."""
    compared: list[tuple[str, Filter]] = []

    def spans(marks: list[Mark]) -> bool:
        field = reading.date_field()
        periods = [mark for mark in marks if mark.period is not None]
        compared.extend((_label(mark.words), _held(mark, field)) for mark in periods if field)
        return field is not None

    if line.has("vf"):
        line.take(r"\$(?:[va,oI]+\$)+", spans)
        if line.take(r"V(?:[va,oI]+V)+", lambda marks: _values_compared(marks, reading)):
            worth_or_rows(line, reading)
        if compared or reading.parts.groups:
            line.take(r"[vf]", lambda _: True)
    return tuple(compared)


def worth_or_rows(line: Line, reading: Reading) -> None:
    """ "flowers vs food": what they come to or how many there are, where nobody says."""
    worth = None if line.has("F!AtHRTLCGgc") else amount_of(reading, reading.base)
    if worth is None or reading.parts.measures:
        return
    total = reading.measure("sum", worth)
    options = (total.name.replace("_", " "), text("number of rows"))
    chosen = reading.choose("compared by", text("Compared by what?"), options)
    reading.keep(total if chosen == options[0] else reading.measure("count", None))


def _values_compared(marks: list[Mark], reading: Reading) -> bool:
    pairs = [mark.term.values[0] for mark in marks if mark.term is not None and mark.term.values]
    ref = pairs[0][0]
    if any(other.field != ref.field for other, _ in pairs):
        return False
    found = tuple(value for _, seen in pairs for value in seen)
    reading.parts.filters.append(OneOf(field=ref.field, values=found))
    reading.parts.said.append(" and ".join(found))
    group = reading.group(ref)
    if group not in reading.parts.groups:
        reading.parts.groups.append(group)
    return True


def _held(mark: Mark, field: Field) -> Filter:
    period = mark.period
    assert period is not None
    if period.part is not None:
        return DatePart(field=field, part=period.part, numbers=period.numbers)
    return During(field=field, spans=((period.start, period.end),))


def _label(words: str) -> str:
    return plain(words).replace(" ", "_") or "period"


def split_by(reading: Reading, compared: tuple[tuple[str, Filter], ...]) -> None:
    """Each figure once for each span, and the change from the first to the last."""
    if not compared:
        return
    parts = reading.parts
    whole = parts.measures or [reading.measure("count", None)]
    parts.measures = []
    for measure in whole:
        made = [
            measure.model_copy(
                update={"only": (*measure.only, held), "name": f"{measure.name}_{label}"}
            )
            for label, held in compared
        ]
        parts.measures += made
        if len(made) == 2:
            first, last = made
            parts.windows.append(
                Window(
                    kind="minus",
                    of=last.name,
                    other=first.name,
                    name="change" if len(whole) == 1 else f"change_{measure.name}",
                )
            )
            parts.windows.append(
                Window(
                    kind="minus_percent",
                    of=last.name,
                    other=first.name,
                    name="change_percent" if len(whole) == 1 else f"change_percent_{measure.name}",
                )
            )


def take_duplicates(line: Line, reading: Reading) -> None:
    """Take out "duplicate e-mails", "customers that appear twice"."""

    def doubled(marks: list[Mark]) -> bool:
        refs = [reading.ref(mark) for mark in marks if mark.letter == "C"]
        fields = [ref for ref in refs if ref is not None]
        if not fields:
            fields = _whole_rows(reading)
        reading.parts.groups += [Group(field=ref.field, name=ref.name) for ref in fields]
        count = reading.measure("count", None)
        reading.parts.measures.append(count)
        reading.parts.having.append(Having(of=count, op=">", value=1))
        reading.parts.said.append(text("more than once"))
        return True

    line.take(r"[!d]*p[dE]*[CE]?(?:[,a]+C)*(?![N])|[!d]*[CE][wIX]*[,]?p", doubled)


def _whole_rows(reading: Reading) -> list[Ref]:
    """The key where some rows share it, else all columns."""
    key = reading.vocabulary.key(reading.base)
    return [key] if key is not None and reading.repeats(key) else list(reading.own())


def take_quantile(line: Line, reading: Reading) -> None:
    """Take out "90th percentile of price"."""

    def quantile(marks: list[Mark]) -> bool:
        number = next((mark.number for mark in marks if mark.letter == "N"), None)
        things = [mark for mark in marks if mark.letter in "CEA"]
        operand = (
            Figures(reading).operand(things[-1]) if things else amount_of(reading, reading.base)
        )
        sign = next(mark for mark in marks if mark.letter in "qQ")
        whole = float(sign.carries)
        share = whole if sign.letter == "Q" else (number or 0) / whole
        if operand is None or not 0 < share < 1:
            return False
        return reading.keep(reading.measure("quantile", operand, share))

    line.take(r"Nq[wI]*E?[CA]|Q[wI]*E?[CA]|[CEA]Nq|[CEA]Q|Nq|Q", quantile)


def take_duration(line: Line, reading: Reading) -> None:
    """Take out "average delivery time", "how long does it take to ship"."""

    def took(marks: list[Mark]) -> bool:
        if marks[0].letter == "W" and marks[0].carries != "long":
            return False
        numbers = [
            ref
            for ref in reading.vocabulary.of_file(reading.base.path)
            if ref.column.numeric and lasts(ref)
        ]
        operand = numbers[0].field if len(numbers) == 1 else elapsed(reading, reading.base)
        if operand is None:
            return False
        function = next((mark.carries for mark in marks if mark.letter == "F"), "avg")
        if not any(mark.letter == "F" for mark in marks):
            reading.assume(text("The average is given."))
        measure: Measure = reading.measure(function, operand)  # type: ignore[arg-type]  # of the table of phrases
        reading.parts.measures.append(measure)
        return True

    line.take(r"F[C~E]?[C~]?t[CKIaF~]*|W[tEKFIC~]*$|[C~]?t[KI]*F|WEt", took)
