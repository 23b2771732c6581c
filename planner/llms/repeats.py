"""Drafts of requests that were planned before and come again in the same situation.

They are the same request where the words that carry meaning are the same, in the same order: then
numbers, names and paths are the same, and only politeness differs. Likeness of vectors can't tell
that: "sort by price, then name" and "sort by name, then price" have a cosine of 0.99, and "sort by
price" with and without a "could you please" one of 0.72.
"""

import json
import re
import unicodedata
from typing import Final, NamedTuple, Protocol

from memory.model.base import Digest, ProjectId, canonical_json, sha256
from planner.lexicon.words import word_set
from planner.llms.looking import Look
from planner.port import PlanRequest

KEPT_S: Final = 24 * 3600
"""As long as a plan that waits; the day is part of the situation anyway."""

FREE: Final = {"request", "text", "past", "fitting", "now"}
"""Fields of a request that don't make its situation; its words and its day do in a plainer form."""

_IDLE: Final = word_set(
    "please pls kindly can could would will you me us hey hi hello thanks thank the a an i we want need like to",
    "bitte kannst könntest du mir uns mal danke der die das den ein eine einen ich wir möchte",
    "s'il te vous plaît peux tu pouvez moi nous merci le la les un une je veux por favor puedes el los las una quiero gracias",
)
"""Words that ask for nothing by themselves, in lower case: "US" is a country."""
_PIECE: Final = re.compile(r"[^\s,;:!?()\"“”„]+")


class Repeat(NamedTuple):
    """A draft as it was made, and by whom."""

    draft: str
    author: str


class Shelf(Protocol):
    """Keeps texts by project and key, and forgets them after some time. Survives a restart."""

    async def find(self, project: ProjectId, key: str) -> str:
        """What is kept there, "" for nothing."""
        ...

    async def keep(self, project: ProjectId, key: str, text: str, *, for_s: int) -> None:
        """Keep it for so many seconds."""
        ...


class Repeats:
    """Drafts by project, situation and words. Without a shelf nothing is kept."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf

    async def find(self, request: PlanRequest, situation: str) -> Repeat | None:
        """The draft made of the same request in this situation before."""
        if self._shelf is None:
            return None
        kept = await self._shelf.find(request.project, _key(request, situation))
        return Repeat(*json.loads(kept)) if kept else None

    async def keep(self, request: PlanRequest, situation: str, repeat: Repeat) -> None:
        """Keep a draft that became a plan."""
        if self._shelf is not None:
            key = _key(request, situation)
            await self._shelf.keep(request.project, key, json.dumps(repeat), for_s=KEPT_S)


async def situation_of(request: PlanRequest, eyes: Look | None) -> str:
    """A digest of all that a draft depends on but the words: project and person, day, the contents
    of the files, catalogue, thread, preferences and what was taught.

    "" where that can't be told: files that nobody can look at, or that are too large.
    """
    paths = tuple(file.path for file in request.readable)
    contents = ""
    if paths:
        contents = await eyes.digest(request.project, paths) if eyes is not None else ""
        if not contents:
            return ""
    rest = request.model_dump(mode="json", exclude=FREE)
    return sha256(canonical_json([f"{request.now:%Y-%m-%d}", contents, rest]))


def _key(request: PlanRequest, situation: str) -> Digest:
    """The situation, and the words that carry meaning in their order."""
    words = [word for word in _PIECE.findall(_plain(request.text)) if word not in _IDLE]
    return sha256(canonical_json([situation, list(words)]))


def _plain(words: str) -> str:
    """The words without what makes no difference: spaces, the first letter's case, the last stop.

    Any other capital may be part of a name or a path.
    """
    plain = " ".join(unicodedata.normalize("NFC", words).split()).rstrip(".! ")
    return plain[:1].casefold() + plain[1:]
