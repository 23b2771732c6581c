"""Text to features: stems for matching descriptions, n-grams for learning from past requests."""

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

_STOP = frozenset({
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "by", "can",
    "could", "do", "does", "find", "for", "from", "get", "have", "help", "i", "if", "in", "into",
    "is", "it", "its", "like", "me", "my", "need", "of", "on", "once", "or", "our", "please",
    "provide", "so", "tell", "that", "the", "then", "this", "to", "use", "using", "want", "we",
    "what", "which", "will", "with", "would", "you", "your",
})  # fmt: skip
_ENDINGS = (
    "ization", "ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s", "e",
    "al", "ment", "ion",
)  # fmt: skip
_MIN_STEM = 4
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")
_SPLIT = re.compile(
    r"(?<=[.!?;])\s+|,?\s+(?:and then|after that|then|finally|also|additionally|lastly|next)\b"
)


def stems(text: str) -> list[str]:
    """The words that carry meaning, cut to a common stem; camelCase and snake_case are split."""
    return [stem(word) for word in split_names(text) if len(word) > 1 and carries_meaning(word)]


def split_names(text: str) -> list[str]:
    """All words of a text or name in small letters; camelCase and snake_case are split."""
    return _WORD.findall(_HUMP.sub(" ", text).casefold())


def carries_meaning(word: str) -> bool:
    """Whether a word in small letters is more than grammar."""
    return word not in _STOP


def clauses(text: str) -> list[str]:
    """The parts of a request that each ask for one thing; at least the whole of it."""
    parts = [part for part in _SPLIT.split(text) if len(stems(part)) > 1]
    return parts or [text]


def ngrams(text: str) -> Counter[str]:
    """Words, pairs of words and runs of four letters, with their counts; figures become `#`."""
    tokens = re.findall(r"[^\W\d_]+|\d+", text.casefold())
    words = ["#" if token.isdigit() else token for token in tokens]
    features = Counter(words)
    features.update(f"{first} {second}" for first, second in pairwise(words))
    for word in words:
        framed = f"^{word}$"
        features.update("~" + framed[at : at + 4] for at in range(len(framed) - 3))
    return features


@lru_cache(65_536)
def stem(word: str) -> str:
    """The word without its ending, where enough of it is left."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            return word.removesuffix(ending)
    return word
