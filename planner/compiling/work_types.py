"""What type of work a drafted task counts as: as it was drafted, or as the history tells. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from memory.model.agents.routing import TypeGuess, WorkType
from memory.model.base import name_key
from memory.profiles.difficulty import difficulty
from planner.draft import DraftTask
from planner.estimate import TOKENS

UNSAID: Final = "general"
"""What a draft says where it doesn't know the type."""

SURE: Final = 0.6
"""From so sure on, the project's own types go before the usual ones."""


class Reading(NamedTuple):
    """What a task counts as, where the history tells; and which types' records speak for it."""

    work: WorkType | None = None
    shares: Mapping[str, float] = MappingProxyType({})


def reading(drafted: str, guess: TypeGuess | None) -> Reading:
    """The guess, as far as it may stand beside the drafted type.

    A type of the project's own that was drafted was given. One of the usual types, told by a verb
    of the request, gives way only to the project's own: "translate" says what is meant.
    """
    kind = name_key(drafted)
    if guess is None or kind not in TOKENS:
        return Reading()
    shares = {
        name: share
        for name, share in guess.shares.items()
        if name != kind and (kind == UNSAID or name not in TOKENS)
    }
    best = max(shares, key=shares.__getitem__, default="")
    if not best or shares[best] < SURE:
        return Reading(None, shares)
    return Reading(WorkType(name=best, share=round(shares[best], 2), of=guess.of[best]), shares)


def hardness(task: DraftTask) -> float:
    """How hard the task looks, 0..1, as it is put on record."""
    return difficulty(f"{task.title}\n{task.instruction}", len(task.inputs))
