"""Drafts of requests that were planned before and come again word for word in the same situation."""

import unicodedata
from collections import OrderedDict
from typing import Final, NamedTuple

from memory.model.base import Digest, canonical_json, sha256
from planner.llms.looking import Look
from planner.port import PlanRequest

MOST: Final = 256
"""So many drafts are kept, those used last; they are forgotten with the process."""

FREE: Final = {"request", "text", "past", "fitting", "now"}
"""Fields of a request that don't make its situation; its words and its day do in a plainer form."""


class Repeat(NamedTuple):
    """A draft as it was made, and by whom."""

    draft: str
    author: str


class Repeats:
    """A cache of drafts by the situation they were made in."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Digest, Repeat] = OrderedDict()

    def find(self, situation: str) -> Repeat | None:
        """The draft made in this situation before."""
        found = self._kept.get(Digest(situation))
        if found is not None:
            self._kept.move_to_end(Digest(situation))
        return found

    def keep(self, situation: str, repeat: Repeat) -> None:
        """Keep a draft that became a plan; the one used longest ago goes."""
        self._kept[Digest(situation)] = repeat
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)


async def situation_of(request: PlanRequest, eyes: Look | None) -> str:
    """A digest of all that a draft depends on: project and person, words and day, the contents of
    the files, catalogue, thread, preferences and what was taught.

    "" where that can't be told: files that nobody can look at, or that are too large.
    """
    paths = tuple(file.path for file in request.readable)
    contents = ""
    if paths:
        contents = await eyes.digest(request.project, paths) if eyes is not None else ""
        if not contents:
            return ""
    rest = request.model_dump(mode="json", exclude=FREE)
    day = f"{request.now:%Y-%m-%d}"
    return sha256(canonical_json([_plain(request.text), day, contents, rest]))


def _plain(words: str) -> str:
    """The words without what makes no difference: spaces, the first letter's case, the last stop.

    Any other capital may be part of a name or a path.
    """
    plain = " ".join(unicodedata.normalize("NFC", words).split()).rstrip(".! ")
    return plain[:1].casefold() + plain[1:]
