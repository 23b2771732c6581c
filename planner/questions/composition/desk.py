"""What is being put together: the pieces, which of them are used, and what they gave."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from planner.questions.composition.pieces import By, Piece
from planner.questions.readers.state import Reading
from planner.questions.spec import Measure
from planner.questions.words.marks import Mark

P = TypeVar("P", bound=Piece)


@dataclass
class Desk:
    """The pieces of one question while they are put together."""

    reading: Reading
    marks: Sequence[Mark]
    pieces: list[Piece]
    used: list[Piece] = field(default_factory=list)
    ordering: By | None = None
    """ "by revenue": what a superlative or an order goes by."""
    divisor: By | None = None
    """ "per kilo": what a figure is divided by."""
    worked: list[tuple[Measure, Piece]] = field(default_factory=list)
    """Each figure with the piece it comes from."""
    averaged: list[Piece] = field(default_factory=list)
    """ "per customer" of an average number: divided by, no group."""

    def of(self, kind: type[P]) -> list[P]:
        """The pieces of this kind that nobody has used yet."""
        return [p for p in self.pieces if isinstance(p, kind) and p not in self.used]

    def use(self, *pieces: Piece | None) -> None:
        """These are claimed."""
        self.used += [piece for piece in pieces if piece is not None and piece in self.pieces]

    def swap(self, old: Piece, new: Piece) -> None:
        """The piece is read otherwise."""
        self.pieces[self.pieces.index(old)] = new

    def divides(self, piece: Piece) -> bool:
        """Whether an average number is divided by it."""
        return piece in self.averaged

    def nearest(self, place: int, pieces: Sequence[P]) -> P | None:
        """The piece that stands nearest to the place, of two the one behind it."""
        return min(pieces, key=lambda p: (_gap(p, place), p.start < place), default=None)


def _gap(piece: Piece, place: int) -> int:
    return piece.start - place if piece.start >= place else place - piece.end + 1
