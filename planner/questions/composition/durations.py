"""How long something took: units of time and the dates they are counted between, as one duration."""

import re
from collections.abc import Sequence
from typing import Final

from planner.questions.readers.state import Reading
from planner.questions.readers.worth import elapsed
from planner.questions.semantics import Role
from planner.questions.words.lexicon import word_set
from planner.questions.words.marks import Line, Mark, refs_of
from planner.questions.words.terms import Ref

UNITS: Final = {
    "minutes": "minute", "mins": "minute", "hours": "hour", "hrs": "hour", "days": "day",
    "nights": "day",
}  # fmt: skip
_UNTIL: Final = word_set("to until till before from between after since til")
_BETWEEN = r"[buEKFIW]*"
"""What may stand between a duration and its dates."""
_TIMES = (
    rf"[Utlw]{_BETWEEN}D[ab,I]*D",
    r"D[ab,I]*D(?=.*[Utlw])",
    r"[Ut]b?u?I?W?D",
    r"w[bEKIW]*uD",
    r"l[Kr]?u?W?D|l[KrECIW]*uW?D",
    r"(?<=F)!?U(?![DC])|U(?=F)",
)
"""Turns of phrase that say one, as letters: U a unit, D a date, l longest, w how long, u until."""


def take_durations(line: Line, reading: Reading) -> None:
    """Put one mark in the place of "days to close", "longest … start to done", "days on average"."""
    if len(reading.vocabulary.dates(reading.base.path)) < 2:
        return
    for pattern in _TIMES:
        letters = "".join(_letter(mark, before, reading) for before, mark in _placed(line.marks))
        found = re.search(pattern, letters)
        if found is not None and _put(line, found, letters, reading):
            return


def _placed(marks: Sequence[Mark]) -> list[tuple[str, Mark]]:
    return [(marks[n - 1].letter if n else "", mark) for n, mark in enumerate(marks)]


def _letter(mark: Mark, before: str, reading: Reading) -> str:
    low = mark.words.lower()
    if mark.letter in "G~" and low in UNITS and before not in {"B", "N"}:
        return "U"
    if mark.letter == "~" and low in _UNTIL:
        return "u"
    if mark.letter in "TL" and mark.carries == "length":
        return "l"
    if mark.letter == "W" and mark.carries == "long":
        return "w"
    if _date(mark, reading) is not None:
        return "D"
    return "x" if mark.letter in "DUuwl" else mark.letter


def _date(mark: Mark, reading: Reading) -> Ref | None:
    """The date of the rows that the mark names, and nothing else."""
    refs = refs_of(mark) if mark.letter in "CZ" else ()
    own = [ref for ref in refs if ref.file.path == reading.base.path]
    dates = [ref for ref in own if ref.role is Role.DATE]
    return dates[0] if dates and len(dates) == len(own) else None


def _put(line: Line, found: re.Match[str], letters: str, reading: Reading) -> bool:
    start, end = found.span()
    marks = line.marks[start:end]
    dates = [ref for mark in marks if (ref := _date(mark, reading)) is not None]
    units = [
        UNITS[m.words.lower()] for m in line.marks if m.letter in "G~" and m.words.lower() in UNITS
    ]
    if len(dates) == 2 and dates[0] == dates[1]:
        return False
    operand = elapsed(reading, reading.base, dates, next(iter(units), ""))
    if operand is None:
        return False
    said = " ".join(mark.words for mark in marks)
    reading.worked_out[said] = operand
    kept = [mark for place, mark in enumerate(marks, start) if letters[place] in "ECKFIWlw!"]
    line.marks[start:end] = [*(m for m in kept if m.letter != "!"), Mark("t", said, carries="_")]
    return True
