"""Numbers and spans of time that rows are compared with, and words looked for in free text. Pure."""

from collections.abc import Iterator, Sequence

from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import Role, seen_in
from planner.questions.spec import Compare, During, Field, Like, Op
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Ref


def compared(said: Saying) -> Iterator[Piece[Held]]:
    """A number with "over" or "at most" before it, of any figure that is near."""
    for place, mark in enumerate(said.marks):
        if mark.letter != "N" or mark.number is None:
            continue
        sign = sign_of(said.marks, place)
        op: Op = said.marks[sign].carries if sign is not None else "="  # type: ignore[assignment]  # "O" marks carry comparisons
        signs = {place: 1.0, sign: 1.0} if sign is not None else {place: 1.0}
        for ref in said.reading.vocabulary.refs:
            if not ref.column.numeric or ref.role in {Role.KEY, Role.PHONE}:
                continue
            near = {at: sure for at, sure in said.of(ref).items() if abs(at - place) <= 4}
            fits = _within(ref, mark.number)
            if not near and (ref.file.path != said.reading.base.path or not fits):
                continue
            held = Compare(of=ref.field, op=op, value=mark.number)
            features = {
                "compared near": float(bool(near)),
                "compared link": max(near.values(), default=0.0),
                "compared in range": float(fits),
                "compared money": float(
                    mark.money and ref.role in {Role.AMOUNT, Role.PRICE, Role.PAY}
                ),
            }
            kind = "equals" if op == "=" and len(signs) == 1 else "compared"
            yield Piece(
                (held, f"{ref.name} {op} {mark.number:g}"), kind, {**signs, **near}, features
            )


def _within(ref: Ref, number: float) -> bool:
    try:
        return float(ref.column.least) <= number <= float(ref.column.most)
    except ValueError:
        return True


def spans(said: Saying) -> Iterator[Piece[Held]]:
    """A span of time, of each date of the rows."""
    for place, mark in enumerate(said.marks):
        period = mark.period
        if period is None or (period.start is None and period.end is None) or period.yearless:
            continue
        if "now" in period.words.split():
            continue
        for ref in said.reading.vocabulary.dates(said.reading.base.path):
            of = said.of(ref)
            near = {at: sure for at, sure in of.items() if abs(at - place) <= 4}
            held = During(field=ref.field, spans=((period.start, period.end),))
            features = {
                "span date named": max(near.values(), default=0.0),
                "span main date": float(_is_main(said, ref.field)),
                "span in range": float(
                    _spans_meet(ref, str(period.start or ""), str(period.end or ""))
                ),
            }
            yield Piece((held, period.words), "during", {place: 1.0, **near}, features)

    spans = [(p, m.period) for p, m in enumerate(said.marks) if m.period is not None]
    told = [
        (p, period) for p, period in spans if period.start and period.end and not period.yearless
    ]
    if len(told) == 2:
        for ref in said.reading.vocabulary.dates(said.reading.base.path):
            held = During(
                field=ref.field, spans=tuple((period.start, period.end) for _, period in told)
            )
            words = " or ".join(period.words for _, period in told)
            main = float(_is_main(said, ref.field))
            yield Piece(
                (held, words), "either during", {p: 1.0 for p, _ in told}, {"span main date": main}
            )


def _is_main(said: Saying, field: Field) -> bool:
    return said.reading.vocabulary.dates(said.reading.base.path)[0].field == field


def _spans_meet(ref: Ref, start: str, end: str) -> bool:
    least, most = ref.column.least[:10], ref.column.most[:10]
    if not least or not most or ref.column.type.upper().startswith("VARCHAR"):
        return True
    return (not end or least < end) and (not start or most >= start)


def sign_of(marks: Sequence[Mark], place: int) -> int | None:
    """Where the comparison with the number stands: before it, or just behind."""
    near = (at for at in (place - 1, place + 1) if 0 <= at < len(marks))
    return next((at for at in near if marks[at].letter == "O"), None)


def texts(said: Saying) -> Iterator[Piece[Held]]:
    """Words of nothing else, in the columns of free text."""
    cued = said.places("P")
    texts = [r for r in said.reading.vocabulary.refs if r.role is Role.TEXT]
    for place, mark in enumerate(said.marks):
        if mark.letter != "~" or len(mark.words) < 4:
            continue
        for ref in texts:
            seen = any(mark.words.lower() in value.lower() for value in seen_in(ref.column))
            of = said.of(ref)
            if not (seen or cued or of):
                continue
            held = Like(field=ref.field, how="contains", words=mark.words)
            features = {
                "text seen": float(seen),
                "text cued": float(bool(cued)),
                "text named": float(bool(of)),
            }
            yield Piece(
                (held, f"{ref.name} contains {mark.words}"),
                "contains",
                {place: 0.8, **cued, **of},
                features,
            )
