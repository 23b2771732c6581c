"""Whether a task is settled enough to begin. Pure, no model."""

from functools import cache
from importlib.resources import files

from pydantic import ConfigDict

from memory.model.base import Model
from planner.experience.signals import signals


class Judgement(Model):
    """`vague` where work should not begin before somebody answers.

    `score` is the logit: above 0 vague, the further the surer.
    """

    vague: bool
    score: float


class _Weights(Model):
    """What was learnt; how and from what stands in the file's `about`."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    bias: float
    classes: dict[str, str]
    weights: dict[str, float]


class VagueJudge:
    """Judges tasks by learnt weights."""

    def __init__(self, weights: _Weights) -> None:
        self._bias = weights.bias
        self._weights = weights.weights
        self._classes = {
            word: kind for kind, words in weights.classes.items() for word in words.split()
        }

    @property
    def size(self) -> int:
        """How many weights it judges by."""
        return len(self._weights)

    def judge(self, text: str) -> Judgement:
        """The verdict on one task. A text without words is vague."""
        score = self._score(text)
        return Judgement(vague=score > 0, score=round(score, 3))

    def _score(self, text: str) -> float:
        features = signals(text, self._classes)
        if all(name[0] in "~@" for name in features):
            return 9.0
        return self._bias + sum(
            self._weights.get(name, 0.0) * value for name, value in features.items()
        )


@cache
def shipped_judge() -> VagueJudge:
    """The judge with the weights of this package. Cached: they never change."""
    shipped = (files("planner.experience") / "vagueness.json").read_text("utf-8")
    return VagueJudge(_Weights.model_validate_json(shipped))
