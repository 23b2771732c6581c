"""In what order, and how many of it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from planner.questions.readers.ranked import is_sold
from planner.questions.readers.state import Rank
from planner.questions.search.pieces import Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import MEASURES, Role
from planner.questions.words.lexicon import concept
from planner.questions.words.terms import Ref

_SIZES = frozenset({Role.AMOUNT, Role.PRICE, Role.PAY, Role.DURATION, Role.QUANTITY, Role.SCORE})
_SIZED = {
    "max": _SIZES, "min": _SIZES, "price": {Role.PRICE, Role.AMOUNT}, "pay": {Role.PAY, Role.PRICE},
    "length": {Role.DURATION, Role.MEASURED, Role.QUANTITY},
    "weight": {Role.MEASURED, Role.QUANTITY}, "height": {Role.MEASURED},
    "temperature": {Role.MEASURED}, "age": {Role.AGE}, "sold": {Role.AMOUNT, Role.QUANTITY},
}  # fmt: skip
"""What rows are ranked by, where a superlative says nothing else."""


def ranks(said: Saying) -> list[Piece[Rank | None]]:
    """No order, and each that a superlative may mean."""
    first = [*_ranks(said)]
    return [Piece(None, "no rank"), *first, *_both_ends(first), *_sorted(said)]


def _both_ends(found: Sequence[Piece[Rank | None]]) -> Iterator[Piece[Rank | None]]:
    """The first and the last: "the youngest and the oldest patient"."""
    rows = [piece for piece in found if piece.made is not None and piece.made.rows]
    for first, second in combinations(rows, 2):
        a, b = first.made, second.made
        assert a is not None
        assert b is not None
        if a.by == b.by and a.descending != b.descending and a.number == b.number == 1:
            words = {**first.words, **second.words}
            yield Piece(Rank(by=a.by, rows=True, ends=True), "both ends", words, first.features)


def _sorted(said: Saying) -> Iterator[Piece[Rank | None]]:
    """All of it in an order: "sorted by price", "lowest first"."""
    words, up, down = said.places("SUD"), said.places("U"), said.places("D")
    if not words or (up and down):
        return
    by = max(said.places("S"), default=len(said.marks))
    if _is_of_figure(said, by):
        yield Piece(Rank(descending=not up), "ordered groups", words)
    for ref in said.reading.vocabulary.refs:
        of = {place: sure for place, sure in said.of(ref).items() if place > min(words)}
        if of:
            rank = Rank(descending=bool(down), by=ref.field, rows=True)
            link = {"rank link": max(of.values())}
            yield Piece(rank, "ordered rows", {**words, **of}, link)
            groups = replace(rank, rows=False)
            yield Piece(groups, "ordered by group", {**words, **of}, link)


def _is_of_figure(said: Saying, by: int) -> bool:
    """Whether no column but one that is worked with is named behind the place."""
    told = [ref for ref in said.reading.vocabulary.refs if any(p > by for p in said.of(ref))]
    return not told or any(ref.role in MEASURES for ref in told)


def _ranks(said: Saying) -> Iterator[Piece[Rank | None]]:
    for place, mark in enumerate(said.marks):
        if mark.letter not in "TL":
            continue
        number, at = _number(said, place)
        words = {place: 1.0, **at}
        down = mark.letter == "T"
        way = "top" if down else "bottom"
        features = {"rank number said": float(bool(at)), f"rank {mark.carries or 'plain'}": 1.0}
        yield Piece(Rank(descending=down, number=number), f"{way} groups", words, features)
        for ref in said.reading.vocabulary.refs:
            by = _by(said, ref, mark.carries, place)
            if by is None:
                continue
            near, told = by
            turned = told.pop("turned", 0.0)
            rank = Rank(descending=down != bool(turned), number=number, by=ref.field, rows=True)
            yield Piece(rank, f"{way} rows", {**words, **near}, {**features, **told})


def _number(said: Saying, place: int) -> tuple[int, dict[int, float]]:
    for at in (place + 1, place - 1, place - 2):
        number = said.marks[at].number if 0 <= at < len(said.marks) else None
        if number and said.marks[at].letter == "N" and number in range(1, 1000):
            return int(number), {at: 1.0}
    return 1, {}


def _by(
    said: Saying, ref: Ref, carries: str, place: int
) -> tuple[dict[int, float], dict[str, float]] | None:
    """Whether rows may be ranked by the column: the words for it, and what else is known."""
    of, kinds = said.of(ref), {concept(word) for word in ref.words}
    if carries == "sold" and is_sold(said.reading) and ref.file.path == said.reading.base.path:
        return None
    sized = ref.role in _SIZED.get(carries, ()) and ref.column.numeric
    since = (
        ref.role is Role.DATE
        and carries == "length"
        and bool(kinds & _BEGUN or {*ref.words} & _BEGUN)
    )
    dated = since or (ref.role in {Role.DATE, Role.YEAR} and carries in {"date", "age"})
    aged = ref.role is Role.AGE and carries == "date"
    named = bool(of) and ref.column.numeric and ref.role in MEASURES
    reached = bool(of) or ref.file.path == said.reading.base.path
    if not reached or not (sized or dated or aged or named):
        return None
    born = dated and ref.role is Role.DATE and "born" in kinds
    return of, {
        "rank link": max(of.values(), default=0.0),
        "rank sized": float(sized),
        "rank dated": float(dated),
        "rank fits": float(bool(kinds & _MEANT.get(carries, frozenset()))),
        "rank born": float(born),
        "rank since": float(since),
        "rank near": float(any(abs(at - place) <= 2 for at in of)),
        "turned": float(aged or (dated and (carries == "age" or since))),
    }


_MEANT = {
    "length": frozenset({"height", "distance", "duration"}),
    "weight": frozenset({"weight"}),
    "height": frozenset({"height"}),
    "price": frozenset({"price", "cost"}),
}
"""What a column is called that a superlative speaks of."""
_BEGUN = frozenset(
    [
        "start",
        "started",
        "begin",
        "began",
        "joined",
        "since",
        "hired",
        "founded",
        "opened",
        "entry",
        "employed",
        "registered",
        "created",
        "signed",
    ]
)
"""What a date is called since when somebody is there: the longest is the earliest."""
