"""Short codes that are also words of the language: "from us or uk" is about the country US. Pure."""

import re

from planner.questions.words.lexicon import word_set
from planner.questions.words.terms import Ref, Vocabulary

_ALSO_WORDS = word_set("us it is in no at as do to be by me my or so am pm he")
_LISTED = re.compile(
    r"(?<![\w-])(?P<first>\w{1,30})(?P<between> ?(?:,|/|&| or| and) ?)(?P<second>\w{1,30})(?![\w-])",
    re.IGNORECASE,
)


def coded_words(words: str, vocabulary: Vocabulary) -> str:
    """The words with such a code in capitals where it is listed beside another value of its column."""
    return _LISTED.sub(lambda match: _capital(match, vocabulary), words)


def _capital(match: re.Match[str], vocabulary: Vocabulary) -> str:
    first, second = match["first"], match["second"]
    if {first.lower(), second.lower()} & _ALSO_WORDS and _columns(first, vocabulary) & _columns(
        second, vocabulary
    ):
        first, second = (_spelt(word, vocabulary) for word in (first, second))
    return f"{first}{match['between']}{second}"


def _columns(word: str, vocabulary: Vocabulary) -> set[Ref]:
    found = vocabulary.value(word)
    return {ref for ref, _ in found.values} if found is not None else set()


def _spelt(word: str, vocabulary: Vocabulary) -> str:
    code = word.upper()
    return code if word.lower() in _ALSO_WORDS and vocabulary.spelt(code) else word
