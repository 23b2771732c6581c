"""Who was there on a day: rows that had begun by then, and hadn't ended."""

from collections.abc import Sequence
from datetime import timedelta

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.readers.state import Reading
from planner.questions.semantics import Role
from planner.questions.spec import During
from planner.questions.words.lexicon import word_set
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Ref

_STARTS = word_set("start started begin began from in arrival arrived arr checkin admitted since")
_ENDS = word_set(
    "end ended to until till out departure departed dep left checkout discharged returned"
)
_NIGHTS = word_set("out departure departed dep left checkout discharged returned")
"""On the day that they name, nobody is there any more."""
_BEING = word_set("was were is are been be being")


def is_of_being(marks: Sequence[Mark]) -> bool:
    """Whether it is asked who or what was there on a single day, rather than what happened then."""
    days = [mark.period for mark in marks if mark.period is not None]
    single = len(days) == 1 and days[0].start is not None and days[0].end is not None
    if not single or days[0].end - days[0].start != timedelta(days=1):  # type: ignore[operator]  # both are there
        return False
    did = any(m.letter == "K" or (m.letter in "~C" and m.words.endswith("ed")) for m in marks)
    return not did and any(m.letter == "I" and {*m.words.split()} & _BEING for m in marks)


def interval(file: FileInfo) -> tuple[Ref, Ref] | None:
    """The columns that say from when to when a row holds."""
    dates = [ref for column in file.columns if (ref := Ref(file, column)).role is Role.DATE]
    first = [ref for ref in dates if begins(ref)]
    last = [ref for ref in dates if ends(ref) and ref not in first]
    return (first[0], last[0]) if len(first) == len(last) == 1 else None


def begins(ref: Ref) -> bool:
    """Whether the date says from when on a row holds."""
    return bool({*ref.words} & _STARTS)


def ends(ref: Ref) -> bool:
    """Whether the date says until when a row holds."""
    return bool({*ref.words} & _ENDS)


def hold(marks: Sequence[Mark], reading: Reading) -> bool:
    """Only rows that hold on the day: begun by then, and not over, or without an end."""
    found = interval(reading.base)
    period = marks[0].period
    if found is None or period is None:
        return False
    start, end = found
    ref = reading.vocabulary.ref(start.field)
    last = ref.column.most[:10] if ref is not None else ""
    period = period.placed(reading.today if not last[:4].isdigit() else reading.today.replace(
        year=int(last[:4]), month=12, day=28))  # fmt: skip
    assert period.start is not None
    over = bool({*end.words} & _NIGHTS)
    after = period.end if over else period.start
    reading.parts.filters.append(During(field=start.field, spans=((None, period.end),)))
    reading.assume(
        text(
            "“{words}” lies between {start} and {end} of the rows that count.",
            words=period.words,
            start=start.name,
            end=end.name,
        )
    )
    return reading.only(During(field=end.field, spans=((after, None),)), period.words)
