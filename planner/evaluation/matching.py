"""Putting predictions beside the right answers."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from memory.model.errors import BadInput


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Ours = TypeVar("Ours")
Theirs = TypeVar("Theirs", bound=_Named)


def matched(found: Mapping[str, Ours], gold: Sequence[Theirs]) -> list[tuple[Ours, Theirs]]:
    """Each right answer with what was predicted. Raises BadInput where a case is absent."""
    absent = next((row.id for row in gold if row.id not in found), None)
    if absent is not None:
        raise BadInput(
            "The right answers have a case {absent} that the requests do not have.", absent=absent
        )
    return [(found[row.id], row) for row in gold]
