"""What is worth remembering of answers, and what a preference is about. Pure."""

import re
from typing import Final

from memory.model.base import name_key
from memory.model.patterns import short

_GENERAL: Final = frozenset({
    "audience", "audiences", "reader", "readers", "tone", "style", "voice", "format", "formats",
    "length", "language", "languages", "zone", "timezone", "currency", "confidential",
    "confidentiality", "privacy", "secrecy", "units", "unit", "locale", "spelling", "theme",
    "brand", "depth", "level", "detail", "platform", "platforms",
})  # fmt: skip
"""Words of slots whose answers hold for other work too."""

_ONE_OFF: Final = frozenset({
    "path", "file", "folder", "topic", "subject", "title", "name", "url", "link", "date",
    "deadline", "day", "recipient", "to", "output", "target", "source", "sources", "data", "period",
    "quarter", "month", "year", "week",
})  # fmt: skip
"""Words of slots whose answers belong to one request; they win."""

_COLUMN: Final = short(r"^.+\.\w{1,8}:.+ column$")
_TRADES: Final = {
    "draft": "draft", "drafting": "draft", "writing": "draft", "write": "draft",
    "review": "review", "reviewing": "review", "research": "research",
    "researching": "research", "translation": "translate", "translate": "translate",
    "translating": "translate", "summary": "summarise", "summarie": "summarise",
    "summarising": "summarise", "summarizing": "summarise", "analysis": "analyse",
    "analyse": "analyse", "code": "code", "coding": "code",
}  # fmt: skip


def worth_keeping(slot: str) -> bool:
    """Whether the answer to this question holds for other work too.

    Which column a word means is kept with its file; where one result is saved is not kept.
    """
    if _COLUMN.match(slot):
        return True
    words = set(re.findall(r"[a-z]+", name_key(slot.rpartition(":")[2])))
    return bool(words & _GENERAL) and not words & _ONE_OFF


def about(slot: str) -> str:
    """What the slot is about, in words: "audience", "the agent for drafts"."""
    file, colon, rest = slot.rpartition(":")
    if _COLUMN.match(slot):
        return f"“{rest.removesuffix(' column')}” in {file}"
    return (rest if colon else slot).replace("_", " ").replace("-", " ")


def is_about(slot: str, value: str, what: str) -> bool:
    """Whether somebody who says `forget my preference for WHAT` can mean this one."""
    wanted = {_stem(word) for word in re.findall(r"\w+", name_key(what))} - _EMPTY
    kept = {_stem(word) for word in re.findall(r"\w+", name_key(f"{slot} {value}"))}
    return bool(wanted) and wanted <= kept


_EMPTY: Final = frozenset({"the", "a", "my", "our", "for", "of", "use", "always", "about", "that"})


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def trade(word: str) -> str:
    """The type of work that agents do which the word means, "" for none."""
    return _TRADES.get(name_key(word), _TRADES.get(_stem(name_key(word)), ""))
