"""Numbers that rows are compared with. Pure."""

from collections.abc import Iterator, Sequence

from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
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
    near, fits = said.near(ref, place), _within(ref, number)
    if not near and (ref.file.path != said.reading.base.path or not fits):
        return
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


def _within(ref: Ref, number: float) -> bool:
    try:
        return float(ref.column.least) <= number <= float(ref.column.most)
    except ValueError:
        return True


def sign_of(marks: Sequence[Mark], place: int) -> int | None:
    """Where the comparison with the number stands: before it, or just behind."""
    near = (at for at in (place - 1, place + 1) if 0 <= at < len(marks))
    return next((at for at in near if marks[at].letter == "O"), None)
