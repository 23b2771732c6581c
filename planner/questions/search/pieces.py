"""A part of what may be asked, and what in the words speaks for it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from planner.questions.spec import Filter

Made = TypeVar("Made", covariant=True)
Held = tuple[Filter, str]
"""A condition, and how it is said."""


@dataclass(frozen=True)
class Piece(Generic[Made]):
    """Something that may be part of what is asked.

    `kind` is what the cues of the language speak for or against, `words` how much of each mark speaks
    for it, `features` what else is known of it.
    """

    made: Made
    kind: str
    words: Mapping[int, float] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)


def surely(words: Mapping[int, float]) -> set[int]:
    """The places of the words that hardly mean anything else."""
    return {place for place, sure in words.items() if sure >= 0.5}
