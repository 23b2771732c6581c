"""Numbers that rows are compared with. Pure."""

import re
from collections.abc import Iterator, Sequence

from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import NEAR, Saying
from planner.questions.semantics import Role
from planner.questions.spec import Compare, Op
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Ref


def compared(said: Saying) -> Iterator[Piece[Held]]:
    """A number with "over" or "at most" before it, of any figure that is near."""
    for place, mark in enumerate(said.marks):
        if mark.letter == "N" and mark.number is not None:
            for ref in said.reading.vocabulary.refs:
                if ref.column.numeric and ref.role not in {Role.KEY, Role.PHONE}:
                    yield from _compared(said, ref, place, mark.number)


def _compared(said: Saying, ref: Ref, place: int, number: float) -> Iterator[Piece[Held]]:
    number = _of_column(said.marks[place], ref, number)
    near, fits = said.near(ref, place), _within(ref, number)
    if not near and (ref.file.path != said.reading.base.path or not fits):
        return
    end = _end(said.marks, place)
    if end is not None:
        yield _bound(said, ref, place, number, *end)
    sign = sign_of(said.marks, place)
    op: Op = said.marks[sign].carries if sign is not None else "="  # type: ignore[assignment]  # "O" marks carry comparisons
    money = said.marks[place].money and ref.role in {Role.AMOUNT, Role.PRICE, Role.PAY}
    features = {
        "compared near": float(bool(near)),
        "compared link": max(near.values(), default=0.0),
        "compared in range": float(fits),
        "compared money": float(money),
    }
    signs = {place: 1.0} if sign is None else {place: 1.0, sign: 1.0}
    held = Compare(of=ref.field, op=op, value=number)
    kind = "equals" if op == "=" and sign is None else "compared"
    yield Piece((held, f"{ref.name} {op} {number:g}"), kind, {**signs, **near}, features)


_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


def _of_column(mark: Mark, ref: Ref, number: float) -> float:
    """The number as the column's own size tells it: "3.500" of salaries is three thousand and a half."""
    said = mark.words.strip("$€£ ")
    if not _THOUSANDS.fullmatch(said) or _within(ref, number):
        return number
    whole = float(said.replace(".", ""))
    return whole if _within(ref, whole) else number


def _end(marks: Sequence[Mark], place: int) -> tuple[Op, int] | None:
    """Which end of a range the number is, and where its "between" stands: "between 50 and 100"."""
    letters = "".join(mark.letter for mark in marks)
    if letters[place - 1 : place] == "b" and letters[place : place + 3] == "NaN":
        return ">=", place - 1
    return ("<=", place - 3) if letters[max(0, place - 3) : place + 1] == "bNaN" else None


def _bound(said: Saying, ref: Ref, place: int, number: float, op: Op, head: int) -> Piece[Held]:
    """One end of a range of the column."""
    near = {at: sure for at, sure in said.of(ref).items() if abs(at - head) <= NEAR + 1}
    features = {
        "range link": max(near.values(), default=0.0),
        "range unsaid": float(not near),
        "range in range": float(_within(ref, number)),
    }
    held = Compare(of=ref.field, op=op, value=number)
    return Piece(
        (held, f"{ref.name} {op} {number:g}"), "range", {place: 1.0, head: 1.0, **near}, features
    )


def _within(ref: Ref, number: float) -> bool:
    try:
        return float(ref.column.least) <= number <= float(ref.column.most)
    except ValueError:
        return True


def sign_of(marks: Sequence[Mark], place: int) -> int | None:
    """Where the comparison with the number stands: before it, or just behind."""
    near = (at for at in (place - 1, place + 1) if 0 <= at < len(marks))
    return next((at for at in near if marks[at].letter == "O"), None)
