"""Which columns say at what time of the day something was. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from memory.model.work.value import Column
from planner.questions.readers.state import Reading
from planner.questions.semantics import Role, has_time, seen_in
from planner.questions.spec import Field, Grain, Group
from planner.questions.words.points import Period
from planner.questions.words.terms import Ref, Vocabulary

_CLOCK: Final = re.compile(r"([01]?\d|2[0-4]):[0-5]\d(:[0-5]\d)?")
HOURS: Final = frozenset({"hour", "hour_of_day"})
"""The parts of time that a day alone doesn't have."""


def is_clock(column: Column) -> bool:
    """Whether it holds times of the day without a day: "09:30"."""
    if column.type.upper().startswith("TIME") and not column.type.upper().startswith("TIMESTAMP"):
        return True
    seen = [sample.strip() for sample in seen_in(column) if sample.strip()]
    texts = column.type.upper().startswith("VARCHAR") and bool(seen)
    return texts and all(_CLOCK.fullmatch(sample) for sample in seen)


def timed(vocabulary: Vocabulary, path: str, refs: Sequence[Ref]) -> tuple[Ref, ...]:
    """The columns of a file that say at what time it was: those of a clock, and the dates of `refs` that have one."""
    clocks = [ref for ref in vocabulary.of_file(path) if is_clock(ref.column)]
    return (*clocks, *(ref for ref in refs if ref.role is Role.DATE and has_time(ref.column)))


def clock_of(reading: Reading) -> Ref | None:
    """What says at what time a row was; asked for where several do."""
    path = reading.base.path
    found = timed(reading.vocabulary, path, reading.vocabulary.dates(path))
    if not found:
        return None
    return found[0] if len(found) == 1 else reading.asked("time", found[0], found)


def hour_of(ref: Ref) -> Field:
    """The column as one whose hour can be told."""
    texts = is_clock(ref.column) and ref.column.type.upper().startswith("VARCHAR")
    return ref.field.model_copy(update={"written": "%H:%M|%H:%M:%S"}) if texts else ref.field


def grained(ref: Ref | None, field: Field, grain: Grain) -> Group:
    """Rows put together by a part of time; by the hour of the day where no day is known."""
    if grain in HOURS and ref is not None and is_clock(ref.column):
        grain = "hour_of_day"
    return Group(field=field, grain=grain, name=grain)


def of_hours(periods: Iterable[Period]) -> bool:
    """Whether all of them are hours of the day."""
    return {period.part for period in periods} == {"hour"}
