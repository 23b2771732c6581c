"""What people taught about their words: "revenue means total minus refund", "active customers are those
with status live", "our fiscal year starts in April". Pure.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from memory.model.patterns import short
from planner.questions.words.lexicon import plain

_MEANS: Final = re.compile(
    r"^(?:by |when (?:i|we) say |for us,? )?[\"“']?(?P<word>[^\"”'=]{2,40}?)[\"”']?,?\s*"
    r"(?:=|\b(?:means?|stands? for|refers? to|(?:i|we) mean|is short for|is the same as|"
    r"are the same as|is calculated as|is defined as|are defined as|(?P<is>is|are))\b)\s*"
    r"(?P<meaning>.{2,120}?)[.!]?$",
    re.IGNORECASE,
)
_TELLING: Final = re.compile(
    r"^(?:those|the ones|ones?|rows|everyone|anyone|all)\b|\b(?:with|without|where|whose)\b|"
    r"\b(?:minus|plus|times|divided by|total|sum of|number of|average|over|under|above|below|"
    r"more than|less than|at least|at most)\b",
    re.IGNORECASE,
)
"""What makes "X is Y" say what X means; "Ann is our accountant" does not."""
_YEAR: Final = short(
    r"\b(?:fiscal|financial|business|accounting) year\b.*?\b(?:starts?|begins?|runs? from)\b.*?"
    r"\b(?P<month>" + "|".join(name.lower() for name in calendar.month_name if name) + r")\b",
    re.IGNORECASE,
    most=400,
)
_WITH: Final = re.compile(
    r"^(?:only )?(?:(?:those|the ones|ones?|the rows|rows|all|anyone|everyone|people|an? \w+|\w+s)\s+)?"
    r"(?P<cond>(?:with|without|whose|where|who|that|which)\b.+)$",
    re.IGNORECASE,
)
_MORE: Final = re.compile(
    r"^(?:more|over|above|at least|fewer|less|under|below|at most)\b", re.IGNORECASE
)
_FISCAL: Final = re.compile(
    r"(?<!by )(?<!per )(?<!each )(?<!every )\b(?:(?:in|for|of|during)\s+)?(?:(?P<which>this|the current|current|our|last|previous|the last|the previous|next)\s+)?"
    r"(?:fiscal|financial|business) year(?:\s+(?P<year>\d{4}))?\b(?!\s*starts?)",
    re.IGNORECASE,
)
_LONGEST: Final = 4
"""Words that a term has at most; more make a sentence of its own."""


@dataclass(frozen=True)
class Definition:
    """What a word or a few mean, in other words. `condition`: rows like this, after their noun."""

    term: str
    meaning: str
    condition: bool = False


def definitions(facts: Sequence[str]) -> tuple[Definition, ...]:
    """The definitions among what was taught; of two for the same word the later one holds."""
    found: dict[str, Definition] = {}
    for fact in facts:
        match = _MEANS.match(fact.strip())
        if match is None or _YEAR.search(fact) or len(match["word"].split()) > _LONGEST:
            continue
        if match["is"] and not _TELLING.search(match["meaning"]):
            continue
        term = re.sub(r"^(?:our|an?|the|my)\s+", "", match["word"].strip(), flags=re.IGNORECASE)
        conditional = _WITH.match(match["meaning"].strip())
        meaning = conditional["cond"] if conditional else match["meaning"].strip()
        more = "with " if _MORE.match(meaning) else ""
        found[plain(term)] = Definition(term, f"{more}{meaning}", bool(conditional or more))
    return tuple(found.values())


def defined(words: str, facts: Sequence[str]) -> tuple[str, tuple[Definition, ...]]:
    """The words with what was taught in the place of its terms, and the definitions that were used."""
    used: list[Definition] = []
    for definition in definitions(facts):
        pattern = r"[\s_-]+".join(_forms(word) for word in definition.term.split())
        match = re.search(rf"(?<![\w.-])(?:{pattern})(?![\w-])", words, re.IGNORECASE)
        if match is None:
            continue
        used.append(definition)
        words = _put(words, match, definition)
    return words, tuple(used)


def _put(words: str, match: re.Match[str], definition: Definition) -> str:
    before, after = words[: match.start()], words[match.end() :]
    if not definition.condition:
        return f"{before}{definition.meaning}{after}"
    *_, noun = match.group().split()
    if " " in match.group():  # "active customers": customers, with what makes them active
        return f"{before}{noun} {definition.meaning}{after}"
    head = re.match(r"\s+(?P<noun>\w+)", after)  # "VIP customers"
    if head:
        return f"{before}{head['noun']} {definition.meaning}{after[head.end() :]}"
    return f"{before}{definition.meaning}{after}"


def _forms(word: str) -> str:
    base = re.escape(word[:-1] if word.lower().endswith("s") else word)
    return f"{base}(?:e?s)?"


def year_start(facts: Sequence[str]) -> int | None:
    """The month in which the fiscal year starts, where that was taught last."""
    months = [name.lower() for name in calendar.month_name]
    said = [months.index(match["month"].lower()) for fact in facts if (match := _YEAR.search(fact))]
    return said[-1] if said else None


def speaks_of_fiscal_year(words: str) -> bool:
    """Whether a fiscal year is named that has to be told from a calendar year."""
    return _FISCAL.search(words) is not None


def with_fiscal_year(words: str, month: int, today: date) -> str:
    """The words with the days of the fiscal year in its place; "fiscal year 2025" starts in 2025."""

    def days(match: re.Match[str]) -> str:
        which = (match["which"] or "").lower()
        year = today.year if today.month >= month else today.year - 1
        year += -1 if which.endswith(("last", "previous")) else 1 if which == "next" else 0
        year = int(match["year"]) if match["year"] else year
        first = date(year, month, 1)
        last_month, last_year = (12, year) if month == 1 else (month - 1, year + 1)
        last = date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
        return f" between {first.isoformat()} and {last.isoformat()}"

    return _FISCAL.sub(days, words)
