"""Units that a figure is asked for in: "in hours", "in euros". Never what rows are put together by."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from memory.model.text import text
from planner.questions.readers.state import Reading, Unclear
from planner.questions.semantics import MEASURES, Role
from planner.questions.spec import Age, Combined, Measure, Operand, QuerySpec
from planner.questions.words.lexicon import word_set
from planner.questions.words.marks import Line, Mark
from planner.questions.words.terms import Ref, Term

SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_WRITTEN: Final = {
    "second": word_set("second seconds sec secs s"),
    "minute": word_set("minute minutes min mins"),
    "hour": word_set("hour hours hr hrs h"),
    "day": word_set("day days"),
}
_MONEY: Final = frozenset({Role.AMOUNT, Role.PRICE, Role.PAY})
_SUMMED: Final = frozenset({"sum", "avg", "min", "max", "median", "quantile", "stddev"})


def take_time_units(line: Line, reading: Reading) -> str:
    """Take out "in hours" and turn "how many hours" into the total of a column of time.

    The unit that was asked for; "" for none.
    """
    unit = next((mark.carries for mark in line.marks if mark.letter == "u"), "")
    line.marks = [mark for mark in line.marks if mark.letter != "u"]
    for place, (counted, mark) in enumerate(zip(line.marks, line.marks[1:], strict=False)):
        asked = _unit_of(mark.words.lower().split()) if mark.letter in "GC~" else ""
        times = _times(reading) if counted.letter == "!" and asked in {"hour", "minute"} else ()
        if len(times) == 1:
            column = Mark("C", times[0].name, term=Term(refs=times))
            total = replace(counted, letter="F", carries="sum")
            line.marks[place : place + 2] = [total, column]
            return asked
    return unit


def in_units(spec: QuerySpec, unit: str, reading: Reading) -> QuerySpec:
    """The figures in the unit. Raises Unclear where what they are measured in is not known."""
    if not unit:
        return spec
    if unit == "money":
        roles = {ref.role for m in spec.measures for ref in _refs(m.of, reading)}
        priced = any(isinstance(m.of, Combined) and m.of.kind != "days" for m in spec.measures)
        listed = bool(spec.columns) and not spec.measures
        if not listed and not priced and not roles & _MONEY:
            raise Unclear(text("None of these figures is an amount of money."))
        return spec
    made = {m.name: _converted(m, unit, reading) for m in spec.measures}
    return spec.model_copy(update={"measures": tuple(made[m.name] for m in spec.measures)})


def _converted(measure: Measure, unit: str, reading: Reading) -> Measure:
    if measure.function not in _SUMMED or measure.per is not None:
        return measure
    known = unit_of(measure.of, reading)
    if not known:
        raise Unclear(
            text("I don't know what {figure} is measured in, so I can't give it in {unit}s.",
                 figure=measure.name.replace("_", " "), unit=unit)
        )  # fmt: skip
    if known == unit:
        return measure
    reading.assume(
        text("{figure} is turned from {known}s into {unit}s.",
             figure=measure.name.replace("_", " ").capitalize(), known=known, unit=unit)
    )  # fmt: skip
    return measure.model_copy(update={"divided": SECONDS[unit] / SECONDS[known]})


def unit_of(of: Operand | None, reading: Reading) -> str:
    """What a figure is measured in, by the name of its column; "" where that is not said."""
    if isinstance(of, Combined):
        return of.unit if of.kind == "days" else ""
    return next((_unit_of(ref.words) for ref in _refs(of, reading)), "")


def _unit_of(words: Sequence[str]) -> str:
    found = [unit for unit, written in _WRITTEN.items() if written & {*words}]
    return found[0] if len(found) == 1 else ""


def _refs(of: Operand | None, reading: Reading) -> tuple[Ref, ...]:
    if of is None or isinstance(of, Combined | Age):
        return ()
    ref = reading.vocabulary.ref(of)
    return (ref,) if ref is not None else ()


def _times(reading: Reading) -> tuple[Ref, ...]:
    return tuple(
        ref for ref in reading.own()
        if ref.column.numeric and ref.role in MEASURES and _unit_of(ref.words)
    )  # fmt: skip
