"""What a request says that can go into a slot: addresses, dates, numbers, names, quoted words. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planner.lexicon.tokens import ENDINGS
from planner.lexicon.words import NUMBERS, word_set
from planner.timing.dates import dates_in

CHARS_READ = 8_000
"""Values are looked for in the first pages; the rest of a long request is material."""


class Kind(StrEnum):
    """What a piece of the request is."""

    QUOTED = "quoted"
    URL = "url"
    EMAIL = "email"
    CHANNEL = "channel"
    MENTION = "mention"
    DATE = "date"
    TIME = "time"
    MONEY = "money"
    PATH = "path"
    CODE = "code"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True)
class Entity:
    """A piece of the request. `value` is what it means where that differs from what was `said`."""

    kind: Kind
    said: str
    start: int
    end: int
    value: str = ""

    @property
    def plain(self) -> str:
        """The value as a slot takes it."""
        return self.value or self.said


_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_NAME = rf"{_CAPITAL}[\w'’.&-]*\w|{_CAPITAL}"
_WORDS = "|".join(NUMBERS)
_ENTITY = re.compile(
    rf"""
      (?P<quoted>"[^"\n]+["”]|“[^“”\n]+”|‘[^‘’\n]+’|`[^`\n]+`|(?<!\w)'[^'\n]+(?:'(?=\w)[^'\n]*){{0,5}}'(?!\w))
    | (?P<url>https?://[^\s<>"'”]+[^\s<>"'”.,;:!?)])
    | (?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<channel>(?<![\w&])\#[A-Za-z][\w-]*)
    | (?P<mention><@[^<>\s]+>|(?<![\w.])@[\w.-]*\w)
    | (?P<path>(?<![\w.~/-])(?:[\w.~-]*/)+[\w.-]*\w/?|(?<![\w/-])(?<!\w\.)[\w-]+(?:\.[\w-]+)*\.(?:{ENDINGS}|py|js|ts|go|rs|yaml|yml|toml|log|zip|mp3|mp4|wav|gif|webp)\b)
    | (?P<time>\b\d{{1,2}}(?::\d\d)?\s?(?:[ap]\.?m\b\.?)|\b\d{{1,2}}:\d\d\b|\b(?:noon|midnight)\b)
    | (?P<money>[$€£¥]\s?\d[\d,]*(?:\.\d+)?(?:[kKmM]\b)?|\b\d[\d,]*(?:\.\d+)?\s?(?:USD|EUR|GBP|CHF|JPY|CNY|dollars?|euros?|pounds?|yuan|yen|francs?)\b)
    | (?P<code>\b(?=[\w-]{{0,30}}\d)(?=[\d_-]{{0,30}}+[A-Za-z])(?!\d+(?:st|nd|rd|th|kg|km|cm|mm|m|g|k|h|s|min|am|pm)\b)[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*\b|\b[A-Z]{{2,10}}-\d+\b|(?<!\w)\#\d+\b)
    | (?P<number>(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:[kM](?!\w))?(?:\s?%|(?![\d]))|\b(?:{_WORDS})\b)
    | (?P<name>\b(?:{_NAME})(?:\s+(?:(?:of|the|de|la|van|von|and|&)\s+)?(?:{_NAME}))*)
    """,
    re.VERBOSE,
)
_NOT_NAMES = word_set(
    "i i'm i'd i'll i've please can could would will the a an my what which when where who how is are",
    "do does then also and or if in on at for to of it this that these those we you he she they thanks",
    "hi hello hey yes no ok okay finally next first second lastly afterwards id ids",
)
_SIZES = {"k": 1_000, "K": 1_000, "m": 1_000_000, "M": 1_000_000}


def entities_in(text: str, today: date) -> tuple[Entity, ...]:
    """Every piece that can be a value, in order; none overlaps another, dates go first."""
    read = text[:CHARS_READ]
    quotes = [match.span() for match in _ENTITY.finditer(read) if match["quoted"]]
    dates = [
        Entity(Kind.DATE, text[start:end], start, end, iso)
        for start, end, iso in dates_in(read, today)
        if not overlaps(start, start + 1, quotes)
    ]
    taken = [(date.start, date.end) for date in dates]
    others = [entity for entity in _others(read) if not overlaps(entity.start, entity.end, taken)]
    return tuple(sorted((*dates, *others), key=lambda entity: entity.start))


def overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether the text from start to end has a character of one of the spans."""
    return any(start < last and first < end for first, last in spans)


def _others(text: str) -> Iterator[Entity]:
    for match in _ENTITY.finditer(text):
        kind = Kind(str(match.lastgroup))
        start, end = match.span()
        if kind is Kind.NAME:
            yield from _names(text, start, end)
        elif kind is Kind.QUOTED:
            yield Entity(kind, match[0][1:-1].strip(), start, end)
        else:
            yield Entity(kind, match[0], start, end, _meant(kind, match[0]))


def _names(text: str, start: int, end: int) -> Iterator[Entity]:
    """A run of capitalised words without what only begins a sentence."""
    words = list(re.finditer(r"\S+", text[start:end]))
    while words and words[0][0].casefold().strip(".,") in _NOT_NAMES:
        words.pop(0)
    if not words:
        return
    begin, finish = start + words[0].start(), start + words[-1].end()
    before = text[:begin].rstrip()
    opens = not before or before[-1] in ".!?;\n:"
    if opens and len(words) == 1:
        return  # the verb of a sentence, nearly always
    if opens:
        begin = start + words[1].start()
    yield Entity(Kind.NAME, text[begin:finish].rstrip("."), begin, finish)


def _meant(kind: Kind, said: str) -> str:
    match kind:
        case Kind.MONEY | Kind.NUMBER:
            return number_of(said)
        case Kind.CODE:
            return said.removeprefix("#")
        case Kind.TIME:
            return _clock(said)
        case _:
            return ""


def number_of(said: str) -> str:
    """The number in figures, without its unit: "$1.2k" is 1200. Empty for none."""
    low = said.strip().casefold()
    if low in NUMBERS:
        return str(NUMBERS[low])
    match = re.search(r"-?\d[\d,]*(?:\.\d+)?", said)
    if match is None:
        return ""
    figure = match[0].replace(",", "")
    size = _SIZES.get(said[match.end() : match.end() + 1], 1)
    return figure if size == 1 else f"{float(figure) * size:g}"


def _clock(said: str) -> str:
    low = said.casefold().replace(".", "")
    if low in {"noon", "midnight"}:
        return "12:00" if low == "noon" else "00:00"
    match = re.match(r"(\d{1,2})(?::(\d\d))?\s?([ap]m)?", low)
    if match is None:
        return ""
    hour = int(match[1])
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return f"{hour:02}:{match[2] or '00'}"
