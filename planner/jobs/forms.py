"""How a job is said: short patterns of words and slots, matched against a request's every word.

A pattern's words stand apart by blanks. `a|b` is one word of several, `[the]` may be left out,
`{find}` is a slot: anything, unless `SLOTS` says what it looks like; `last@end` is kept as `end`.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from planner.jobs.wording import Wording
from planner.lexicon.names import LANGUAGES
from planner.lexicon.verbs import VERBS
from planner.lexicon.words import NUMBERS, word_set
from planner.questions.kept import kept

_OTHERWISE: Final = word_set(
    "what what's which who where when why how is are was were do does did can could should would will i i'd we my the a an",
    "remove replace search grep find change shorten simplify correct rephrase paraphrase reword summarise summarize condense",
    "add append put insert attach stick pop tack slap drop chuck include prepend new",
    "translate mark highlight flag check look go see watch explain describe not don't never no yes if when note",
)
"""Words that begin something else, whatever follows."""
_VERB: Final = "|".join(sorted({*VERBS, *_OTHERWISE}))
_LITERAL: Final = r"⟦\d+⟧"
_FILE: Final = rf"{_LITERAL}|[^\s⟦⟧]+"
_PLACE: Final = rf"(?:{_LITERAL}|[^\s⟦⟧]*[./][^\s⟦⟧]*)"
SLOTS: Final[Mapping[str, str]] = {
    "verb": rf"(?!(?:{_VERB})\b)[a-z]+(?: (?:up|down|out|in|off|over))?",
    "file": _FILE, "other": _FILE, "third": _FILE, "fourth": _FILE,
    "out": _PLACE, "quote": _LITERAL, "body": _LITERAL, "replacement": rf"{_LITERAL}|.+?",
    "needle": rf"{_LITERAL}|.+?", "m": rf"\d[\d,]*|{'|'.join(NUMBERS)}", "n": rf"\d[\d,]*|{'|'.join(NUMBERS)}", "who": r"<@[^>\s]+>|@?[\w.-]+", "who2": r"<@[^>\s]+>|@?[\w.-]+",
    "format": r"\.?(?:csv|tsv|json|jsonl|ndjson|xlsx|xls|excel|parquet|spreadsheet|workbook)",
    "form": r"\.?(?:pdf|html|docx?)|(?:web|html) ?page|website|printable|printout|word(?: (?:doc(?:ument)?|file))?", "language": "|".join(sorted(LANGUAGES)),
    "doc": "pdf|html", "ending": r"\.?(?:txt|text|md|markdown|csv|log|pdf|png|jpe?g|xlsx|json|html)", "folder": r"[^\s⟦⟧]+", "unit2": r"lines?|words?|characters?|chars?|letters?", "unit": r"lines?|words?|characters?|chars?|letters?",
}  # fmt: skip
MACROS: Final[Mapping[str, str]] = {
    "<the>": "[the|my|our|this|that|a|an]",
    "<in>": "in|inside|within|of|from",
    "<file>": "[the|my|our|this|that] [text|csv|excel|data|log|markdown] [file|table|document|data|spreadsheet] [called|named] {file} [file|table|document|spreadsheet|list|notes]",
    "<datei>": "[der|die|das|den|dem|meine|meiner|meinen|unsere|unserer] [datei|liste] {file} [datei|liste]",
    "<fichier>": "[le|la|l'|ma|mon|notre] [fichier|liste] {file}",
    "<archivo>": "[el|la|mi|nuestra] [archivo|lista|fichero] {file}",
    "<other>": "[the] [file] {other} [file]",
    "<into>": "to|into|in|as|under",
    "<out>": "[a|the|my|our] [new|text|csv|excel|markdown] [file|document|list] [called|named|at] {out}",
    "<kept>": "[<save>] [and|then] [save|keep|store@keeping] [it|them|that|the_result]",
    "<end>": "[the] [very] end|bottom|foot|tail",
    "<save>": "[and|then] [save|write|put|store] [it|them|that|those|the] [clean] [result|lines|list|version|rest] to|into|in|as <out>",
    "<me>": "[me|us]",
}  # fmt: skip
ALIKE: Final = 0.8
SHORT: Final = 4
SPELLINGS: Final = 50_000
"""How many words are kept with what they are slips for."""


@dataclass(frozen=True)
class Match:
    """The slots of a request that fits a pattern, their literals back in."""

    slots: Mapping[str, str]
    literal: frozenset[str]
    """The slots that stood in quotes, or behind a colon."""

    def __getitem__(self, name: str) -> str:
        """The slot's words; "" for none."""
        return self.slots.get(name, "")

    def __contains__(self, name: str) -> bool:
        """Whether the slot was filled."""
        return bool(self.slots.get(name))


def matched(wording: Wording, patterns: Iterable[str], *, spelled: bool) -> Iterator[Match]:
    """What the patterns make of the words, in order; `spelled`: with slips in a pattern's words mended."""
    patterns = tuple(patterns)
    line, changed = _spelled(wording.line, _vocabulary(patterns)) if spelled else (wording.line, [])
    for pattern in () if spelled and not changed else patterns:
        found = _compiled(pattern).fullmatch(f" {line}")
        if found and not any(_meets(found.span(name), changed) for name in found.groupdict()):
            yield _match(found, wording)


def _match(found: re.Match[str], wording: Wording) -> Match:
    given = {name: value for name, value in found.groupdict().items() if value}
    literal = frozenset(name for name, value in given.items() if wording.is_literal(value))
    return Match({name: wording.plain(value) for name, value in given.items()}, literal)


def _meets(slot: tuple[int, int], changed: Iterable[tuple[int, int]]) -> bool:
    return any(start < slot[1] and slot[0] < end for start, end in changed)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    for name, meaning in list(MACROS.items()) * 3:  # a macro may name another
        pattern = pattern.replace(name, meaning)
    parts = (_part(part) for part in re.findall(r"\[|\]|[^\s\[\]]+", pattern))
    return re.compile("".join(parts), re.IGNORECASE)


def _part(part: str) -> str:
    """A word or slot of a pattern with the blank before it, or the bounds of what may be left out."""
    if part in "[]":
        return "(?:" if part == "[" else ")?"
    if part.startswith("{"):
        name = part[1:-1]
        return rf" (?P<{name}>{SLOTS.get(name, '.+?')})"
    words, _, flag = part.partition("@")
    ways = "|".join(re.escape(way).replace("_", " ") for way in words.split("|"))
    return f" (?P<{flag}>{ways})" if flag else f" (?:{ways})"


@cache
def _vocabulary(patterns: tuple[str, ...]) -> tuple[str, ...]:
    plain = " ".join([*patterns, *MACROS.values()])
    words = re.findall(r"[a-z]+", re.sub(r"\{\w+\}|<\w+>|@\w+", " ", plain))
    return tuple(sorted({word for word in words if len(word) >= SHORT}))


def _spelled(line: str, known: tuple[str, ...]) -> tuple[str, list[tuple[int, int]]]:
    """The line with slips mended (" dupliactes "), and where."""
    changed: list[tuple[int, int]] = []
    words, place = [], 1  # the line is matched with a blank before it
    for word in line.split():
        mended = word
        if len(word) >= SHORT and word.isalpha() and word.casefold() not in known:
            mended = _nearest(word.casefold(), known) or word
        if mended != word:
            changed.append((place, place + len(mended)))
        words.append(mended)
        place += len(mended) + 1
    return " ".join(words), changed


@kept(SPELLINGS)
def _nearest(word: str, known: tuple[str, ...]) -> str:
    """The word of a pattern that this one is a slip for; "" for none."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=ALIKE)
    return near[0] if near else ""
