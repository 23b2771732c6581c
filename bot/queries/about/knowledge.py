"""What is known about something, with where it is from and since when."""

import re
from datetime import datetime
from typing import Final, Literal

from bot.queries.asking import Asking
from memory.model.base import Model, name_key
from memory.model.work.rule import RuleKind
from memory.recall.keywords import overlap, words
from memory.store.knowledge import notes, rules

READ: Final = 500
SHOWN: Final = 6
QUOTED_CHARS: Final = 220
ENOUGH: Final = 0.5
"""The share of the question's words that something has to hold to be about it."""

_ASKED: Final = re.compile(
    r"\b(?:what|which|where|how|do|did|does|you|know|knows|known|learn|learned|learnt|about|anything|"
    r"something|tell|me|us|from|have|has|facts?|sources?|stored|list|show|project|this|that|here|"
    r"remember|seen|your|our|the|is|are|for|it|all|documents?|on|of|in|and|a|an|can|please)\b"
)


class Known(Model):
    """Something known. `source` is a path, a run's id, or who said it."""

    kind: Literal["fact", "note", "file", "result"]
    title: str
    text: str
    source: str
    at: datetime


class Knowledge(Model):
    """What is known about `topic` ("" for anything): the nearest first; `total` with the rest."""

    topic: str
    known: tuple[Known, ...]
    total: int


async def knowledge(asking: Asking, text: str) -> Knowledge:
    """What the project knows, and what whoever asks told for themselves."""
    asking.must_see()
    topic = " ".join(_ASKED.sub(" ", name_key(text)).replace("?", " ").split()).strip(" .,!'s")
    facts = await rules.known(asking.connection, asking.project, asking.person.key)
    kept = await notes.notes_of(asking.connection, asking.project, limit=READ)
    every = [
        Known(kind="fact", title="", text=fact.text, source=fact.author_name, at=fact.at)
        for fact in facts
        if fact.kind is RuleKind.FACT
    ] + [
        Known(kind=_kind(note.kind), title=note.title, text=note.text, source=note.source, at=note.at)
        for note in kept
    ]  # fmt: skip
    found = _about(topic, every)
    shown = tuple(known.model_copy(update={"text": _passage(topic, known.text)}) for known in found[:SHOWN])  # fmt: skip
    return Knowledge(topic=topic, known=shown, total=len(found))


def _kind(kind: str) -> Literal["note", "file", "result"]:
    match kind:
        case "file":
            return "file"
        case "result":
            return "result"
        case _:
            return "note"


def _about(topic: str, every: list[Known]) -> list[Known]:
    wanted = frozenset(words(topic))
    if not wanted:
        return sorted(every, key=lambda known: known.at, reverse=True)
    scored = [(overlap(wanted, f"{known.title}\n{known.text}"), known) for known in every]
    fit = [(share, known) for share, known in scored if share >= ENOUGH]
    return [known for _, known in sorted(fit, key=lambda pair: (-pair[0], -pair[1].at.timestamp()))]


def _passage(topic: str, text: str) -> str:
    """The sentences around the first word of the topic."""
    plain = " ".join(text.split())
    places = [plain.casefold().find(word) for word in topic.split()]
    place = min((found for found in places if found >= 0), default=0)
    start = max(place - QUOTED_CHARS // 3, 0)
    start = plain.find(" ", start) + 1 if start else 0
    cut = plain[start : start + QUOTED_CHARS]
    return f"{'…' if start else ''}{cut}{'…' if start + QUOTED_CHARS < len(plain) else ''}"
