"""Which verbs' phrasings are like the words: shared words and letters, and likeness of meaning.

Letters in threes find misspelt words (Salton's vector space model with tf–idf, cosine); vectors of
a small language model find other words for the same thing.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from planner.understanding.spoken import Spoken, spoken
from planner.understanding.utterance import Verb

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

BEST: Final = 3
"""So many of a verb's phrasings speak for it; more would drown a rare way to say it."""
ALIKE: Final = 0.5
"""Words that share this much of their letters in threes are one word, misspelt."""


@dataclass(frozen=True)
class Likeness:
    """How like each verb the words are, 0..1: its nearest phrasing, and the mean of the nearest
    three, by words and by meaning; `strange` is how much of the words none of its phrasings has.
    """

    words: Floats
    words_mean: Floats
    meaning: Floats
    meaning_mean: Floats
    strange: Floats


class Phrasings:
    """All phrasings of some verbs, searchable. `vectors`: one of length 1 for each, if there are."""

    def __init__(self, verbs: Sequence[Verb]) -> None:
        self.verbs = tuple(verbs)
        self.texts = tuple(text for verb in verbs for text in verb.phrasings)
        counts = [len(verb.phrasings) for verb in verbs]
        self.verb_of = np.repeat(np.arange(len(verbs)), counts)
        self._spans = np.cumsum([0, *counts])
        self.read = tuple(spoken(text) for text in self.texts)
        self._places = _Places(self.read)
        self.inverse = self._places.inverse
        self._having = _having(self.read)
        self._by_letters = _by_letters(self._having)
        self.vectors: Floats | None = None

    def likeness(
        self, said: Spoken, vector: Floats | None = None, without: Flags | None = None
    ) -> Likeness:
        """How like each verb it is; phrasings flagged in `without` don't count."""
        by_words = self._by_words(said)
        if vector is None or self.vectors is None:
            by_meaning = np.zeros(len(self.texts), np.float32)
        else:
            # Not `@`: BLAS would wake its threads for half a millisecond of work.
            by_meaning = np.einsum("td,d->t", self.vectors, vector)
        if without is not None:
            by_words = np.where(without, 0, by_words)
            by_meaning = np.where(without, 0, by_meaning)
        words, words_mean = self._best(by_words)
        meaning, meaning_mean = self._best(by_meaning)
        return Likeness(words, words_mean, meaning, meaning_mean, self._strange(said, without))

    def _by_words(self, said: Spoken) -> Floats:
        scores = np.zeros(len(self.texts), np.float32)
        for feature, weight in weighted(said, self.inverse).items():
            places, weights = self._places.of(feature)
            scores[places] += weight * weights
        return scores

    def _best(self, scores: Floats) -> tuple[Floats, Floats]:
        """The best and the mean of the best three of each verb."""
        best = np.zeros(len(self.verbs), np.float32)
        mean = np.zeros(len(self.verbs), np.float32)
        for verb, (start, end) in enumerate(zip(self._spans, self._spans[1:], strict=False)):
            if end > start:
                top = np.sort(scores[start:end])[-BEST:]
                best[verb], mean[verb] = top[-1], top.mean()
        return best, mean

    def _strange(self, said: Spoken, without: Flags | None) -> Floats:
        """The share of the words' weight that is in none of the verb's phrasings."""
        strange, total = np.zeros(len(self.verbs), np.float32), 0.0
        for word in dict.fromkeys(said.words):
            weight = self.inverse.get(word, self.inverse[""])
            total += weight
            places = self._of_word(word)
            if without is not None and len(places):
                places = places[~without[places]]
            unknown = np.ones(len(self.verbs), bool)
            unknown[self.verb_of[places]] = False
            strange[unknown] += weight
        return strange / np.float32(total or 1.0)

    def _of_word(self, word: str) -> NDArray[np.int64]:
        """The phrasings that have the word, or one it may be a slip of."""
        known = self._having.get(word)
        if known is not None or word.startswith("‹") or len(word) < 4:
            return known if known is not None else np.zeros(0, np.int64)
        mine = _letters(word)
        shared = Counter(other for three in mine for other in self._by_letters.get(three, ()))
        near = [
            self._having[other]
            for other, count in shared.items()
            if 2 * count / (len(mine) + len(_letters(other))) >= ALIKE
        ]
        return np.unique(np.concatenate(near)) if near else np.zeros(0, np.int64)


def _features(said: Spoken) -> Counter[str]:
    """Words, pairs of words, and letters in threes."""
    found: Counter[str] = Counter()
    for word in said.words:
        found.update(_of_word(word))
    found.update(_pairs(said.words))
    return found


def _of_word(word: str) -> list[str]:
    return [word] if word.startswith("‹") else [word, *(f"~{three}" for three in _letters(word))]


def _pairs(words: Sequence[str]) -> list[str]:
    return [f"{first} {second}" for first, second in pairwise(words)]


@lru_cache(maxsize=8192)
def _letters(word: str) -> frozenset[str]:
    padded = f"_{word}_"
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def weighted(said: Spoken, weights: Mapping[str, float]) -> dict[str, float]:
    """The features as a vector of length 1."""
    raw = {
        # A word is counted by its letters too; each of these tells only a part of it.
        feature: (1 + math.log(count)) * weights.get(feature, weights[""]) * _share(feature)
        for feature, count in _features(said).items()
    }
    length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
    return {feature: value / length for feature, value in raw.items()}


def _share(feature: str) -> float:
    if feature.startswith("~"):
        return 0.4
    return 0.7 if " " in feature else 1.0


class _Places:
    """Which texts have each feature, and how much it weighs in them: `weighted` for all at once."""

    def __init__(self, read: Sequence[Spoken]) -> None:
        rows, found = self._found(read)
        pairs, counts = np.unique(rows * max(1, len(self._numbers)) + found, return_counts=True)
        rows, found = np.divmod(pairs, max(1, len(self._numbers)))
        texts = np.bincount(found, minlength=len(self._numbers))
        rare = {n: math.log(1 + len(read) / n) for n in set(texts.tolist())}
        self.inverse: Mapping[str, float] = {
            "": math.log(1 + len(read)),
            **{feature: rare[n] for feature, n in zip(self._numbers, texts.tolist(), strict=True)},
        }
        """How much a feature tells; that of one never met stands under ""."""
        shares = np.array([_share(feature) for feature in self._numbers])
        tells = np.array([rare[n] for n in texts.tolist()])
        weights = (1 + np.log(counts)) * tells[found] * shares[found]
        lengths = np.sqrt(np.bincount(rows, weights * weights, minlength=len(read)))
        by_feature = np.argsort(found, kind="stable")
        self._rows = rows[by_feature]
        self._weights = (weights / lengths[rows]).astype(np.float32)[by_feature]
        self._ends = np.cumsum(texts)

    def of(self, feature: str) -> tuple[NDArray[np.int64], Floats]:
        """The texts that have it, and its weight in each."""
        number = self._numbers.get(feature)
        if number is None:
            return self._rows[:0], self._weights[:0]
        start, end = self._ends[number - 1] if number else 0, self._ends[number]
        return self._rows[start:end], self._weights[start:end]

    def _found(self, read: Sequence[Spoken]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every feature of every text, each as often as it's there, and the text it's in."""
        self._numbers: dict[str, int] = {}
        of_word: dict[str, list[int]] = {}
        found: list[int] = []
        lengths = []
        for said in read:
            before = len(found)
            for word in said.words:
                if word not in of_word:
                    of_word[word] = [self._number(feature) for feature in _of_word(word)]
                found += of_word[word]
            found += map(self._number, _pairs(said.words))
            lengths.append(len(found) - before)
        return np.repeat(np.arange(len(read)), lengths), np.array(found, np.int64)

    def _number(self, feature: str) -> int:
        return self._numbers.setdefault(feature, len(self._numbers))


def _having(read: Sequence[Spoken]) -> dict[str, NDArray[np.int64]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, said in enumerate(read):
        for word in dict.fromkeys(said.words):
            found[word].append(number)
    return {word: np.array(numbers, np.int64) for word, numbers in found.items()}


def _by_letters(words: Mapping[str, object]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        if not word.startswith("‹") and len(word) >= 4:
            for three in _letters(word):
                found[three].append(word)
    return found
