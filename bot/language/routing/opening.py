"""The router over the table of actions, as it was fitted."""

from functools import cache
from typing import TYPE_CHECKING

from planner.understanding.utterance import Arguments, Frame, Utterance

if TYPE_CHECKING:
    from planner.understanding.router import Router, Weighed


@cache
def router() -> "Router":
    """The one of this process; it loads at the first words, or by `warm`."""
    from bot.language.routing.verbs import PROBE, VECTORS, WEIGHTS, verbs  # noqa: PLC0415 - as below
    from memory.recall import minilm  # noqa: PLC0415 - as below
    from planner.understanding.classifier import Weights  # noqa: PLC0415 - numpy: few words need it
    from planner.understanding.kinds import stored  # noqa: PLC0415 - as above
    from planner.understanding.router import Router  # noqa: PLC0415 - as above

    weights = Weights.model_validate_json(WEIGHTS.read_text(encoding="utf-8"))
    return Router(verbs(), weights, stored(PROBE), minilm.installed, VECTORS)


class Reader:
    """The router, imported and opened by the first words that are no exact phrase."""

    def weighed(self, said: str, frame: Frame) -> "Weighed":
        """What is meant, as far as that can be told. Blocking."""
        return router().weighed(said, frame)

    def as_verb(
        self, name: str, said: str, frame: Frame, found: Arguments | None = None
    ) -> Utterance:
        """The words as this row of the table. Raises KeyError."""
        return router().as_verb(name, said, frame, found)

    def warm(self) -> None:
        """Load all that reading takes. Blocking."""
        router().warm()
