"""What a reading scores: each of its pieces, and what they make of the words together. Pure.

What each feature counts is fitted on questions of people who never saw the product, see `tests.fitting`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from planner.questions.search.pieces import Piece
from planner.questions.search.saying import Saying

FILE: Final = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class Weights:
    """Of readings beside one another, of the chance that the likeliest is right, and that one of the first is."""

    reading: Mapping[str, float] = field(default_factory=dict)
    trust: Mapping[str, float] = field(default_factory=dict)
    offer: Mapping[str, float] = field(default_factory=dict)


@lru_cache(maxsize=2)
def fitted(*, tried: bool) -> Weights:
    """The fitted weights, of readings that were tried on the files or weren't; a feature that isn't
    there counts nothing.
    """
    return Weights(**json.loads(FILE.read_text(encoding="utf-8"))["tried" if tried else "untried"])


class Weigher:
    """Scores pieces and wholes of one saying."""

    def __init__(self, said: Saying, known: Mapping[str, float], taken: frozenset[int]) -> None:
        self.said = said
        self._known = known
        self.open = {place: held for place, held in said.weights.items() if place not in taken}
        self._scores: dict[int, tuple[Piece[object], float]] = {}
        """By the identity of the piece, which is kept so that no other gets it."""
        self.base = _base_features(said)
        self._start = dot(self.base, known)
        self._lost = {p: self._loss(p) for p in self.open}
        self._binding = said.binding - taken

    def _loss(self, place: int) -> float:
        kind, weight = self.open[place]
        return weight * (self._known.get(f"lost {kind}", -1.0) + self._known.get("lost", 0.0))

    def piece(self, piece: Piece[object]) -> float:
        """What it scores by itself."""
        key = id(piece)
        if key not in self._scores:
            features = features_of(piece, self.said.cues)
            self._scores[key] = (piece, dot(features, self._known))
        return self._scores[key][1]

    def whole(self, pieces: Sequence[Piece[object]]) -> float:
        """What they score together."""
        said = _spoken(pieces, self.said.binding)
        score = self._start + sum(map(self.piece, pieces)) + self._known.get(_shape(pieces), 0.0)
        for place, loss in self._lost.items():
            score += loss * (1.0 - min(1.0, said.words.get(place, 0.0)))
        score += said.again * self._known.get("twice binding", -1.0)
        score += self._binding_lost(said) * self._known.get("binding lost", -2.0)
        return score + said.twice * self._known.get("twice", -0.3)

    def explained(self, features: Mapping[str, float]) -> float:
        """What part of the words that matter a reading speaks for, 0..1."""
        matter = sum(weight for kind, weight in self.said.weights.values() if _matters(kind))
        lost = sum(
            v for name, v in features.items() if name.startswith("lost ") and _matters(name[5:])
        )
        return 1.0 - min(1.0, lost / matter) if matter else 0.0

    def _binding_lost(self, said: "_Spoken") -> float:
        return float(len(self._binding - said.words.keys()))

    def features(self, pieces: Sequence[Piece[object]]) -> dict[str, float]:
        """Everything that `whole` counts, by name."""
        found: dict[str, float] = dict(self.base)
        for piece in pieces:
            for name, value in features_of(piece, self.said.cues).items():
                found[name] = found.get(name, 0.0) + value
        said = _spoken(pieces, self.said.binding)
        found |= {
            _shape(pieces): 1.0, "twice": said.twice, "twice binding": said.again,
            "binding lost": self._binding_lost(said),
        }  # fmt: skip
        for place, (kind, weight) in self.open.items():
            lost = weight * (1.0 - min(1.0, said.words.get(place, 0.0)))
            for name in (f"lost {kind}", "lost"):
                found[name] = found.get(name, 0.0) + lost
        return {name: value for name, value in found.items() if value}


def _matters(kind: str) -> bool:
    return not kind.startswith(("silent", "light"))


@dataclass(frozen=True)
class _Spoken:
    """How much speaks for each word, and how much of that twice; `again`: twice for what narrows."""

    words: Mapping[int, float]
    twice: float
    again: float


def _spoken(pieces: Sequence[Piece[object]], binding: frozenset[int]) -> _Spoken:
    words: dict[int, float] = {}
    twice = again = 0.0
    for piece in pieces:
        for place, sure in piece.words.items():
            if place in words:
                twice += min(words[place], sure)
                again += place in binding
            words[place] = max(words.get(place, 0.0), sure)
    return _Spoken(words, twice, again)


def _base_features(said: Saying) -> dict[str, float]:
    """Whether the rows of the file are what the words are about."""
    others = {
        place for _, places in said.other_rows() for place, sure in places.items() if sure >= 0.6
    }
    own = {place for place, sure in said.rows.items() if sure >= 0.6}
    first = bool(own) and min(own) < min(others, default=99)
    columns = [ref for links in said.links for ref, sure in links.items() if sure >= 0.6]
    here = said.reading.base.path
    return {
        "base named": max(said.rows.values(), default=0.0),
        "base named first": float(first),
        "base not first": float(bool(others) and not first),
        "base columns": min(3.0, float(sum(ref.file.path == here for ref in columns))),
        "base is child": float(any(link.many == here for link in said.reading.files.links)),
        "base is parent": float(any(link.single == here for link in said.reading.files.links)),
    }


def features_of(piece: Piece[object], cues: Iterable[str]) -> dict[str, float]:
    """What is counted of a piece: what is known of it, and each cue beside its kind."""
    found = dict(piece.features)
    found[piece.kind] = 1.0
    if piece.kind not in {"whole rows", "no having"}:
        for cue in cues:
            found[f"{piece.kind} / {cue}"] = 1.0
    return found


def dot(features: Mapping[str, float], known: Mapping[str, float]) -> float:
    """The sum of what the features count."""
    return sum(value * known[name] for name, value in features.items() if name in known)


def _shape(pieces: Sequence[Piece[object]]) -> str:
    figure, by, rank = (piece.kind.split()[0] for piece in pieces[:3])
    return f"shape {figure} {'no' if pieces[1].kind == 'no group' else by} {rank if pieces[2].kind == 'no rank' else pieces[2].kind}"
