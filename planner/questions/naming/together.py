"""Marks that belong together: names of several words, figures out of two columns, years as numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from planner.questions.readers.state import Reading
from planner.questions.semantics import MEASURES, Role
from planner.questions.spec import Combined
from planner.questions.words.lexicon import plain
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Ref, Vocabulary

_OFTEN = frozenset(
    ["popular", "common", "frequent", "often", "frequently", "active", "used", "busy"]
)


def joined(marks: Sequence[Mark], vocabulary: Vocabulary) -> list[Mark]:
    """Names of several unknown words as one, "Ann Lee", and values that begin with "no"."""
    done: list[Mark] = []
    for mark in marks:
        before = done[-1] if done else None
        whole = f"{before.words} {mark.words}" if before is not None else ""
        if before is not None and before.letter in "TL" and mark.words.lower() in _OFTEN:
            done[-1] = replace(before, words=whole, carries="count")
            continue
        value = vocabulary.value(whole) if before is not None and before.letter == "X" else None
        if value is not None:
            done[-1] = Mark("V", whole, term=value)
            continue
        both = before is not None and before.letter == mark.letter == "~"
        if both and before is not None and before.words[:1].isupper() and mark.words[:1].isupper():
            done[-1] = replace(before, words=f"{before.words} {mark.words}")
        else:
            done.append(mark)
    return done


def worked_out(marks: Sequence[Mark], reading: Reading) -> list[Mark]:
    """ "total minus refund": one figure out of two columns."""
    done: list[Mark] = []
    rest = list(marks)
    while rest:
        figure = _combined(rest[:3], reading)
        if figure is None:
            done.append(rest.pop(0))
            continue
        words = " ".join(mark.words for mark in rest[:3])
        label = reading.terms.get(plain(words), words)
        reading.worked_out[words] = figure.model_copy(update={"label": label})
        done.append(Mark("A", words, carries="worked out"))
        rest = rest[3:]
    return done


_ARITHMETIC: Final[Mapping[str, Literal["minus", "times", "plus"]]] = {
    "minus": "minus", "less": "minus", "times": "times", "plus": "plus",
}  # fmt: skip


def _combined(marks: Sequence[Mark], reading: Reading) -> Combined | None:
    kind = _ARITHMETIC.get(marks[1].words.lower()) if len(marks) == 3 else None
    first, second = (
        (_number(mark, reading) for mark in (marks[0], marks[-1])) if kind else (None, None)
    )
    if kind is None or first is None or second is None:
        return None
    return Combined(kind=kind, first=first.field, second=second.field)


def _number(mark: Mark, reading: Reading) -> Ref | None:
    """The one column of amounts that the mark names, whatever else it may be."""
    named = mark if mark.letter == "C" else mark.also
    term = named.term if named is not None else None
    refs = [ref for ref in (term.refs if term is not None else ()) if ref in reading.own()]
    numeric = len(refs) == 1 and refs[0].column.numeric and refs[0].role in MEASURES
    return refs[0] if numeric else None


def with_years(marks: Sequence[Mark]) -> Iterator[Mark]:
    """ "born after 1999" of a birth year: a number rather than a span of time."""
    for place, mark in enumerate(marks):
        before = marks[place - 1] if place else None
        refs = before.term.refs if before is not None and before.term is not None else ()
        period = mark.period
        year = len(refs) == 1 and refs[0].role is Role.YEAR
        if not year or before is None or period is None or period.part is not None:
            yield mark
            continue
        for n, (op, day) in enumerate([(">=", period.start), ("<", period.end)]):
            if day is not None:
                yield from ((before,) if n and period.start is not None else ())
                yield from (Mark("O", op, carries=op), Mark("N", str(day.year), number=day.year))
