"""Words that let more be spent for a while, such as "let Claude spend $2 more this week". Pure."""

import re
from typing import Final

from bot.chat import Incoming
from bot.language import phrases
from bot.language.intents import BudgetMore, Command, Unclear
from memory.model.patterns import short
from memory.model.text import sentence

ALLOWANCE_EXAMPLE: Final = sentence(
    "To let more be spent for a while, say how much, and until when: `$2 more today` or `let Claude "
    "spend $2 more this week`. For another limit, say it whole: `budget Claude $20 a day`."
)
_MONEY: Final = (
    r"(?P<before>(?:another|an?\s+(?:extra|additional)|extra|additional)\s+)?"
    r"(?P<amount>\$\s*\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s*(?:usd|dollars?|\$))"
    r"(?P<after>\s+(?:more|extra|on\s+top))?"
)
_WHEN: Final = (
    r"(?:\s+(?:for\s+)?(?:until\s+)?(?:the\s+(?:end|rest)\s+of\s+)?"
    r"(?P<when>today|tonight|midnight|(?:the|this)\s+(?:day|week|month)))?"
)
_NAME: Final = r"(?P<name>\S(?:.{0,58}?\S)?)"
_END: Final = r"[.!]?"
_FORMS: Final = tuple(
    short(form, re.IGNORECASE, most=200)
    for form in (
        rf"(?:(?:allow|add|spend|grant|give)\s+)?{_MONEY}{_WHEN}{_END}",
        rf"(?:(?:allow|add|spend|grant|give)\s+)?{_MONEY}\s+(?:for|on|to)\s+(?!the\s+(?:end|rest|day|week|month)\b){_NAME}{_WHEN}{_END}",
        rf"(?:(?:allow|add|spend|grant|give)\s+)?{_MONEY}{_WHEN}\s+(?:for|on|to)\s+{_NAME}{_END}",
        rf"(?:let|allow|give|grant)\s+{_NAME}\s+(?:to\s+)?(?:(?:spend|use|have|cost)\s+)?{_MONEY}{_WHEN}{_END}",
        rf"{_NAME}\s+(?:may|can|gets?)\s+(?:(?:spend|use|have|cost)\s+)?{_MONEY}{_WHEN}{_END}",
        rf"(?:raise|increase|extend)\s+{_NAME}\s+(?P<by>by)\s+{_MONEY}{_WHEN}{_END}",
    )
)
_PERIODS: Final = {"today": "day", "tonight": "day", "midnight": "day"}
_OURS: Final = frozenset({"", "project", "us", "we", "everyone", "everybody", "team"})
"""The project itself."""
_WRAPPED: Final = short(
    r"(?:(?:the|this|our)\s+)?(?P<name>.*?)(?:['’]s)?(?:\s*\b(?:budget|limit))?",
    re.IGNORECASE,
    most=80,
)
_ON_TOP: Final = short(
    r"(?<!no )(?<!not )\b(?:more(?!\s+than)|extra|additional|another|on\s+top)\b"
    r"|^(?:please\s+)?(?:add|top\s+up)\b|\bby\s+\$?\d",
    re.IGNORECASE,
    most=400,
)


def allowance(text: str, incoming: Incoming) -> Command | None:
    """The order, a sentence where nothing says until when, None for other words."""
    found = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    said = found.groupdict("") if found else {}
    if not any(said.get(word) for word in ("before", "after", "by")):
        return None
    amount, when = phrases.micro_usd(said["amount"]), said["when"].casefold().split()
    if not when or not amount:
        return Unclear(say=ALLOWANCE_EXAMPLE)
    name = _called(said.get("name", ""))
    return BudgetMore.model_validate(
        {
            "name": name,
            "person": incoming.mentions[-1] if "@" in name and incoming.mentions else None,
            "limit_micro_usd": amount,
            "period": _PERIODS.get(when[-1], when[-1]),
        }
    )


def is_on_top(text: str) -> bool:
    """Whether the words are about more than there is, rather than about a new limit."""
    return _ON_TOP.search(text) is not None


def _called(said: str) -> str:
    whole = _WRAPPED.fullmatch(said.strip(" \"'“”`"))
    name = whole["name"].strip() if whole else said
    return "" if name.casefold() in _OURS else name
