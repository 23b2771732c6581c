"""Fitting the weights to the phrasings: each is read as if the router had never seen it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from planner.understanding.classifier import FEATURES, Weights, features, possible
from planner.understanding.kinds import KINDS, unseen
from planner.understanding.retrieval import Flags, Floats, Phrasings
from planner.understanding.utterance import Frame, Kind, Scene, Verb

HIDDEN: Final = (0.0, 0.35)
"""Each phrasing is learned from so often, with this share of all others hidden: people's words are
less like ours than ours like ours."""
LEARNT_FROM: Final = 2500
"""So many phrasings, drawn by chance, are enough for a few hundred weights."""
RIDGE: Final = 0.002
STEPS: Final = 250
RATE: Final = 0.2
SEED: Final = 7

_SCENES: Final[tuple[frozenset[Scene], ...]] = (
    frozenset(), frozenset({"plan"}), frozenset({"questions"}), frozenset({"run"}), frozenset({"result"}),
    frozenset({"plan", "result"}), frozenset({"run", "plan"}),
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """The features of every verb, which may be meant, and which was."""

    known: Floats
    may_be: Flags
    verb: int


def fit(phrasings: Phrasings, chosen: NDArray[np.int64] | None = None) -> Weights:
    """Weights for these verbs, learned from all phrasings or from those `chosen`."""
    samples = tuple(_samples(phrasings, chosen))
    wordy = tuple(replace(sample, known=_without_meaning(sample.known)) for sample in samples)
    return Weights(meaning=_fitted(phrasings.verbs, samples), words=_fitted(phrasings.verbs, wordy))


def _without_meaning(known: Floats) -> Floats:
    blind = known.copy()
    blind[:, [number for number, name in enumerate(FEATURES) if "meaning" in name]] = 0
    return blind


def _samples(phrasings: Phrasings, chosen: NDArray[np.int64] | None) -> Iterator[Sample]:
    chance = np.random.default_rng(SEED)
    outside = np.ones(len(phrasings.texts), bool)
    outside[chosen if chosen is not None else slice(None)] = False
    kinds = unseen(phrasings)
    learnt = chance.permutation(np.flatnonzero(~outside))[:LEARNT_FROM]
    for number in learnt:
        verb = phrasings.verbs[phrasings.verb_of[number]]
        vector = phrasings.vectors[number] if phrasings.vectors is not None else None
        for share in HIDDEN:
            hidden = outside | (chance.random(len(outside)) < share)
            hidden[number] = True
            said, frame = phrasings.read[number], _frame(verb, chance)
            like = phrasings.likeness(said, vector, hidden)
            known = features(phrasings.verbs, said, like, frame, kinds[number])
            may_be = possible(phrasings.verbs, frame)
            yield Sample(known, may_be, int(phrasings.verb_of[number]))


def _frame(verb: Verb, chance: np.random.Generator) -> Frame:
    """A state of the thread in which such a thing is said: mostly where it makes sense."""
    fits = [scenes for scenes in _SCENES if scenes & set(verb.scenes)]
    bound = verb.kind in {"change", "answer"}
    among = fits if fits and (bound or chance.random() < 0.8) else _SCENES
    return Frame(scenes=among[int(chance.integers(len(among)))])


def _fitted(verbs: Sequence[Verb], samples: Sequence[Sample]) -> dict[Kind, tuple[float, ...]]:
    """Full-batch Adam on the log loss with a ridge."""
    known = np.stack([sample.known for sample in samples]).astype(np.float32)
    may_be = np.stack([sample.may_be for sample in samples])
    meant = np.array([sample.verb for sample in samples])
    kind_of = np.array([KINDS.index(verb.kind) for verb in verbs])
    weights = np.zeros((len(KINDS), len(FEATURES)))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    rows = np.arange(len(samples))
    for step in range(1, STEPS + 1):
        table = weights[kind_of].astype(np.float32)
        logits = np.where(may_be, np.einsum("ncd,cd->nc", known, table), -np.inf)
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        chance = raised / raised.sum(axis=1, keepdims=True)
        chance[rows, meant] -= 1
        by_verb = np.einsum("nc,ncd->cd", chance, known) / len(samples)
        slope = RIDGE * weights
        np.add.at(slope, kind_of, by_verb)
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        hop = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        weights -= RATE * hop
    return {
        kind: tuple(round(float(value), 4) for value in weights[number])
        for number, kind in enumerate(KINDS)
    }
