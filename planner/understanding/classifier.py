"""Likeness, arguments and the frame into the chance of each verb: a conditional logit.

Every verb is measured by the same features, so a new verb needs no training (McFadden 1974). The
weights are fitted by `planner.understanding.training` and differ only by kind of verb.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from memory.model.base import Model
from planner.lexicon.verbs import VERBS
from planner.understanding.arguments import arguments, missing
from planner.understanding.kinds import KINDS
from planner.understanding.retrieval import Flags, Floats, Likeness
from planner.understanding.spoken import FILE, MONEY, NUMBER, PERSON, QUOTED, Spoken
from planner.understanding.utterance import ArgumentKind, Frame, Kind, Verb

FEATURES: Final = (
    "bias", "words", "words_mean", "meaning", "meaning_mean", "words_squared", "meaning_squared",
    "strange", "length", "long", "missing", "unexpected", "file", "here", "elsewhere",
    "orders", "asks", "you", "meaning_kind",
)  # fmt: skip
_TAKEN: Final[dict[str, tuple[ArgumentKind, ...]]] = {
    MONEY: ("amount", "text"), PERSON: ("person", "text"), QUOTED: ("name", "text"),
    FILE: ("text",), NUMBER: ("number", "dates", "text"),
}  # fmt: skip
"""What may take a thing of each type."""

_ASKING: Final = frozenset(
    [
        "who",
        "what",
        "which",
        "why",
        "how",
        "when",
        "where",
        "is",
        "are",
        "do",
        "does",
        "did",
        "can",
        "may",
        "will",
        "has",
        "have",
        "was",
    ]
)
_BOT: Final = frozenset({"you", "your", "yourself"})


class Weights(Model):
    """A weight for each kind of verb and feature: with a language model, and with words alone."""

    meaning: dict[Kind, tuple[float, ...]]
    words: dict[Kind, tuple[float, ...]]

    def table(self, verbs: Sequence[Verb], *, meaning: bool) -> Floats:
        """The weights of each verb."""
        of = self.meaning if meaning else self.words
        return np.array([of[verb.kind] for verb in verbs], np.float32)


def features(
    verbs: Sequence[Verb], said: Spoken, like: Likeness, frame: Frame, kinds: Floats
) -> Floats:
    """What is known of each verb, in the order of FEATURES. `kinds`: how likely each kind is."""
    found, length = arguments(said.text, frame.agents), math.log1p(len(said.words))
    lacks = [len(missing(verb.takes, found)) for verb in verbs]
    types = said.types
    more = [_unexpected(verb, types) for verb in verbs]
    here = [bool(frame.scenes & set(verb.scenes)) for verb in verbs]
    elsewhere = [bool(verb.scenes) and not inside for verb, inside in zip(verbs, here, strict=True)]
    count, first = len(verbs), next(iter(said.words), "")
    you = bool(_BOT.intersection(said.words))
    columns = (
        np.ones(count), like.words, like.words_mean, like.meaning, like.meaning_mean,
        like.words**2, like.meaning**2, like.strange,
        np.full(count, length), np.full(count, max(0.0, length - math.log1p(12))),
        np.array(lacks), np.array(more), np.full(count, FILE in said.types),
        np.array(here), np.array(elsewhere),
        np.full(count, first in VERBS), np.full(count, first in _ASKING), np.full(count, you),
        kinds[[KINDS.index(verb.kind) for verb in verbs]],
    )  # fmt: skip
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def possible(verbs: Sequence[Verb], frame: Frame) -> Flags:
    """Whether each verb can be meant at all: without a plan there's nothing to change."""
    bound = {"change", "answer"}
    return np.array(
        [verb.kind not in bound or bool(frame.scenes & set(verb.scenes)) for verb in verbs]
    )


def chances(table: Floats, known: Floats, may_be: Flags, more: Floats) -> Floats:
    """The chance of each verb; they sum to 1. `more` is added to the logits."""
    logits = np.where(may_be, (table * known).sum(axis=1) + more, -np.inf)
    raised = np.exp(logits - logits.max())
    chance: Floats = raised / raised.sum()
    return chance


def _unexpected(verb: Verb, types: frozenset[str]) -> int:
    """How many types of things are named that the verb takes nothing of."""
    return sum(
        not any(verb.wants(kind) for kind in kinds)
        for mark, kinds in _TAKEN.items()
        if mark in types
    )
