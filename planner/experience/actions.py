"""The actions a request asks for, in order: what to do (a family of verbs) to what (its words)."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from pydantic import ConfigDict

from memory.model.base import Model
from planner.experience.words import carries_meaning, stem

LOOK_UP = "look up"
CHARS_READ = 8000
"""What tools a request needs is said in its first pages."""

_TOKEN = re.compile(r"[^\W\d_][^\W\d_'-]*(?:['-][^\W\d_]+)*|[.;!?,]")
_QUOTED = re.compile(r"(?<!\w)['\"‘“]([^'\"‘’“”]+(?:'s[^'\"‘’“”]+){0,5}+)['\"’”](?!\w)")
_FILE = re.compile(r"\b[\w-]{1,80}\.(?:txt|docx?|pdf|csv|md|xlsx?|log|json)\b", re.IGNORECASE)
_MEDIA = {
    "image": re.compile(r"\b[\w-]{1,80}\.(?:jpe?g|png|gif|webp|svg|bmp)\b", re.IGNORECASE),
    "audio": re.compile(r"\b[\w-]{1,80}\.(?:wav|mp3|ogg|flac|m4a)\b", re.IGNORECASE),
    "video": re.compile(r"\b[\w-]{1,80}\.(?:mp4|mov|avi|mkv|webm)\b", re.IGNORECASE),
}
_PATH = re.compile(r"(?<=\s)[\w.:~-]{0,80}[/\\][\w./\\-]+")
_HALF_DAY = re.compile(r"\b([ap])\.m\.?", re.IGNORECASE)
_INNER_DOT = re.compile(r"(?<=\w)\.(?=\w)")
_LOG_IN = re.compile(r"\blog(?:ging|ged)?[- ](?:in|into|on)\b", re.IGNORECASE)
_CHECK_IN = re.compile(r"\b(check|sign|take)[- ](in|out|off)\b", re.IGNORECASE)
_ENDS = frozenset(".;!?")
_NAME_WORDS = 3
"""A longer quotation is content to write, not the name of something."""
_DOUBLED = 7


class _Family(Model):
    verbs: str
    nouns: str


class _Words(Model):
    model_config = ConfigDict(extra="ignore", frozen=True)
    families: dict[str, _Family]
    telling_verbs: str
    finders: str
    faint: str
    leads: str
    turns: str
    synonyms: tuple[str, ...]


class Action(Model):
    """Something a request asks for: families of its verbs, and all its words, verbs included."""

    families: frozenset[str]
    words: tuple[str, ...]


class Lexicon:
    """Which words ask for which kind of action, and which words may stand for one another."""

    def __init__(self, words: _Words) -> None:
        self.families = tuple(words.families)
        self._verbs: dict[str, str] = {}
        self._nouns: dict[str, str] = {}
        for name, family in words.families.items():
            for verb in family.verbs.split():
                for form in _forms(verb):
                    self._verbs.setdefault(form, name)
            for noun in family.nouns.split():
                self._nouns.setdefault(noun, name)
        self._telling = _stems(words.telling_verbs)
        self._families: dict[str, set[str]] = {}
        for word, name in (*self._verbs.items(), *self._nouns.items()):
            self._families.setdefault(stem(word), set()).add(name)
        self._acting = {stem(word) for word in (*self._verbs, *self._nouns)}
        self._faint = _stems(words.faint)
        self._leads = frozenset(words.leads.split()) | _ENDS | {","}
        self._turns = frozenset(words.turns.split())
        self._finders = _stems(words.finders)
        self._synonyms: dict[str, set[str]] = {}
        for group in words.synonyms:
            for root in _stems(group):
                self._synonyms.setdefault(root, set()).update(_stems(group) - {root})

    def family_of(self, name: list[str], description: list[str]) -> tuple[str, frozenset[str]]:
        """The family a tool belongs to ("" if none shows), and all that its words hint at.

        `name` is given with its most telling words first.
        """
        named = [self._nouns.get(word) or self._verbs.get(word) for word in name]
        described = [self._verbs.get(word) or self._nouns.get(word) for word in description]
        families = [family for family in (*named, *described) if family]
        return next(iter(families), ""), frozenset(families)

    def finds(self, words: Iterable[str]) -> bool:
        """Whether a tool of this name finds what is on offer, not what someone has already."""
        return not self._finders.isdisjoint(stem(word) for word in words)

    def is_verb(self, word: str) -> bool:
        """Whether the word, in small letters, can begin an order."""
        return word in self._verbs or stem(word) in self._telling

    def family_of_verb(self, word: str) -> str:
        """The family of a verb in small letters; "" where it has none."""
        return self._verbs.get(word, "")

    def families_of(self, root: str) -> frozenset[str]:
        """The families that words of this stem belong to."""
        return frozenset(self._families.get(root, ()))

    def is_faint(self, root: str) -> bool:
        """Whether the stem says next to nothing about which tool is wanted."""
        return root in self._faint

    def is_acting(self, root: str) -> bool:
        """Whether the stem names an action, not a thing."""
        return root in self._acting

    def names_thing(self, word: str) -> bool:
        """Whether the word is about a thing: not an action, not faint, not grammar."""
        root = stem(word)
        return (
            carries_meaning(word)
            and len(word) > 1
            and root not in self._acting
            and root not in self._faint
        )

    def kin(self, root: str) -> frozenset[str]:
        """Stems that may stand for this one."""
        return frozenset(self._synonyms.get(root, ()))

    def actions(self, text: str, verbs: frozenset[str] = frozenset()) -> tuple[Action, ...]:
        """What the text asks for, in its order. Verbs without things join what follows them.

        `verbs` are stems that begin an action too: those the tools at hand are described with.
        """
        actions: list[Action] = []
        families, words = set[str](), list[str]()
        for family, piece in self._pieces(_tokens(text), verbs | self._telling):
            families |= {family} - {""}
            words += piece
            if any(len(word) > 2 and self.names_thing(word) for word in piece):
                actions.append(Action(families=frozenset(families), words=tuple(words)))
                families, words = set(), []
        if words:
            actions.append(Action(families=frozenset(families), words=tuple(words)))
        return tuple(actions)

    def _pieces(self, tokens: list[str], verbs: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
        family, words = "", list[str]()
        before = "."
        for word in tokens:
            if word == ",":
                before = word
                continue
            begun = self._begins(word, before, verbs)
            if words and (begun is not None or word in _ENDS or self._turns_at(word, before)):
                yield family, words
                family, words = "", []
            if word not in _ENDS:
                family = begun or family
                words.append(word)
            before = word
        if words:
            yield family, words

    def _begins(self, word: str, before: str, verbs: frozenset[str]) -> str | None:
        """The family of a verb that begins an action, "" for one of no family, None for no verb."""
        if before not in self._leads or (word.endswith("s") and word[:-1] in self._verbs):
            return None
        return self._verbs.get(word, "" if stem(word) in verbs else None)

    def _turns_at(self, token: str, before: str) -> bool:
        return before in self._turns and carries_meaning(token)


@cache
def shipped_lexicon() -> Lexicon:
    """The lexicon of this package. Cached: it never changes."""
    text = (files("planner.experience") / "actions.json").read_text("utf-8")
    return Lexicon(_Words.model_validate_json(text))


def _tokens(text: str) -> list[str]:
    plain = _FILE.sub(" file ", text[:CHARS_READ])
    for kind, pattern in _MEDIA.items():
        plain = pattern.sub(f" {kind} ", plain)
    plain = _QUOTED.sub(_short_quotation, plain)
    plain = _PATH.sub(" path ", plain)
    plain = _INNER_DOT.sub(" ", _HALF_DAY.sub(r"\1m", plain))
    plain = _CHECK_IN.sub(r"x\1\2", _LOG_IN.sub("login", plain))
    return _TOKEN.findall(plain.casefold())


def _short_quotation(quote: re.Match[str]) -> str:
    return quote[1] if len(quote[1].split()) <= _NAME_WORDS else " "


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


def _forms(verb: str) -> Iterator[str]:
    yield verb
    yield verb + "s"
    yield verb.removesuffix("e") + "ing"
    doubles = len(verb) < _DOUBLED and verb[-1] not in "eywx" and verb[-2] in "aeiou"
    if doubles and verb[-3:-2] not in ("a", "e", "i", "o", "u", ""):
        yield f"{verb}{verb[-1]}ing"
