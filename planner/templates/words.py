"""A request's words, crossed off one by one as they are understood. Pure."""

from collections.abc import Collection, Iterator, Sequence

from planner.lexicon.tokens import Kind, Token, tokens
from planner.lexicon.verbs import OBJECTS, VERBS, Act

SILENT = frozenset({
    "a", "an", "the", "our", "my", "some", "me", "us", "please", "it", "this", "that", "them", "and",
    "then", "also", "now", "new", "another", "of", "with", "to", "in", "is", "be", "i", "we", "you",
    "want", "need", "like", "would", "can", "could", "will", "should", "let's", "lets", "just", "for",
    "template", "use", "using", "first", "finally", "afterwards", "after", "so", "there", "one", "as",
    "whole", "complete", "full", "short", "quick", "good", "file", "data", "thanks", "hi", "hello",
    "hey", "orchestra", "have", "let", "by", "on", "from", "into", "at", "make", "sure", "project",
    "save", "saved", "store", "put", "write", "create", "prepare", "produce", "generate", "build",
    "compose", "give", "run", "do", "start", "go", "ahead", "get", "set", "i'd", "up", "out",
})  # fmt: skip
"""Words that may be left over: they say nothing about what is wanted beyond the template."""


_GIVES = frozenset({"with", "by", "using", "have", "let", "ask", "via", "use"})
_HEAVY = frozenset({Act.FORBIDDEN, Act.PUBLISH, Act.SAVE, Act.ASK})
_ORDERS = frozenset({"have", "let", "skip", "leave", "add", "aim", "target", "use"})


class Words:
    """The tokens of a text and which of them are understood.

    `names` are those of agents, in small letters: whoever they are given to, an order begins there.
    """

    def __init__(self, text: str, names: frozenset[str] = frozenset()) -> None:
        self.tokens = tokens(text)
        self._plain = [_singular(token.low) for token in self.tokens]
        self.names = names
        self._done: set[int] = set()
        marks = (place for place in range(len(self.tokens)) if self._is_mark(place))
        self._first_mark = next(marks, len(self.tokens))

    def free(self, place: int) -> bool:
        """Whether there is a token at the place that nobody took yet."""
        return 0 <= place < len(self.tokens) and place not in self._done

    def low(self, place: int) -> str:
        """The token at the place in small letters; "" where there is none."""
        return self.tokens[place].low if 0 <= place < len(self.tokens) else ""

    def take(self, start: int, end: int) -> None:
        """Cross off the tokens from start up to end."""
        self._done.update(range(start, end))

    def of_kind(self, kind: Kind) -> Iterator[int]:
        """The places of free tokens of this kind."""
        for place, token in enumerate(self.tokens):
            if token.kind is kind and self.free(place):
                yield place

    def places(self, phrase: Sequence[str]) -> Iterator[int]:
        """Where these words, in any case and number, stand free."""
        last = len(self.tokens) - len(phrase)
        return (place for place in range(last + 1) if self.is_at(phrase, place))

    def find(self, phrase: Sequence[str]) -> int:
        """The first of these places; -1 for nowhere."""
        return next(self.places(phrase), -1)

    def is_at(self, phrase: Sequence[str], place: int) -> bool:
        """Whether these words, in any case and number, stand free at the place."""
        return all(
            self.free(place + offset) and self._plain[place + offset] == _singular(word)
            for offset, word in enumerate(phrase)
        )

    def back(self, place: int, lead: Collection[str]) -> int:
        """Where the run of free words of `lead` begins that ends before the place."""
        while self.free(place - 1) and self.low(place - 1) in lead:
            place -= 1
        return place

    def opens_clause(self, place: int) -> bool:
        """Whether the place is in the first clause, or begins a later one."""
        return place <= self._first_mark or self._is_mark(place - 1)

    def _is_mark(self, place: int) -> bool:
        token = self.tokens[place]
        return token.kind is Kind.MARK and token.text != "="

    def is_order(self, place: int) -> bool:
        """Whether an order begins at the place: a verb with its object, or an agent and a verb."""
        token, after = self.low(place), self.low(place + 1)
        if token in self.names:
            return after.removesuffix("s") in VERBS or self.low(place - 1) in _GIVES
        act = VERBS.get(token)
        return token in _ORDERS or act in _HEAVY or (act is not None and after in OBJECTS)

    def unread(self) -> tuple[tuple[Token, ...], ...]:
        """What is left over and says something, in runs of words that stand together."""
        return tuple(filter(None, map(_stripped, self._runs())))

    def _runs(self) -> Iterator[tuple[Token, ...]]:
        run: list[Token] = []
        for place, token in enumerate(self.tokens):
            if place in self._done or (token.kind is Kind.MARK and token.text in ",;.!?\n"):
                yield tuple(run)
                run = []
            else:
                run.append(token)
        yield tuple(run)


def phrase_of(text: str) -> tuple[str, ...]:
    """A phrase as the words to look for."""
    return tuple(token.low for token in tokens(text.replace("-", " ")))


def _stripped(run: tuple[Token, ...]) -> tuple[Token, ...]:
    """The run without silent tokens at its ends."""
    loud = [place for place, token in enumerate(run) if not _silent(token)]
    return run[loud[0] : loud[-1] + 1] if loud else ()


def _silent(token: Token) -> bool:
    return token.kind is Kind.MARK or (token.kind is Kind.WORD and token.low in SILENT)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
