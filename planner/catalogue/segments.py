"""A request cut where one thing that is asked for ends and the next begins. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner.experience.actions import shipped_lexicon
from planner.experience.words import stem
from planner.lexicon.words import word_set

_QUOTED = re.compile(
    r'"[^"\n]+"|“[^“”\n]+”|‘[^‘’\n]+’|`[^`\n]+`|(?<!\w)\'[^\'\n]+(?:\'(?=\w)[^\'\n]*){0,5}\'(?!\w)'
)
_CUT = re.compile(
    r"(?P<hard>(?<=[^\s.])[.!?;](?=\s|$)\s*|\n+)"
    r"|(?P<soft>,?\s+(?:and\s+)?(?:then|afterwards|after that|finally|lastly|also)\s+|,\s+(?:and\s+)?|\s+and\s+|\s+&\s+)",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"\b(?:[ap]\.m|e\.g|i\.e|[A-Z]|no|nr|mr|mrs|ms|dr|st|vs|approx|dept|inc|ltd|co)$", re.IGNORECASE
)
"""What has a dot without ending a sentence."""
_LEAD = word_set(
    "please can could would will you kindly i want need to we like i'd let's lets just also now then and",
    "first second secondly next finally lastly afterwards after that once done additionally furthermore",
    "moreover orchestra me us hey hi hello so",
)

_TELLS = re.compile(
    r"(?:(?:the|my|our|his|her|its|their|your|this|that|these|those|a|an)\s+|[A-Z0-9])?[^?]{0,60}?"
    r"\b(?:is|are|was|were|isn't|aren't|has|have|had|should be|will be|must be)\b",
    re.IGNORECASE,
)
"""How a sentence begins that tells: “the address is …”, “they were sent on Monday”."""

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
        short = match[0].startswith(".") and _SHORT.search(text[max(0, start - 12) : start])
        if inside or short or (match["soft"] and not _begins(text[end:], verbs)):
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
    if rest[:1].isdigit():  # "on March 3, 2025"
        return False
    for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", rest[:120].casefold()):
        if word in _LEAD:
            continue
        return lexicon.is_verb(word) or word in _OURS or stem(word) in verbs
    return False


def orders(part: Segment) -> bool:
    """Whether the part asks for something: it doesn't only tell of a thing how it is."""
    first = next(iter(re.findall(r"[^\W\d_]+", part.text)), "").casefold()
    return not (_TELLS.match(part.text) and first not in _LEAD and not part.text.endswith("?"))


def lead_off(words: str) -> str:
    """The words without the courtesies before them."""
    while match := re.match(r"\s*([^\W\d_]+(?:['’][^\W\d_]+)?)[\s,]+", words):
        if match[1].casefold() not in _LEAD:
            break
        words = words[match.end() :]
    return words.strip()
