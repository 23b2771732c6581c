"""Words that are looked for in free text. Pure."""

from collections.abc import Iterator

from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import Role, seen_in
from planner.questions.spec import Like
from planner.questions.words.terms import Ref

LONG = 4
"""How long a word is that texts are searched for."""


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
