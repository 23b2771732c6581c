"""Whether a task is settled enough to begin, and what it leaves open. Pure, no model."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from pydantic import ConfigDict

from memory.model.base import Model
from planner.experience.signals import CHARS_READ, signals

MISSING_SHOWN = 3


class OpenPoint(Model):
    """Something a task does not say, with answers to choose from, the likeliest first."""

    what: str
    options: tuple[str, ...] = ()


class Judgement(Model):
    """`vague` where work should not begin before somebody answers; `missing` is empty otherwise.

    `score` is the logit: above 0 vague, the further the surer.
    """

    vague: bool
    score: float
    missing: tuple[OpenPoint, ...] = ()


class _Weights(Model):
    """What was learnt; how and from what stands in the file's `about`."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    bias: float
    classes: dict[str, str]
    weights: dict[str, float]


class _Slot(OpenPoint):
    """An open point and what in a request settles it: a kind of mark, or a word."""

    marks: str = ""
    words: str = ""


class _Kind(Model):
    """A kind of task, known by its words, and its slots, most important first."""

    words: str
    slots: tuple[_Slot, ...]


class _Frames(Model):
    """Kinds of tasks; `any` serves those of no known kind."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    marks: dict[str, str]
    kinds: tuple[_Kind, ...]
    any: tuple[_Slot, ...]


class VagueJudge:
    """Judges tasks by learnt weights, and names what is missing by hand-written frames."""

    def __init__(self, weights: _Weights, frames: _Frames) -> None:
        self._bias = weights.bias
        self._weights = weights.weights
        self._classes = {
            word: kind for kind, words in weights.classes.items() for word in words.split()
        }
        self._any = frames.any
        self._kinds = [(frozenset(kind.words.split()), kind.slots) for kind in frames.kinds]
        self._marks = {name: _compiled(name, mark) for name, mark in frames.marks.items()}

    @property
    def size(self) -> int:
        """How many weights it judges by."""
        return len(self._weights)

    def judge(self, text: str) -> Judgement:
        """The verdict on one task. A text without words is vague and misses everything."""
        score = self._score(text)
        vague = score > 0
        return Judgement(
            vague=vague, score=round(score, 3), missing=self.open_points(text) if vague else ()
        )

    def open_points(self, text: str, *, most: int = MISSING_SHOWN) -> tuple[OpenPoint, ...]:
        """What a task of this kind usually says and this one does not, vague or not."""
        text = text[:CHARS_READ]
        words = frozenset(re.findall(r"[\w&-]+", text.casefold()))
        slots = self._slots(words)
        absent = [slot for slot in slots if not self._settled(slot, text, words)]
        if not absent and slots is not self._any:
            absent = [slot for slot in self._any if not self._settled(slot, text, words)]
        return tuple(OpenPoint(what=slot.what, options=slot.options) for slot in absent[:most])

    def _score(self, text: str) -> float:
        features = signals(text, self._classes)
        if all(name[0] in "~@" for name in features):
            return 9.0
        return self._bias + sum(
            self._weights.get(name, 0.0) * value for name, value in features.items()
        )

    def _slots(self, words: frozenset[str]) -> Sequence[_Slot]:
        # The first of the best: max keeps the earlier kind where two share as many words.
        kind, slots = max(self._kinds, key=lambda entry: len(entry[0] & words))
        return slots if kind & words else self._any

    def _settled(self, slot: _Slot, text: str, words: frozenset[str]) -> bool:
        marked = slot.marks and self._marks[slot.marks].search(text)
        return bool(marked) or not words.isdisjoint(slot.words.split())


@cache
def shipped_judge() -> VagueJudge:
    """The judge with the weights and frames of this package. Cached: they never change."""
    return VagueJudge(
        _Weights.model_validate_json(_shipped("vagueness.json")),
        _Frames.model_validate_json(_shipped("frames.json")),
    )


def _shipped(name: str) -> str:
    return (files("planner.experience") / name).read_text("utf-8")


def _compiled(name: str, mark: str) -> re.Pattern[str]:
    # A place is known by its capital letter; everything else is read without regard to case.
    return re.compile(mark) if name == "place" else re.compile(mark, re.IGNORECASE)
