"""Typed arguments out of words: numbers, money, periods, people, agents, roles, names. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from memory.model.base import name_key
from memory.model.identity import Role
from planner.lexicon.names import AGENTS
from planner.understanding.spoken import cleaned
from planner.understanding.utterance import Argument, ArgumentKind, Arguments

MOST_DOLLARS: Final = 10_000_000

_AMOUNT: Final = re.compile(
    r"(?:\$|usd)\s*(?P<before>\d[\d,]*(?:\.\d+)?)(?P<kb>k?)\b|(?<![\w.])(?<!\d,)(?P<after>\d[\d,]*(?:\.\d+)?)(?P<ka>k?)\s*(?:usd|dollars?|dólar(?:es)?|bucks|\$)",
    re.IGNORECASE,
)
_PERIODS: Final = (
    ("day", r"day|daily|tag|täglich|jour|día|dia|diario|diaria|today|heute"),
    ("week", r"week|weekly|woche|wöchentlich|semaine|semana|semanal"),
    ("month", r"month|monthly|monat|monatlich|mois|mensuel|mes|mensual"),
    ("total", r"total|in all|altogether|insgesamt|overall"),
)
_PERIOD: Final = tuple((name, re.compile(rf"\b(?:{words})\b")) for name, words in _PERIODS)
_NUMBER: Final = re.compile(
    r"(?<![\w$€£.,:/-])#?(\d{1,6})(?![\w%$€£:/]|[.,]\d|\s*(?:usd|dollars?|bucks))"
)
_ROLES: Final = (
    (Role.OWNER, r"owner|admin|administrator|besitzer(?:in)?|propriétaire|propietari[oa]"),
    (Role.APPROVER, r"approver|genehmiger(?:in)?|freigeber(?:in)?|approbateur|aprobador(?:a)?|approve things|approve plans"),
    (Role.MEMBER, r"member|mitglied|membre|miembro"),
    (Role.VIEWER, r"viewer|read[- ]only|zuschauer(?:in)?|betrachter(?:in)?|lecteur|lector(?:a)?|observer"),
)  # fmt: skip
_ROLE: Final = tuple((role, re.compile(rf"\b(?:{words})\b")) for role, words in _ROLES)
_PERSON: Final = re.compile(r"<@([^<>]+)>|(?<!\w)@(\w[\w.-]*)")
_QUOTED: Final = re.compile(r"[“\"]([^”\"]{1,80})[”\"]|`([^`]{1,80})`|(?<!\w)'([^']{2,80})'(?!\w)")
_NAMED: Final = re.compile(
    r"\b(?:called|named|as|namens|nommé|appelé|llamad[oa]|to project|project|projekt|projet|proyecto|template|vorlage|modèle|plantilla)\s+"
    r"(?:the\s+|called\s+|named\s+|template\s+)?(?P<name>[\w][\w -]{0,60}?)(?:\s+(?:template|project))?[.!?]*$"
)
_OF_THING: Final = re.compile(
    r"\b(?:the|that|this|my|our|den|die|das|le|la|el)\s+(?P<name>\w[\w -]{0,60}?)\s+"
    r"(?:run|job|one|template|thing|lauf|vorlage|plantilla|modèle)\b"
)
_TOPIC: Final = re.compile(
    r"\b(?:at|for|doing|on|bei|für|pour|en|para|with)\s+(?:the\s+|our\s+|my\s+)?(?P<topic>[^\W\d_]+(?:[ -][^\W\d_]+)?)\s*(?:tasks?|work|jobs?)?[.!?]*$"
)
_DATES: Final = re.compile(
    r"\b(?:today|yesterday|tomorrow|tonight|(?:this|last|past|next) (?:\d+ )?(?:hours?|days?|weeks?|months?|quarters?|years?|morning|night|"
    r"mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*)|since \w+|heute|gestern|(?:diese|letzte)\w* (?:woche|tage?|monat)|aujourd'hui|hier|"
    r"(?:cette|la) semaine(?: dernière)?|ce mois|hoy|ayer|esta semana|este mes|(?:in|of) (?:january|february|march|april|may|june|july|august|september|october|november|december))\b"
)
_LEVELS: Final = (
    ("low", re.compile(r"\b(?:low|lower|lowest|niedrig\w*|basse|baja)\b")),
    ("high", re.compile(r"\b(?:high|higher|highest|top|urgent|hoch|höchste|haute|alta|first)\b")),
    ("normal", re.compile(r"\b(?:normal|default|medium|mittel|moyenne|media)\b")),
)  # fmt: skip


def arguments(said: str, agents: Sequence[str] = ()) -> Arguments:
    """Everything typed that the words name; `agents` as their catalogue writes them."""
    words = cleaned(said)
    return Arguments(
        number=_number(words),
        amount_micro_usd=amount(words),
        period=next((name for name, kind in _PERIOD if kind.search(words)), None),
        agent=agent(words, agents),
        person=_first(_PERSON, said),
        role=next((role for role, kind in _ROLE if kind.search(words)), None),
        name=_name(said, words),
        topic=found["topic"] if (found := _TOPIC.search(words)) else "",
        dates=found[0] if (found := _DATES.search(words)) else "",
        level=next((name for name, kind in _LEVELS if kind.search(words)), None),
        text=said.strip(),
    )


def amount(words: str) -> int | None:
    """An amount of dollars in the words, in micro-USD; None for none, or one beyond reason."""
    found = _AMOUNT.search(words)
    if found is None:
        return None
    digits = (found["before"] or found["after"]).replace(",", "")
    if len(digits) > 12:
        return None
    dollars = Decimal(digits) * (1000 if found["kb"] or found["ka"] else 1)
    return int(dollars * 1_000_000) if dollars <= MOST_DOLLARS else None


def agent(words: str, agents: Sequence[str] = ()) -> str:
    """The agent that is named first, as the catalogue writes it where it knows it."""
    known = {name_key(name): name for name in (*AGENTS, *agents)}
    places = [
        (found.start(), -len(key), name)
        for key, name in known.items()
        if (found := re.search(rf"(?<![\w/.-]){re.escape(key)}(?:'s)?(?![\w/])", words))
    ]
    return min(places)[2] if places else ""


def without_role(words: str) -> str:
    """The words without the names of roles."""
    for _, kind in _ROLE:
        words = kind.sub(" ", words)
    return words


def missing(takes: Sequence[Argument], found: Arguments) -> tuple[ArgumentKind, ...]:
    """The required ones that the words don't have."""
    return tuple(item.kind for item in takes if item.required and not found.has(item.kind))


def _number(words: str) -> int | None:
    found = _NUMBER.search(words)
    return int(found[1]) if found else None


def _first(kind: re.Pattern[str], said: str) -> str:
    found = kind.search(said)
    return next((group for group in found.groups() if group), "") if found else ""


def _name(said: str, words: str) -> str:
    quoted = _first(_QUOTED, said)
    if quoted:
        return quoted.strip()
    found = _NAMED.search(words) or _OF_THING.search(words)
    return found["name"].strip() if found else ""
