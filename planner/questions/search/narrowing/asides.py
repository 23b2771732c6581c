"""What is told beside a question: why it is asked, what is felt about it. Its words ask for nothing. Pure."""

import re

_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")
_REASON = re.compile(
    r",? (?:(?:as|because|since) (?:I|we|he|she|they|it)\b|as [A-Z]\w+ (?:is|was|has|wants|needs|will)\b"
    r"|(?:just )?in case\b|so that (?:I|we)\b|bearing in mind\b|because\b)[^.?!]*(?=[.?!]|$)"
)
_ASKS = re.compile(
    r"\?|\d|\b(?:please|only|without|except|leave|ignore|exclud\w*|includ\w*|count\w*|means?|per|by|each|every|show"
    r"|list|give|tell|sort\w*|total\w*|names?|number|how|which|what|who|like the|want the|need the|not)\b",
    re.IGNORECASE,
)


def to_the_point(words: str) -> str:
    """The words without remarks that follow the question, and without the reasons for it."""
    first, *later = _SENTENCE.split(words)
    kept = [first]
    for sentence in later:
        asked = any("?" in earlier or _ASKS.search(earlier) for earlier in kept)
        if not asked or _ASKS.search(sentence):
            kept.append(sentence)
    short = " ".join(map(_without_reason, kept))
    return short if short.strip() else words


def _without_reason(sentence: str) -> str:
    found = _REASON.search(sentence)
    if found is None or found.start() == 0 or re.search(r"\d", found[0]):
        return sentence
    return sentence[: found.start()] + sentence[found.end() :]
