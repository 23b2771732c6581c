"""Short phrases that are commands, in the words people use for them. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from bot.language import emoji
from bot.language.table import BY_PHRASE, ROWS
from memory.model.budget import MINUTE_MS, Unit
from memory.model.identity import Role
from memory.model.patterns import short
from memory.model.text import Sentence, sentence

_BY_EMOJI: Final = {
    emoji.RUN: "plan.approve",
    emoji.CHANGE: "plan.change",
    emoji.DRY_RUN: "plan.dry_run",
    emoji.DROP: "plan.refuse",
}
_POLITE: Final = re.compile(
    r"^(please|now|ok,|okay,|yes,)\s+|\s+(please|now|then|thanks|thank you)$"
)
_CALL: Final = re.compile(r"^(/orchestra\b[:,]?|@orchestra\b[:,]?)\s*", re.IGNORECASE)
_CHANGE: Final = re.compile(r"^(change|edit)\s*[:,]?\s+(?=\S)", re.IGNORECASE)
_ROLE: Final = short(
    r"^(?:make|set)\s+\S.*?\s+(?:to |as |an? |the )*(owner|approver|member|viewer)[.!]?$",
    re.IGNORECASE | re.DOTALL,
)
_LINK: Final = re.compile(
    r"^link\s+(?:code\s+)?([a-z2-9]{4}-[a-z2-9]{4}|(?=[a-z]*\d)[a-z2-9]{8})[.!]?$", re.IGNORECASE
)
_UNLINK: Final = re.compile(
    r"^unlink(?:\s+(?:my\s+)?(?:accounts?|me|(\w+|\w+:\S+:\S+)(?:\s+account)?))?[.!]?$",
    re.IGNORECASE,
)
_TAKEN: Final = re.compile(
    r"\b(?:remove|revoke|withdraw|strip|take|no longer|not|shouldn't|isn't|any ?more|entzieh\w*|nimm|nicht mehr|kein\w*|retire|"
    r"n'est plus|quita\w*|quítale|ya no)\b",
    re.IGNORECASE,
)
_MONEY: Final = (
    r"(?:\$\s*(?P<dollars>\d[\d,]*(?:\.\d+)?)|(?P<usd>\d[\d,]*(?:\.\d+)?)\s*(?:usd|dollars?|\$))"
)
_COUNT: Final = (
    r"(?P<count>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>k|thousand|m|mn|million)?\s*(?P<unit>token|run)s?"
)
_TIME: Final = r"(?P<time>\d[\d,]*(?:\.\d+)?)\s*(?P<measure>min(?:ute)?|hour|hr|h)s?(?:\s+of work)?"
_LIMIT: Final = rf"(?:{_MONEY}|{_COUNT}|{_TIME})"
_PERIOD: Final = (
    r"(?:(?:an?|per|each|/|every|this|in|for this)?\s*"
    r"(?P<period>day|week|month|total|daily|weekly|monthly|today|in all|in total))"
)
_PER: Final = rf"{_PERIOD}?"
_MODE: Final = (
    r"(?:\s*,?\s*(?:and |but )?(?:only|just)\s+(?P<mode>watch|observe|count|warn|warning|tell)\w*"
    r"(?: (?:me|us))?)?"
)
_OWN: Final = (
    r"(?:this|the|that|our)\s+(?:run|project|schedule|installation)|(?:task|step|schedule)\s+#?\d{1,4}"
    r"|template\s+[\w-]{1,60}|me|<@[^>\s]+>|@[\w.-]+|\S+'s\s+budget"
)
_FIRM: Final = rf"(?P<name>{_OWN})"
"""Whose limit it is, where no word says that it is a budget."""
_BOUND: Final = (
    r"(?:(?:to|at|may|can|should|must|cost|costs|spend|spends|use|uses|not|no|more|than|most|max"
    r"|maximum|of|up|under|is|gets|has|:|=)\s*)*"
)
_BUDGET: Final = (
    short(
        r"^(?:set\s+)?(?:the\s+|an?\s+)?budget\s*(?:for\s+|of\s+)?(?P<name>.*?)\s*(?:to\s+|=\s*|:\s*)?"
        rf"{_LIMIT}\s*{_PER}{_MODE}[.!]?$",
        re.IGNORECASE,
        most=400,
    ),
    short(
        rf"^(?:(?:limit|cap|hold|set)\s+)?{_FIRM}\s+{_BOUND}{_LIMIT}\s*{_PER}{_MODE}[.!]?$",
        re.IGNORECASE,
        most=400,
    ),
    short(
        r"^(?:(?:budget|limit|cap|set|spend|an?|of|at|most|max|no|more|than|up|to)\s+)*"
        rf"{_LIMIT}\s*{_PER}\s+(?:for|on)\s+(?P<name>{_OWN}|every(?:one|body)){_MODE}[.!]?$",
        re.IGNORECASE,
        most=400,
    ),
    short(
        r"^(?:(?:limit|cap|budget|set|at|most|max|maximum|no|more|than|up|to|of)\s+)+"
        rf"{_COUNT}\s*{_PERIOD}(?:\s+for\s+{_FIRM})?{_MODE}[.!]?$",
        re.IGNORECASE,
        most=400,
    ),
)
_MAY: Final = re.compile(
    r"^(?:the\s+|our\s+)?(?P<name>\S.{0,58}?)\s+(?:may|can|should|must|is allowed to)\s+(?:only\s+|not\s+)?"
    rf"(?:cost|spend|use|take)s?\s+{_BOUND}{_LIMIT}\s*{_PER}{_MODE}[.!]?$",
    re.IGNORECASE,
)
"""What something may cost: a budget where a period is said, else it may be about a plan."""
_REMOVE: Final = (
    re.compile(
        r"^(?:remove|delete|drop|lift|cancel|take away|get rid of)\s+(?:(?:the|my|our|that|this)\s+)?"
        r"(?:(?P<period>daily|weekly|monthly|total)\s+)?(?:spending\s+|(?P<unit>token|run|minute)s?\s+)?"
        r"(?:budget|limit|cap)"
        r"(?:\s+(?:for|of|on)?\s*(?P<name>\S.{0,58}?))?[.!]?$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:remove|delete|drop|lift|cancel|take away|get rid of)\s+(?P<name>\S+)['’]s\s+"
        r"(?:(?P<period>daily|weekly|monthly|total)\s+)?(?:(?P<unit>token|run|minute)s?\s+)?"
        r"(?:budget|limit|cap)[.!]?$",
        re.IGNORECASE,
    ),
)

"""A budget by its name, and two orders of words for limits that need no such word."""
_MODES: Final = {"warn": "warn", "warning": "warn", "tell": "warn"}
_SCOPE: Final = re.compile(
    r"^(?:this|the|that|our)\s+(?=(?:run|project)$)|'s\s+budget$", re.IGNORECASE
)
RUN: Final = "run"
"""The name that means the run of the thread."""
_PERIODS: Final = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "in all": "total",
    "in total": "total",
    "today": "day",
}
_AMOUNT: Final = re.compile(r"^\$?\s*(\d[\d,]*(?:\.\d+)?)\s*(?:usd|dollars?|\$)?$", re.IGNORECASE)
MOST_DOLLARS: Final = 10_000_000
MOST_COUNTED: Final = 10**12
_SCALES: Final = {"": 1, "k": 1_000, "t": 1_000, "m": 1_000_000}
BUDGET_EXAMPLE: Final = sentence(
    "Say it like `budget $50 a month`, `budget Claude $20 a day`, `this run at most $2`, `budget "
    "Claude 1M tokens a day`, `at most 200 runs a month` or `this run at most 30 minutes`."
)


_RERUN: Final = re.compile(
    r"^(?:re-?run|re-?do|repeat)(?:\s+(?:it|all|everything|the run|the whole run))?"
    r"(?:\s+(?:again\s+)?(?:from|starting (?:at|from|with))?\s*(?:the\s+)?"
    r"(?P<where>(?:step|task)?\s*#?\d{1,3}|(?:from|step|task)\s+\S.{0,80}))?[.!]?$",
    re.IGNORECASE,
)
_FORK: Final = re.compile(
    r"^(?:fork(?:\s+(?:it|the run))?|(?:re-?run|re-?do|repeat)(?:\s+(?:it|the run|everything))?)"
    r"\s*(?:[,:]\s*(?:but\b|with\b)?|\bwith\b|\bbut\b)\s*(?P<change>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)

SHORTEST_SLIP: Final = 5
ALIKE: Final = 0.9
"""How alike a word and a phrase must be to be a slip: a letter too few or too many."""
_SHOWING: Final = tuple(
    phrase
    for row in ROWS
    if row.api.startswith("GET") or row.name == "help"
    for phrase in row.phrases
)


def spoken(text: str) -> str:
    """The words without the bot's name, `/orchestra`, or the `!` of a command."""
    plain = _CALL.sub("", text.strip()).strip()
    if plain.startswith("!") and len(plain) < 200:
        return plain[1:].strip()
    return plain


def meaning(text: str) -> str:
    """The name of the action that a short phrase means, "" for none."""
    if len(text) > 60:
        return ""
    only = emoji.only_emoji(text)
    if only is not None:
        return _BY_EMOJI.get(only, "")
    words = _plain(text)
    ways = (words, bare(words), words.replace(",", ""))
    return next((BY_PHRASE[way] for way in ways if way in BY_PHRASE), "")


def mended(text: str) -> str:
    """The phrase that a single misspelt word is nearest to, where that only shows something; else ""."""
    word = bare(text)
    if not word.isalpha() or len(word) < SHORTEST_SLIP or word in BY_PHRASE:
        return ""
    return next(iter(get_close_matches(word, _SHOWING, n=1, cutoff=ALIKE)), "")


def bare(text: str) -> str:
    """The words without politeness around them."""
    return _POLITE.sub("", _plain(text)).rstrip(", ")


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("`", "").replace("’", "'").split()).rstrip(".!? ")


def is_firm(text: str) -> bool:
    """Whether the words approve a plan and nothing else ("ok" may be said to anybody)."""
    words = text.casefold().strip(" .!`")
    return words in {"run", "run it", "approve", "approved"} or emoji.only_emoji(text) == emoji.RUN


def change(text: str) -> str:
    """What to change, without the word "change" before it."""
    return _CHANGE.sub("", text)


def rerun(text: str) -> str | None:
    """Where `rerun from step 3` begins ("3"), "" for all of it, None for other words."""
    found = _RERUN.match(text.strip()) if len(text) <= 120 else None
    if found is None:
        return None
    where = re.sub(
        r"^(?:(?:from|step|task|the)\s+)+", "", found["where"] or "", flags=re.IGNORECASE
    )
    return where.strip(" #.!\"'“”`")


def fork(text: str) -> str:
    """What is to be otherwise in `rerun it with Claude for the draft`, "" for other words."""
    found = _FORK.match(text.strip())
    return found["change"].strip() if found else ""


def takes_away(text: str) -> bool:
    """Whether the words take something away, such as a role."""
    return _TAKEN.search(text) is not None


def link_code(text: str) -> str:
    """The code in `link K7QX-M2PD`, else ""."""
    found = _LINK.match(text)
    return found[1].upper() if found else ""


def unlinked(text: str) -> str | None:
    """The account in `unlink discord`, "" for `unlink` alone, None for other words."""
    found = _UNLINK.match(text)
    return (found[1] or "") if found else None


def role(text: str) -> Role | None:
    """The role in `make @kim approver`."""
    found = _ROLE.match(text) if len(text) < 200 and not takes_away(text) else None
    return Role(found[1].casefold()) if found else None


def budget(text: str) -> dict[str, str | int | None] | Sentence | None:
    """The fields of a budget that is set in words, a sentence if they are no good, or None."""
    if len(text) > 200:
        return None
    found = next((found for kind in _BUDGET if (found := kind.match(text))), None)
    if found is not None:
        return _limited(found)
    may = _MAY.match(text)
    if may and may["period"]:
        return _limited(may, sure=True)
    return BUDGET_EXAMPLE if _is_budget_alone(text) else None


def _limited(found: re.Match[str], **more: bool) -> dict[str, str | int | None] | Sentence:
    parts = found.groupdict()
    money = parts.get("dollars") or parts.get("usd")
    given = limit(money) if money else _counted(parts)
    return BUDGET_EXAMPLE if given is None else {**_fields(found, *given), **more}


def _is_budget_alone(text: str) -> bool:
    """Whether a budget is named, and too little is said of it to be work."""
    most = 8 if re.search(r"\d", text) else 2
    named = re.match(r"^(set\s+)?(the\s+)?budget\b", text, re.IGNORECASE)
    return named is not None and len(text.split()) <= most


def no_budget(text: str) -> dict[str, str | None] | None:
    """Of which budget the words want to be rid: `name` and `period`; None for other words."""
    found = next((found for kind in _REMOVE if (found := kind.match(text[:200]))), None)
    if found is None:
        return None
    name = _SCOPE.sub("", (found["name"] or "").strip(" \"'“”`"))
    period = (found["period"] or "").casefold()
    project = name.casefold() == "project"
    return {
        "name": "" if project else name,
        "period": _PERIODS.get(period, period) or None,
        "unit": f"{found['unit'].casefold()}s" if found["unit"] else None,
    }


def _fields(found: re.Match[str], amount: int, unit: Unit) -> dict[str, str | int | None]:
    name = _SCOPE.sub("", (found["name"] or "").strip(" \"'“”`"))
    period = (found["period"] or "").casefold()
    mode = (found["mode"] or "").casefold()
    return {
        "name": "" if name.casefold() == "project" else name,
        "limit_micro_usd": amount,
        **({"unit": unit} if unit != "usd" else {}),
        "period": _PERIODS.get(period, period) or None,
        **({"mode": _MODES.get(mode, "observe")} if mode else {}),
    }


def limit(text: str) -> tuple[int, Unit] | None:
    """An amount such as `$50`, `1M tokens`, `200 runs` or `2 hours` in its unit; None if it is none."""
    money = micro_usd(text)
    if money is not None:
        return money, "usd"
    found = re.fullmatch(rf"(?:{_COUNT}|{_TIME})", text.strip()[:40], re.IGNORECASE)
    return _counted(found.groupdict()) if found else None


def _counted(parts: Mapping[str, str | None]) -> tuple[int, Unit] | None:
    """A number of tokens or runs, or a time; None where it isn't whole or beyond reason."""
    unit: Unit = "tokens" if (parts["unit"] or "").casefold() == "token" else "runs"
    scale = _SCALES[(parts["scale"] or "").casefold()[:1]]
    measure = parts.get("measure")
    if measure:
        unit, scale = "minutes", MINUTE_MS * (60 if measure.casefold().startswith("h") else 1)
    number = (parts.get("time") if measure else parts["count"]) or "0"
    amount = Decimal(number.replace(",", "")[:20]) * scale
    return (int(amount), unit) if amount == int(amount) and amount <= MOST_COUNTED else None


def micro_usd(text: str) -> int | None:
    """An amount such as `$50` or `0.25 usd` in micro-USD; None if it is none or beyond reason."""
    found = _AMOUNT.match(text.strip())
    if found is None or len(found[1]) > 20:
        return None
    dollars = Decimal(found[1].replace(",", ""))
    return int(dollars * 1_000_000) if dollars <= MOST_DOLLARS else None
