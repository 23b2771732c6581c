"""A request as words of an order: its verb, its nouns, its files, and what tells anything else. Pure."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from memory.model.agents.spec import INSTRUCTED
from memory.model.work.value import FileInfo
from planner.jobs.wording import QUOTED, bare
from planner.lexicon.names import LANGUAGES
from planner.missing import words
from planner.names import is_data
from planner.port import PlanRequest
from planner.questions.words.terms import Vocabulary

MOST_WORDS = 14
"""Longer orders say what they are about."""
_MORE = re.compile(r"[\n;#@$€%]|[.!?:] +\w|https?:")
_TOKEN = re.compile(r"[^\s,;:!?()]+")


@dataclass(frozen=True)
class Said:
    """The words of a request, and what each may be."""

    request: PlanRequest
    line: str

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Its words in small letters, without the full stop."""
        return tuple(word.rstrip(".").casefold() for word in _TOKEN.findall(self.line))

    @cached_property
    def verb(self) -> str:
        """The first word that is no courtesy."""
        return next(
            (
                word
                for word in self.tokens
                if word not in _BEFORE_VERBS and not self.agents_at(word)
            ),
            "",
        )

    @cached_property
    def files(self) -> tuple[FileInfo, ...]:
        """The files that are named, by path, or by what their rows are called."""
        found = [file for word in self.tokens for file in self._file(word)]
        return tuple({file.path: file for file in found}.values())

    @cached_property
    def language(self) -> str:
        """A language that is named."""
        return next((word for word in self.tokens if word in LANGUAGES), "")

    @cached_property
    def agents(self) -> tuple[str, ...]:
        """The agents that are named."""
        return tuple(word for word in self.tokens if self.agents_at(word))

    @property
    def tables(self) -> tuple[FileInfo, ...]:
        """All files with rows that can be read."""
        return tuple(file for file in self.request.readable if file.columns)

    @property
    def texts(self) -> tuple[FileInfo, ...]:
        """All texts that can be read."""
        return tuple(file for file in self.request.readable if not is_data(file.path))

    def has(self, pool: frozenset[str]) -> bool:
        """Whether one of the words is said."""
        return not pool.isdisjoint(self.tokens)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The words that name a column, and not what a row is called."""
        return tuple(
            word
            for word in self.tokens
            if word not in words.FILLERS and not self._file(word) and self._vocabulary.column(word)
        )

    def telling(self, *pools: frozenset[str]) -> tuple[str, ...]:
        """The words that are in none of the pools and say something all the same."""
        known = words.FILLERS.union(*pools)
        return tuple(
            word
            for word in self.tokens
            if word not in known
            and word not in LANGUAGES
            and not word.isdigit()
            and not self._file(word)
            and not self.agents_at(word)
        )

    def agents_at(self, word: str) -> bool:
        """Whether the word is an agent's name."""
        agent = self.request.catalogue.find(word) if word else None
        return agent is not None and agent.kind in INSTRUCTED

    def _file(self, word: str) -> tuple[FileInfo, ...]:
        named = [file for file in self.request.readable if word in names_of(file) and "." in word]
        if named:
            return tuple(named[:1])
        term = self._vocabulary.noun(word)
        return (term.noun,) if term is not None and term.noun is not None else ()

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.tables)


_BEFORE_VERBS = words.FILLERS - frozenset({"like", "best", "better"})


def said(request: PlanRequest) -> Said | None:
    """The request's words; None where it is no single short order, or goes on from one before."""
    if request.base is not None or request.schedule is not None:
        return None
    line = bare(request.text)
    if _MORE.search(line) or QUOTED.search(line):
        return None
    found = Said(request, line)
    goes_on = request.conversation is not None and request.conversation.plan is not None
    if goes_on and found.has(words.POINTING):
        return None  # "it" is what was made before
    return found if 0 < len(found.tokens) <= MOST_WORDS else None


def names_of(file: FileInfo) -> frozenset[str]:
    """What the file may be called: its path, its name, and its name without the ending."""
    path = PurePosixPath(file.path.casefold())
    return frozenset((str(path), path.name, path.stem))
