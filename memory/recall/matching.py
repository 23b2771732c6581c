"""Which candidates fit: likeness of the vectors, corrected by the words they share. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from memory.recall.keywords import KeywordEmbedder, overlap, similarity, words
from memory.recall.port import Embedder
from memory.recall.sources import Entry

WORDS_WEIGHT = 0.3
"""What shared words count for in a score; likeness counts for the rest."""

ENOUGH_WORDS = 0.5
"""A candidate with half the words stays, whatever its vector says."""


class Match(NamedTuple):
    """An entry, the passage of it that fits best, and how well: 0..1."""

    entry: Entry
    passage: str
    score: float


def scanned(text: str, entries: Sequence[Entry]) -> list[tuple[Entry, float]]:
    """Entries that are in no index, with their likeness by keywords; those without any go."""
    wanted = frozenset(words(text))
    sharing = [
        (entry, passage)
        for entry in entries
        for passage, share in [_best_passage(wanted, entry)]
        if share > 0
    ]
    embedder = KeywordEmbedder()
    (asked,) = embedder.embed([text])
    return [
        (entry, similarity(asked, embedder.embed([f"{entry.title}\n{passage}"])[0]))
        for entry, passage in sharing
    ]


def best(
    text: str, candidates: Sequence[tuple[Entry, float]], embedder: Embedder, *, limit: int
) -> list[Match]:
    """The candidates that fit by the embedder's floors, best first; of equals the newer first."""
    wanted = frozenset(words(text))
    matches = []
    for entry, likeness in candidates:
        passage, share = _best_passage(wanted, entry)
        floor = embedder.floor if share else embedder.wordless_floor
        if share >= ENOUGH_WORDS or likeness >= floor:
            score = (1 - WORDS_WEIGHT) * likeness + WORDS_WEIGHT * share
            matches.append(Match(entry, passage, min(1.0, max(0.0, score))))
    matches.sort(key=lambda match: (-match.score, -match.entry.seq))
    return matches[:limit]


def _best_passage(wanted: frozenset[str], entry: Entry) -> tuple[str, float]:
    shares = [overlap(wanted, f"{entry.title}\n{passage}") for passage in entry.passages]
    place = max(range(len(shares)), key=shares.__getitem__)
    return entry.passages[place], shares[place]
