"""Whether two requests ask for the same but for their literals, and which literal became which. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from planner.experience.words import stem
from planner.lexicon.tokens import Clause, Kind, Token, say, tokens
from planner.lexicon.verbs import LEAD, OBJECTS
from planner.lexicon.words import word_set

LITERALS = frozenset({Kind.PATH, Kind.QUOTED, Kind.NUMBER, Kind.DATE, Kind.URL, Kind.MENTION})
EMPTY = (
    LEAD
    | OBJECTS
    | word_set(
        "a an the of in on for from with and our my me us it into file please is are be there at again",
        "same thanks new",
    )
)
"""Words that may come and go: with or without them the same is asked for."""

ABOUT = word_set("about regarding concerning")
_ENDS = word_set("and then to into for with by")
"""Words that end what it is about."""
_TOPICS = frozenset({Kind.WORD, Kind.NUMBER, Kind.QUOTED})
_SWAPPED = 3
"""So many words may stand for others, where both are names of columns."""


@dataclass(frozen=True)
class Said:
    """A request taken apart: its literals in order, what it is about, and the words that are left."""

    literals: tuple[Token, ...]
    topic: str
    words: tuple[str, ...]


def taken_apart(text: str) -> Said:
    """The request's parts."""
    line = tokens(text)
    topic, start, end = _topic(line)
    rest = line[:start] + line[end:]
    return Said(
        literals=tuple(token for token in rest if token.kind in LITERALS),
        topic=topic,
        words=tuple(
            token.low
            for token in rest
            if token.kind is Kind.WORD and token.low not in EMPTY and token.low not in ABOUT
        ),
    )


def swaps(old: Said, new: Said, *, columns: frozenset[str]) -> Mapping[str, str] | None:
    """What each literal of the old request is in the new one; None where they ask for two things.

    `columns`: names, in small letters, that may stand for one another. Order does not count, every
    other word does: a word too many can be a condition, one too few an effect nobody wants.
    """
    if bool(old.topic) is not bool(new.topic):
        return None
    topic = {old.topic: new.topic} if old.topic != new.topic else {}
    named = _columns(old, new, columns)
    literals = _literals(old.literals, new.literals)
    if named is None or literals is None:
        return None
    return {**topic, **named, **literals}


def _columns(old: Said, new: Said, columns: frozenset[str]) -> Mapping[str, str] | None:
    gone = _beyond(old.words, new.words)
    come = _beyond(new.words, old.words)
    if len(gone) != len(come) or len(gone) > _SWAPPED:
        return None
    if not all(word in columns for word in (*gone, *come)):
        return None
    return dict(zip(gone, come, strict=True))


def _beyond(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words that the others do not have, as often as they lack them."""
    left = Counter(stem(word) for word in others)
    beyond = []
    for word in words:
        key = stem(word)
        if left[key]:
            left[key] -= 1
        else:
            beyond.append(word)
    return beyond


def _literals(old: Sequence[Token], new: Sequence[Token]) -> Mapping[str, str] | None:
    before, after = sorted(old, key=_sort), sorted(new, key=_sort)
    if [_sort(token) for token in before] != [_sort(token) for token in after]:
        return None
    became: dict[str, str] = {}
    for was, now in zip(before, after, strict=True):
        if became.setdefault(was.text, now.text) != now.text:
            return None
        if was.kind is Kind.MENTION and was.text != now.text:
            return None  # another person is another question
    return {was: now for was, now in became.items() if was != now}


def _sort(token: Token) -> tuple[Kind, str]:
    """Literals of one sort may stand for one another: files of one format, numbers, dates."""
    return token.kind, PurePosixPath(token.low).suffix if token.kind is Kind.PATH else ""


def _topic(line: Clause) -> tuple[str, int, int]:
    """What it is about, and where that stands, the cue included."""
    start = next((place for place, token in enumerate(line) if token.low in ABOUT), -1)
    if start < 0:
        return "", 0, 0
    end = start + 1
    while end < len(line) and line[end].kind in _TOPICS and line[end].low not in _ENDS:
        end += 1
    return say(line[start + 1 : end]), start, end
