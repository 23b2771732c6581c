"""What the project's files are about: the nouns in their names and in their columns' names. Pure."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from planner.lexicon.words import word_set

SHORTEST: Final = 3

_OF_THE_BOT: Final = word_set(
    "agent approval approver budget command cost cap draft fact forecast limit member model money owner plan "
    "preference priority project role rule run schedule setting source spend step task template work"
)
"""Nouns that may as well mean something of the bot's own."""
_OF_ANYTHING: Final = word_set(
    "answer day default file folder help list month name note number option person price question report status "
    "time type user week year key code data date value total new old all the and for"
)
"""Nouns that say nothing of a file."""


def things(paths: Iterable[str], columns: Iterable[str]) -> frozenset[str]:
    """The nouns that mean something in these files, as `folded` writes them."""
    stems = [PurePosixPath(path).stem for path in paths]
    words = [word for name in (*stems, *columns) for word in _words(name)]
    return frozenset(
        word for word in words if len(word) >= SHORTEST and word not in _OF_THE_BOT | _OF_ANYTHING
    )


def folded(word: str) -> str:
    """A noun without its plural's ending."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def is_of_the_bot(word: str) -> bool:
    """Whether the noun may mean something of the bot's own."""
    return folded(word) in _OF_THE_BOT


def _words(name: str) -> list[str]:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return [folded(word) for word in re.findall(r"[^\W\d_]+", parted.casefold())]
