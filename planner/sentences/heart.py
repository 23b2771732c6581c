"""The part of a message that asks or orders something, without what is told around it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from memory.model.patterns import short
from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.words.lexicon import plain
from planner.questions.words.light import is_light
from planner.questions.words.phrases import FILLER
from planner.questions.words.terms import Vocabulary
from planner.sentences.courtesies import Known, peeled

_QUOTED: Final = re.compile(r"“[^“”]*”|\"[^\"\n]*\"|`[^`\n]*`|https?://\S+")
_END: Final = re.compile(
    r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bSt)(?<!\bNo)(?<!\bvs)(?<!\bCo)(?<!\betc)(?<!\be\.g)(?<!\bi\.e)(?<!\bapprox)(?<!\bincl)(?<!^\d)(?<!\n\d)"
    r"(?:(?<![.!?…])[.!?…]+(?=\s|$)|\n+)"
)
_ITEM: Final = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[a-d]\)|[-*•])\s+")
_QUESTION: Final = r"(?:who|whose|what|whats|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|any|show|list|give|count|find)\b"
_INSIDE: Final = re.compile(
    rf"(?<!\s)\s*(?:[,:–—]|\s-+\s|(?<!\.)\.\.+|,?\s+but\s)\s*+(?={_QUESTION})|(?P<apart>:\s+|\s[-–—]+\s+)",
    re.IGNORECASE,
)
"""Where a question may begin within a sentence."""
_VERBS: Final = (
    r"(?:is|are|was|were|has|have|had|wants?|needs?|asked|asks|says?|said|keeps?|kept|will|would|can|could|should|must|might|comes?|came|goes|went|"
    r"always|never|isn't|aren't|wasn't|doesn't|don't|didn't|can't|couldn't|won't|thinks?|thought|told|gave|sent|got|found|wrote|called|looks?|seems?)"
)
_TELLS: Final = re.compile(
    r"(?:so |and |but |well,? |ok,? |as |since |because |today |yesterday |tomorrow |currently )?(?:"
    r"(?:i|we|he|she|they|it|this|that|there|you|everyone|everybody|nobody|no one|somebody|someone|people|things)(?:'(?:m|re|s|ve|ll|d))?(?=\s|$)|"
    rf"(?:the|my|our|his|her|their|your|a|an)(?: [\w'-]+){{1,4}}? {_VERBS}\b|"
    r"(?:been|not sure|no idea|hope|hoping|doing|preparing|working|writing|getting|going|putting|trying|struggling|need(?:ed)? (?:it|this|a|some)|according to|following up|as you know|as discussed|had a|just had|just got|lost track|thanks? for|thank you for)\b)",
    re.IGNORECASE,
)
"""How a statement begins: somebody, and what they do; or what they are doing."""
_SOCIAL: Final = re.compile(r"\b(?:i|me|my|mine|myself|you|your|u)\b", re.IGNORECASE)
"""Words between the two who talk."""
_ASKS: Final = re.compile(
    rf"\b(?:how (?:many|much|long|often|old)|which|who|whose|what|show|list)\b|^{_QUESTION}",
    re.IGNORECASE,
)
_NARROWS: Final = re.compile(
    r"\b(?:only|just the|except|exclud\w+|ignor\w+|mean|means|meant|refer\w*|count|counts|counted|without|not the|instead|skip|leave out|include|including)\b",
    re.IGNORECASE,
)
"""Statements that say which rows are meant, or what a word means."""
_CONDITION: Final = short(
    r"\b(?:if|unless|in case|should) (?!you\b|possible\b|not too\b)[^.]*\b(?:fail\w*|wrong|error\w*|breaks?|broken|costs?|takes?|is|are|has|have)\b|\botherwise\b",
    re.IGNORECASE,
)
"""Sentences that say what is to be done in some case: orders, whoever they name."""
_TELLING: Final = re.compile(
    r"\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:week|month|year|quarter|today|yesterday|tomorrow)\b",
    re.IGNORECASE,
)


_BESIDES: Final = re.compile(
    r"\s*(?:and )?(?:also|plus|then|next|finally|lastly|second\w*|third\w*|another|one more|last)\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,2}")
"""What may be a signature behind a greeting."""


@dataclass(frozen=True)
class Heart:
    """What is asked or ordered, and what else was said that names a number, a time or a thing."""

    words: str
    left_out: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """What was left out, for people."""
        return tuple(text("I left out: “{words}”.", words=words[:200]) for words in self.left_out)


@dataclass(frozen=True)
class _Sentence:
    words: str
    end: str
    listed: bool = False
    """It is an item of a list."""


def heart(words: str, known: Known) -> Heart:
    """The questions and orders of a message; all of it where it holds none.

    `known`: whether words name something in the files. Statements that may narrow what is asked stay.
    """
    left: list[str] = []
    kept: list[_Sentence] = []
    closed = False
    for sentence in _sentences(words):
        rest, reasons = peeled(sentence.words, known)
        if closed and _is_name(rest, known):
            continue
        closed = not rest
        told, asked = _told_before(rest, known)
        left += [said for said in (*reasons, told) if _matters(said, known)]
        if asked and not _is_told(asked, known):
            besides = "also " if kept and _goes_on(sentence) else ""
            kept.append(_Sentence(besides + asked, sentence.end))
        elif _matters(asked, known):
            left.append(asked)
    if not kept:
        return Heart(words)
    said = " ".join(f"{sentence.words}{sentence.end}" for sentence in kept)
    return Heart(said.strip(), tuple(dict.fromkeys(left)))


def _is_name(words: str, known: Known) -> bool:
    """Whether it's the name below a closing word, rather than something in the files."""
    return _NAME.fullmatch(words) is not None and not known(words)


def _goes_on(sentence: _Sentence) -> bool:
    """Whether it asks for something besides what was asked before."""
    return sentence.listed or _BESIDES.match(sentence.words) is not None


def heart_of(words: str, files: Sequence[FileInfo]) -> Heart:
    """The heart of a message about these files: what they hold may matter."""
    vocabulary = Vocabulary(tuple(file for file in files if file.columns))
    return heart(words, partial(_names_something, vocabulary))


def _names_something(vocabulary: Vocabulary, words: str) -> bool:
    """Whether some words are a value, a column or the rows of a file."""
    said = plain(words).split()
    runs = {" ".join(said[at : at + n]) for n in (1, 2, 3) for at in range(len(said) - n + 1)}
    return any(
        vocabulary.value(run) or vocabulary.is_name(run) or vocabulary.noun(run)
        for run in runs
        if not is_light(run) and run not in FILLER
    )


def _sentences(words: str) -> Iterator[_Sentence]:
    start = 0
    for match in (*_ends(words), None):
        said = words[start : match.start() if match else len(words)]
        end = (match[0].strip(" \n")[:1] or "\n") if match else ""
        if said.strip():
            yield _Sentence(_ITEM.sub("", said), end, listed=bool(_ITEM.match(said)))
        start = match.end() if match else start


def _ends(words: str) -> list[re.Match[str]]:
    """Where sentences end; not within quotes."""
    quoted = [match.span() for match in _QUOTED.finditer(words)]
    return [
        match
        for match in _END.finditer(words)
        if not any(begin <= match.start() < end for begin, end in quoted)
    ]


def _told_before(words: str, known: Known) -> tuple[str, str]:
    """ "I've lost track, how many …": what is told before the question within a sentence."""
    for match in _INSIDE.finditer(words):
        told, asked = words[: match.start()], words[match.end() :]
        begins = not match["apart"] or not known(told)
        if begins and _is_told(told, known) and (match["apart"] or _ASKS.search(asked)):
            return told, peeled(asked, known).words
    return "", words


def _is_told(words: str, known: Known) -> bool:
    """Whether it is a statement that has nothing to do with what is asked."""
    if _NARROWS.search(words) or _CONDITION.search(words) or known(words):
        return False
    return bool(_TELLS.match(words) or (_SOCIAL.search(words) and not _ASKS.search(words)))


def _matters(words: str, known: Known) -> bool:
    return bool(words) and (bool(_TELLING.search(words)) or known(words))
