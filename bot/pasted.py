"""Secrets that people pasted: in this process's memory alone, until somebody may keep them."""

from collections import OrderedDict
from typing import Final

from memory.privacy.redaction import Found

MOST: Final = 100
"""So many messages' secrets wait at once; of an older one people are asked to paste it again."""


class Pasted:
    """What the boundary took out of messages, by the events' ids."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[Found, ...]] = OrderedDict()

    def hold(self, event: str, found: tuple[Found, ...]) -> None:
        """Hold them until `drop`."""
        self._held[event] = found
        if len(self._held) > MOST:
            self._held.popitem(last=False)

    def of(self, event: str) -> tuple[Found, ...]:
        """What the message held; () where that is gone."""
        return self._held.get(event, ())

    def drop(self, event: str) -> None:
        """Forget them."""
        self._held.pop(event, None)
