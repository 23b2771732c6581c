"""Words that set a quota, such as "quota messages 600 an hour for this channel". Pure."""

import re
from typing import Final

from bot.chat import Incoming
from bot.language.intents import Command, QuotaSet, Unclear
from memory.model.patterns import short
from memory.model.text import sentence
from memory.model.work.quotas import Counted, Scope, read_amount

QUOTA_EXAMPLE: Final = sentence(
    "Say it like `quota messages 600 for this channel`, `quota runs 40`, `quota storage 50 GB` or "
    "`quota plans usual for @ana`."
)
_QUOTA: Final = short(
    r"(?:set\s+)?(?:the\s+)?quota\s+(?:for\s+|of\s+)?(?:open\s+)?(?P<counted>messages|plans|runs|storage)\s+(?:to\s+|=\s*)?"
    r"(?P<most>\S+(?:\s?[kmgt]b)?)(?:\s+(?:an|per|each)\s+hour)?(?:\s+(?:for|in)\s+(?P<whose>\S.*?))?[.!]?",
    re.IGNORECASE,
    most=200,
)
_BEGINS: Final = short(
    r"(?:set\s+)?(?:the\s+)?quota\s+(?:messages|plans|runs|storage)\b", re.IGNORECASE, most=60
)
_WHOSE: Final = {
    "": Scope.PROJECT, "this project": Scope.PROJECT, "the project": Scope.PROJECT,
    "here": Scope.PLACE, "this channel": Scope.PLACE, "the channel": Scope.PLACE,
    "everyone": Scope.INSTALLATION, "everybody": Scope.INSTALLATION, "all": Scope.INSTALLATION,
    "everything": Scope.INSTALLATION, "me": Scope.PERSON,
}  # fmt: skip
WORDS: Final = {
    "none": "none",
    "unlimited": "none",
    "off": "none",
    "usual": "usual",
    "default": "usual",
}


def quota(text: str, incoming: Incoming) -> Command | None:
    """The order, a sentence where its amount or person isn't clear, None for other words."""
    found = _QUOTA.fullmatch(text)
    if found is None:
        return Unclear(say=QUOTA_EXAMPLE) if _BEGINS.match(text) else None
    counted = Counted(found["counted"].lower())
    said = found["most"].casefold()
    most = WORDS.get(said) or read_amount(counted, said)
    whose = " ".join((found["whose"] or "").casefold().split())
    named = whose.startswith(("@", "<@")) and incoming.mentions
    person = incoming.mentions[-1] if named else None  # the first may be the bot, addressed
    scope = Scope.PERSON if person else _WHOSE.get(whose)
    if most is None or scope is None:
        return Unclear(say=QUOTA_EXAMPLE)
    return QuotaSet(counted=counted, most=most, scope=scope, person=person)
