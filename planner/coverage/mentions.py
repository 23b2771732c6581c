"""What a request mentions that a plan has to account for. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from planner.lexicon.calendar import MONTH, WEEKDAYS
from planner.lexicon.names import LANGUAGES

Kind = Literal[
    "quote", "url", "file", "money", "number", "language", "deadline", "condition",
    "negation", "channel",
]  # fmt: skip

_DAY: Final = f"(?:{'|'.join(WEEKDAYS)})"
_AMOUNT: Final = r"(?<!\d)(?<!\d,)\d[\d,]*(?:\.\d+)?"
_MONEY: Final = (
    rf"(?P<sign>[$€£])\s?(?P<signed>{_AMOUNT})|(?P<named>{_AMOUNT})\s?(?P<unit>dollars?|usd|bucks|"
    r"cents?|euros?|eur|pounds?|gbp)\b"
)

QUOTE: Final = re.compile(r"“([^“”]{1,400})”|\"([^\"\n]{1,400})\"|(?<!\w)'([^'\n]{2,400})'(?!\w)")
URL: Final = re.compile(r"https?://[^\s<>“”\"']+[^\s<>“”\"'.,;:!?)]")
FILE: Final = re.compile(
    r"(?<![\w/@.-])(?:\.?/?[\w-]+/)*[\w-]+(?:\.[\w-]+)*\.[a-z][a-z0-9]{1,7}(?![\w/]|\.\w)",
    re.IGNORECASE,
)
MONEY: Final = re.compile(_MONEY, re.IGNORECASE)
CAP: Final = re.compile(
    r"\b(?:at most|no more than|not more than|max(?:imum)?(?: of)?|up to|under|less than|below|within|"
    r"limit(?:ed)? to|budget(?: of| is)?:?|for)\s+(?:about |around |a total of )?$",
    re.IGNORECASE,
)
"""What stands before an amount that the work may cost."""
PER_PART: Final = re.compile(r"^\s*(?:on|for|per|a|an)?\s*(?:each|every|any|per)\b", re.IGNORECASE)
DEADLINE: Final = re.compile(
    r"\b(?:by|before|until|no later than|due(?: on)?|deadline(?: is)?:?)\s+(?:the\s+)?"
    rf"(?:(?:next |this )?{_DAY}|today|tonight|tomorrow|noon|midnight|eod|eow|end of (?:the )?(?:day|week|month)"
    rf"|(?:{MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{MONTH})"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}(?::\d\d)?\s?(?:am|pm)|\d{1,2}:\d\d)\b"
    r"|\bwithin (?:the next )?(?:\d+|an?|one|two|three) (?:second|minute|hour|day|week)s?\b",
    re.IGNORECASE,
)
FREE: Final = re.compile(
    r"\b(?:spend|pay) nothing\b|\bat no cost\b|\bwithout (?:any )?costs?\b", re.I
)
CHANNEL: Final = re.compile(r"(?<![\w&#/])#[a-z][\w-]{1,79}\b")
CONDITION: Final = re.compile(
    r"\b(?:only if|only when|unless|if|in case|as long as|provided(?: that)?)\s+[^,.;!?\n]{3,120}",
    re.IGNORECASE,
)
NEGATION: Final = re.compile(
    r"\bleave\s+(?:the\s+)?\S+\s+(?:as (?:it|they) (?:is|are)|as is|alone|untouched|unchanged)\b"
    r"|\b(?:delete|overwrite|change|send|publish|post|e?mail)\s+nothing\b"
    r"|\b(?:do not|don['’]?t|never|must not|mustn['’]?t|should not|shouldn['’]?t|no need to|avoid|"
    r"without|not|no)\s+(?:any\s+|the\s+|a\s+|an\s+)?[a-z][^,.;!?\n]{0,60}",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    rf"(?<![\w.,:/#$€£-])(?P<number>{_AMOUNT})\s?(?P<scale>k|m|%|percent|thousand|million)?(?![\w/:-]|[.,]\d)",
    re.IGNORECASE,
)
_DATED: Final = re.compile(
    rf"(?:{MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!,?\d)|\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?:{MONTH})\b"
    r"|\d{4}-\d{2}(?:-\d{2})?|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}(?::\d\d)?\s?(?:am|pm|o['’]clock)\b"
    r"|\b\d{1,2}:\d\d\b",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(r"(?:\b(?:step|task|plan|run|version|schedule|number|no\.?|rule)s?\s*|#)$",
                             re.IGNORECASE)  # fmt: skip
_SPAN: Final = re.compile(r"\s*[- ]?(?:second|minute|hour|day|week|month|quarter|year)s?\b", re.I)
_LIST_MARK: Final = re.compile(r"(?m)^\s*(?:\d{1,2}[.)]|[-*•])\s")
_SCALES: Final = {"k": 1000, "thousand": 1000, "m": 1_000_000, "million": 1_000_000}


@dataclass(frozen=True)
class Mention:
    """Something that was said, as it was said. `number` is its value where it is one.

    `span`: the number counts days, weeks, …; a plan may hold the dates instead.
    """

    kind: Kind
    text: str
    number: Decimal | None = None
    span: bool = False


def mentions(words: str) -> tuple[Mention, ...]:
    """Everything mentioned, each once, in order of kind. What stands in quotes is one thing."""
    found: list[Mention] = []
    rest = words
    for kind, pattern in _WHOLE:
        found += (Mention(kind, _inside(match)) for match in pattern.finditer(rest))
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    found += (Mention("channel", match[0]) for match in CHANNEL.finditer(rest))
    found += (Mention("money", match[0], Decimal(0)) for match in FREE.finditer(rest))
    found += _caps(rest)
    rest = MONEY.sub(
        lambda match: match[0] if not _is_cap(rest, match) else " " * len(match[0]), rest
    )
    found += (Mention("deadline", match[0]) for match in DEADLINE.finditer(rest))
    found += _clauses("condition", CONDITION, words)
    found += _clauses("negation", NEGATION, words)
    found += (
        Mention("language", match[0]) for match in re.finditer(r"\b[A-Z][a-z]+\b", rest)
        if match[0].casefold() in LANGUAGES
    )  # fmt: skip
    found += _numbers(_DATED.sub(lambda match: " " * len(match[0]), _LIST_MARK.sub("  ", rest)))
    return tuple(dict.fromkeys(found))


_WHOLE: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("url", URL),
    ("quote", QUOTE),
    ("file", FILE),
)


def without_names(words: str) -> str:
    """The words without addresses, quotes and files, which are accounted for by themselves."""
    for _, pattern in _WHOLE:
        words = pattern.sub(" ", words)
    return words


def _inside(match: "re.Match[str]") -> str:
    return next((group for group in match.groups() if group), match[0])


def _clauses(kind: Kind, pattern: re.Pattern[str], words: str) -> Iterator[Mention]:
    return (Mention(kind, " ".join(match[0].split())) for match in pattern.finditer(words))


def _is_cap(words: str, match: "re.Match[str]") -> bool:
    before, after = words[: match.start()], words[match.end() :]
    return CAP.search(before) is not None and not PER_PART.match(after)


def _caps(words: str) -> Iterator[Mention]:
    for match in MONEY.finditer(words):
        if _is_cap(words, match):
            yield Mention("money", match[0], _dollars(match))


def _dollars(match: "re.Match[str]") -> Decimal | None:
    """The amount in dollars; None in another currency."""
    amount = Decimal((match["signed"] or match["named"]).replace(",", ""))
    unit = (match["unit"] or match["sign"]).casefold()
    if unit.startswith("cent"):
        return amount / 100
    return amount if unit.startswith(("$", "dollar", "usd", "buck")) else None


def _numbers(words: str) -> Iterator[Mention]:
    for match in _NUMBER.finditer(words):
        if _COUNTED.search(words[: match.start()]):
            continue
        scale = (match["scale"] or "").casefold()
        number = Decimal(match["number"].replace(",", "")) * _SCALES.get(scale, 1)
        span = _SPAN.match(words, match.end()) is not None
        yield Mention("number", match[0].strip(), number, span=span)
