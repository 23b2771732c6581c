"""A request cut where one thing that is asked for ends and the next begins. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner.experience.actions import shipped_lexicon
from planner.experience.words import stem
from planner.lexicon.words import word_set

_QUOTED = re.compile(r'"[^"\n]+"|“[^”\n]+”|‘[^’\n]+’|`[^`\n]+`|(?<!\w)\'[^\n]+?\'(?!\w)')
_CUT = re.compile(
    r"(?P<hard>(?<=[^\s.])[.!?;](?=\s|$)\s*|\n+)"
    r"|(?P<soft>,?\s+(?:and\s+)?(?:then|afterwards|after that|finally|lastly|also)\s+|,\s+(?:and\s+)?|\s+and\s+|\s+&\s+)",
    re.IGNORECASE,
)
_LEAD = word_set(
    "please can could would will you kindly i want need to we like i'd let's lets just also now then and",
    "first second secondly next finally lastly afterwards after that once done additionally furthermore",
    "moreover orchestra me us hey hi hello so",
)

_OURS = word_set(
    "save store put keep summarise summarize publish chart plot draw append attach total load"
)
"""Verbs of the built-in tools that aren't verbs of tools in general."""


@dataclass(frozen=True)
class Segment:
    """A part of the request, and where it stands."""

    text: str
    start: int
    end: int


def segments(text: str, verbs: frozenset[str]) -> tuple[Segment, ...]:
    """The parts in order; `verbs` are stems that begin one besides those everybody knows."""
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    cuts = [0]
    ends = []
    for match in _CUT.finditer(text):
        start, end = match.span()
        inside = any(begun < end and start < over for begun, over in quotes)
        if inside or (match["soft"] and not _begins(text[end:], verbs)):
            continue
        ends.append(start)
        cuts.append(end)
    ends.append(len(text))
    return tuple(_trimmed(text, cuts, ends))


def _trimmed(text: str, cuts: list[int], ends: list[int]) -> Iterator[Segment]:
    for start, end in zip(cuts, ends, strict=True):
        words = text[start:end]
        begin = start + len(words) - len(words.lstrip())
        stop = start + len(words.rstrip())
        if any(char.isalnum() for char in text[begin:stop]):
            yield Segment(text[begin:stop], begin, stop)


def _begins(rest: str, verbs: frozenset[str]) -> bool:
    """Whether an order begins here: its first word that says anything is a verb."""
    lexicon = shipped_lexicon()
    for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", rest[:120].casefold()):
        if word in _LEAD:
            continue
        return lexicon.is_verb(word) or word in _OURS or stem(word) in verbs
    return False


def lead_off(words: str) -> str:
    """The words without the courtesies before them."""
    while match := re.match(r"\s*([^\W\d_]+(?:['’][^\W\d_]+)?)[\s,]+", words):
        if match[1].casefold() not in _LEAD:
            break
        words = words[match.end() :]
    return words.strip()
