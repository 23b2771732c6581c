"""The router over the table of actions, as it was fitted."""

from functools import cache

from bot.language.routing.verbs import PROBE, VECTORS, WEIGHTS, verbs
from memory.recall import minilm
from planner.understanding.classifier import Weights
from planner.understanding.kinds import stored
from planner.understanding.router import Router


@cache
def router() -> Router:
    """The one of this process; it loads at the first words, or by `warm`."""
    weights = Weights.model_validate_json(WEIGHTS.read_text(encoding="utf-8"))
    return Router(verbs(), weights, stored(PROBE), minilm.installed, VECTORS)
