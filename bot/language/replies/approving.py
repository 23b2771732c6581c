"""Words that approve the plan and say nothing else: `looks good to me, run it`. Pure."""

import re
from typing import Final

from bot.language import phrases
from bot.language.routing.row import words
from planner.lexicon.words import word_set

MOST_CHARS: Final = 120

_CLAUSES: Final = re.compile(r"\s*(?:[,.;!–—\n]+|\b(?:and|so)\b)\s*", re.IGNORECASE)
_FIRM: Final = frozenset(
    words(
        "run, run it, go, go ahead, approve, approved, start, start it, do it, ship it, lgtm, "
        "yes run it, looks good, run the plan, approve it"
    )
)
"""The phrases of `plan.approve` that mean it in the middle of other words, too."""
_YES: Final = re.compile(
    r"^(?:(?:ok|okay|yes|yeah|yep|great|perfect|please|alright|sure|now|then|just)\s+)+"
)
_GLAD: Final = word_set(
    "a alright all as asked awesome brilliant can cheers cool course definitely done exactly excellent fine for "
    "fantastic go good great had happy i i'm in is it it's just like looks looking lot love lovely makes me mean "
    "mind much my need needed nice now of ok okay perfect plan please pretty really right seems sense so sounds "
    "splendid sure super thank thanks that that's the then this to us very wanted was well what with wonderful "
    "works yeah yep yes you"
)
"""Words that only say that one is content, whichever way they are put together."""


def approves(text: str) -> bool:
    """Whether one clause approves and all the others only say that the person is content.

    A question, a condition, a negation or another order has a word that says so, and is no yes.
    """
    if len(text) > MOST_CHARS or "?" in text:
        return False
    said = text.replace("’", "'").casefold()
    clauses = [clause for clause in _CLAUSES.split(said) if clause]
    return any(map(_is_firm, clauses)) and all(_is_firm(each) or is_glad(each) for each in clauses)


def is_glad(text: str) -> bool:
    """Whether the words only say that the person is content."""
    said = re.findall(r"[^\s,.;!]+", text.replace("’", "'").casefold())
    return bool(said) and _GLAD.issuperset(said)


def _is_firm(clause: str) -> bool:
    return phrases.bare(_YES.sub("", clause)) in _FIRM


def is_content(text: str) -> bool:
    """Whether the words only say that one is content, and don't order the start outright."""
    return is_glad(text) and not any(map(_is_firm, _CLAUSES.split(text.casefold())))


def is_thanks(text: str) -> bool:
    """Whether somebody says thanks."""
    return re.search(r"\b(?:thanks?|thx|ty|cheers)\b", text, re.IGNORECASE) is not None
