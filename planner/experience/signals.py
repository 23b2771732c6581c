"""What a request shows of how settled it is: the features behind the judgement of vagueness."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from math import log, log1p, sqrt

from planner.experience.words import stem

CHARS_READ = 4000
"""The rest of a long request changes no feature that counts."""

_WORD = re.compile(r"[^\W_][\w'+#-]*")
_SENTENCE_END = re.compile(r"[.?!](?:\s|$)")
_QUOTED = re.compile(r"['\"‘“]\w[^'\"‘“]*['\"’”]")
_TOP_N = re.compile(r"top (?:\d+|two|three|five|ten)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ARTICLE = re.compile(r"\w+ (?:me )?(?:a|an|some) ")
_DEFINITE = re.compile(r"\w+ (?:me |for |out )?the ")
_OF_NAME = re.compile(r"\b(?:of|in|by|for|about) (?:the )?[A-Z]")
_FOR_SOME = re.compile(r"\b(?:for|from|in|of|on|to) (?:an?|my) ")
_ENDS_IN_FIGURE = re.compile(r"\d\W*$")
_SELF = frozenset(["I", "I'm", "I'd", "I've", "I'll"])


def signals(text: str, classes: Mapping[str, str]) -> dict[str, float]:
    """Features by name: `~` shape, `@` word classes (`classes` maps a word to its class), grams.

    Word features are scaled so that a long request has no more of them in all than a short one.
    """
    text = text.strip()[:CHARS_READ]
    words = _WORD.findall(text)
    features = {f"~{name}": value for name, value in _shape(text, words).items() if value}
    kinds = Counter(classes[word.casefold()] for word in words if word.casefold() in classes)
    features |= {f"@{kind}": min(count, 3) / 2 for kind, count in kinds.items()}
    grams = _grams(words)
    length = sqrt(sum(grams.values()) or 1)
    return features | {name: (1 + log(count)) / length for name, count in grams.items()}


def _grams(words: list[str]) -> Counter[str]:
    plain = [stem(word.casefold()) for word in words]
    grams = Counter(plain)
    grams.update(f"{first} {second}" for first, second in pairwise(plain))
    low = [word.casefold() for word in words]
    for size in (1, 2, 3):
        if len(low) >= size:
            grams["^" + " ".join(low[:size])] = 1
    if plain:
        grams[f"{plain[-1]}$"] = 1
    return grams


def _shape(text: str, words: list[str]) -> dict[str, float]:
    low = text.casefold()
    count = len(words)
    names = [word for word in words[1:] if word[0].isupper() and word not in _SELF]
    return {
        "length": min(count, 40) / 20,
        "length squared": (min(count, 40) / 20) ** 2,
        "length log": log1p(count) / 3,
        "word length": sum(map(len, words)) / max(1, count) / 6,
        "names": min(len(names), 4) / 2,
        "a name": float(bool(names)),
        "figure": float(any(char.isdigit() for char in text)),
        "year": float(bool(_YEAR.search(text))),
        "money": float("$" in text or "€" in text),
        "quoted": float(bool(_QUOTED.search(text))),
        "top n": float(bool(_TOP_N.search(low))),
        "question": float(text.endswith("?")),
        "sentences": min(len(_SENTENCE_END.findall(text)), 3) / 2,
        "commas": min(text.count(","), 4) / 2,
        "ands": min(sum(word.casefold() == "and" for word in words), 3) / 2,
        "article": float(bool(_ARTICLE.match(low))),
        "definite": float(bool(_DEFINITE.match(low))),
        "of a name": float(bool(_OF_NAME.search(text))),
        "for some": float(bool(_FOR_SOME.search(low))),
        "figure last": float(bool(_ENDS_IN_FIGURE.search(text))),
    }
