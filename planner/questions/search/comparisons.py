"""Numbers and spans of time that rows are compared with, and words looked for in free text. Pure."""

from collections.abc import Iterator, Sequence

from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import Role, seen_in
from planner.questions.spec import Compare, During, Field, Like, Op
from planner.questions.words.marks import Mark
from planner.questions.words.points import Period
from planner.questions.words.terms import Ref

NEAR, LONG, BOTH = 4, 4, 2
"""How near a column is named to a number, how long a word is that texts are searched for, and how many
spans are compared.
"""


def compared(said: Saying) -> Iterator[Piece[Held]]:
    """A number with "over" or "at most" before it, of any figure that is near."""
    for place, mark in enumerate(said.marks):
        if mark.letter == "N" and mark.number is not None:
            for ref in said.reading.vocabulary.refs:
                if ref.column.numeric and ref.role not in {Role.KEY, Role.PHONE}:
                    yield from _compared(said, ref, place, mark.number)


def _compared(said: Saying, ref: Ref, place: int, number: float) -> Iterator[Piece[Held]]:
    near, fits = _near(said, ref, place), _within(ref, number)
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


def _near(said: Saying, ref: Ref, place: int) -> dict[int, float]:
    """Where the column is named near the place."""
    return {at: sure for at, sure in said.of(ref).items() if abs(at - place) <= NEAR}


def _within(ref: Ref, number: float) -> bool:
    try:
        return float(ref.column.least) <= number <= float(ref.column.most)
    except ValueError:
        return True


def spans(said: Saying) -> Iterator[Piece[Held]]:
    """A span of time, or either of two, of each date of the rows."""
    told = {p: m.period for p, m in enumerate(said.marks) if m.period is not None}
    told = {p: period for p, period in told.items() if _is_span(period)}
    closed = {p: period for p, period in told.items() if period.start and period.end}
    for ref in said.reading.vocabulary.dates(said.reading.base.path):
        main = float(_is_main(said, ref.field))
        for place, period in told.items():
            near = _near(said, ref, place)
            features = {
                "span date named": max(near.values(), default=0.0),
                "span main date": main,
                "span in range": float(_meets(ref, period)),
            }
            held = During(field=ref.field, spans=((period.start, period.end),))
            yield Piece((held, period.words), "during", {place: 1.0, **near}, features)
        if len(closed) == BOTH:
            both = tuple((period.start, period.end) for period in closed.values())
            words = " or ".join(period.words for period in closed.values())
            held = During(field=ref.field, spans=both)
            yield Piece(
                (held, words), "either during", dict.fromkeys(closed, 1.0), {"span main date": main}
            )


def _is_span(period: Period) -> bool:
    """Whether it begins or ends on a day; "now" says nothing of the rows."""
    bounded = period.start is not None or period.end is not None
    return bounded and not period.yearless and "now" not in period.words.split()


def _is_main(said: Saying, field: Field) -> bool:
    return said.reading.vocabulary.dates(said.reading.base.path)[0].field == field


def _meets(ref: Ref, period: Period) -> bool:
    """Whether a date of the column may be in the span, as far as anybody knows."""
    least, most = ref.column.least[:10], ref.column.most[:10]
    if not least or not most or ref.column.type.upper().startswith("VARCHAR"):
        return True
    start, end = str(period.start or ""), str(period.end or "")
    return (not end or least < end) and (not start or most >= start)


def sign_of(marks: Sequence[Mark], place: int) -> int | None:
    """Where the comparison with the number stands: before it, or just behind."""
    near = (at for at in (place - 1, place + 1) if 0 <= at < len(marks))
    return next((at for at in near if marks[at].letter == "O"), None)


def texts(said: Saying) -> Iterator[Piece[Held]]:
    """Words of nothing else, in the columns of free text."""
    free = [ref for ref in said.reading.vocabulary.refs if ref.role is Role.TEXT]
    for place, mark in enumerate(said.marks):
        if mark.letter == "~" and len(mark.words) >= LONG:
            for ref in free:
                yield from _text(said, ref, place)


def _text(said: Saying, ref: Ref, place: int) -> Iterator[Piece[Held]]:
    words, cued, of = said.marks[place].words, said.places("P"), said.of(ref)
    seen = any(words.lower() in value.lower() for value in seen_in(ref.column))
    if seen or cued or of:
        features = {
            "text seen": float(seen),
            "text cued": float(bool(cued)),
            "text named": float(bool(of)),
        }
        held = Like(field=ref.field, how="contains", words=words)
        said_so = f"{ref.name} contains {words}"
        yield Piece((held, said_so), "contains", {place: 0.8, **cued, **of}, features)
