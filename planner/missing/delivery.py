"""Results that are to go where nothing here reaches: what is asked, and where it was to go. Pure."""

import re
from dataclasses import dataclass, replace
from typing import Final

from memory.model.base import sha256
from memory.model.patterns import short
from memory.model.text import text
from planner.draft import Gap
from planner.jobs.wording import bare
from planner.missing.beyond import ADDRESS, SERVICES, Beyond, beyond
from planner.port import PlanRequest

SHOW: Final = "show it here"
LEAVE: Final = "leave it"
_KEPT: Final = "·"
"""Stands for the spaces within words that are one."""

_CHANNEL: Final = r"(?:the )?(?:channel )?(?:#[\w-]+|<#[^>]+>)(?: channel)?"
_PERSON: Final = r"(?:@[\w.-]*\w|<@[^>]+>)"
_MEANS: Final = (
    r"(?:an? )?(?:e-?mails?|mail|post|sms|text messages?|whatsapp|telegram|signal|phone|fax)"
)
_PLACE: Final = (
    rf"(?:{ADDRESS}|(?:the |a |our |my )?(?:printer|phone|inbox|mobile)|paper|{SERVICES})"
)
_SENDS: Final = (
    r"e-?mail|mail|send|text|sms|whatsapp|message|dm|print out|print|upload|sync|forward|share|push|fax|tweet|"
    r"put|add|post|publish|export|copy|write|import|save"
)
_WAY: Final = short(
    rf"[\s,]*\b(?:(?:to|by|via|per|as)\s+{_MEANS}|(?:over to|to|on|onto|into|in|with|from)\s+(?:{_PLACE}|{_CHANNEL}|{_PERSON}))(?!\w)",
    re.IGNORECASE,
)
_CAME: Final = re.compile(
    rf"\b\w{{1,30}}(?:ed|en|ame|ome|ade|ent)\s+(?:in )?(?:by|via|per|on)\s+{_MEANS}\b",
    re.IGNORECASE,
)
"""How something came to be, "opened by phone": it says which rows are meant."""
_LEADS: Final = short(
    rf"^(?:{_SENDS})\s+(?:out )?(?:(?:me|us|{_PERSON})\s+)?(?P<what>\S.*)$", re.IGNORECASE
)
_TRAILING: Final = short(
    rf"(?:,|;|\.)?\s*(?:\band\b|\bthen\b|,)\s*(?:then |also |please )*(?P<order>(?:{_SENDS})\b.*)$",
    re.IGNORECASE,
)
_ADDRESSED: Final = short(r"\s+to\s+(?:the |my |our )?\w+(?: \w+)?$", re.IGNORECASE)
_TOLD: Final = r"(?:tell|let|inform|notify|message|dm|ping)"
_HEARS: Final = (
    rf"^{_TOLD}\s+(?P<who>{_PERSON}|NAMES)(?:\s+know)?(?:\s+(?:about|of|in {_CHANNEL}))*\s+"
    r"(?P<what>(?:how (?:many|much)|which|what|whether|who|the|our|my)\b.*)$"
)
_TO_PEOPLE: Final = Beyond(
    short(r"$^"),
    "I can't write to single people: results are posted in this thread.",
    delivers=True,
)
_TO_CHANNELS: Final = Beyond(
    short(r"$^"),
    "I can't post in another channel: results are posted in this thread.",
    delivers=True,
)


@dataclass(frozen=True)
class Parted:
    """An order without where its result is to go; `part` is what was left out, on account of `kind`."""

    rest: str
    part: str
    kind: Beyond

    @property
    def said(self) -> str:
        """What is said beside the plan of the rest."""
        return text("I left out: “{words}”. {why}", words=self.part[:200], why=self.kind.missing)

    @property
    def left(self) -> str:
        """What is said where the rest isn't wanted."""
        return text("Then I leave it. {why}", why=self.kind.missing)

    @property
    def gap(self) -> Gap:
        """Whether the rest is wanted all the same."""
        return Gap(
            slot=f"target delivery · {sha256(self.rest.encode())[:8]}",
            question=text("{missing} Show it here instead?", missing=self.kind.missing),
            options=(SHOW, LEAVE),
            default=SHOW,
            matters="effects",
            accepts=(),
        )


def without_delivery(request: PlanRequest) -> Parted | None:
    """The order parted like that; None where it can all be done, or nothing would be left."""
    line = _CAME.sub(lambda came: came[0].replace(" ", _KEPT), bare(request.text))
    parted = _told(line, request) or _and_sent(line) or _sent(line)
    return parted and replace(
        parted, rest=parted.rest.replace(_KEPT, " "), part=parted.part.replace(_KEPT, " ")
    )


def _told(line: str, request: PlanRequest) -> Parted | None:
    """ "tell @bo how many tickets are open": somebody is to hear what the files say."""
    names = [re.escape(person.display) for person in request.people if person.display]
    match = re.match(_HEARS.replace("NAMES", "|".join(names) or "$^"), line, re.IGNORECASE)
    if match is None:
        return None
    kind = _TO_CHANNELS if re.search(_CHANNEL, match[0][: match.start("what")]) else _TO_PEOPLE
    rest = _WAY.sub("", match["what"])
    return Parted(rest, line[: match.start("what")].strip(), kind)


def _and_sent(line: str) -> Parted | None:
    """ "total revenue by region, and mail it to bo@shop.test"."""
    trailing = _TRAILING.search(line)
    kind = _kind(trailing["order"]) if trailing else None
    if trailing is None or kind is None:
        return None
    return Parted(line[: trailing.start()].strip(" ,;"), trailing["order"], kind)


def _sent(line: str) -> Parted | None:
    """ "send the total revenue by mail to bo@shop.test"."""
    match, kind = _LEADS.match(line), _kind(line)
    if match is None or kind is None:
        return None
    ways = [way[0].strip(" ,") for way in _WAY.finditer(match["what"])]
    rest = _WAY.sub("", match["what"])
    if kind.delivers and kind not in {_TO_PEOPLE, _TO_CHANNELS} and not _SAVES.match(line):
        ways += [said[0].strip() for said in [_ADDRESSED.search(rest)] if said]
        rest = _ADDRESSED.sub("", rest)
    part = " ".join([line[: match.start("what")].strip(), "…", *ways]) if ways else line
    return Parted(rest.strip(" ,"), part, kind)


_SAVES: Final = short(r"^(?:put|add|post|publish|export|copy|write|import|save)\b", re.IGNORECASE)


def _kind(order: str) -> Beyond | None:
    """Why the order's result can't go there; None where it can."""
    kind = beyond(order)
    if kind is not None:
        return kind if kind.delivers else None
    if not _LEADS.match(order):
        return None
    if re.search(rf"\b(?:to|in|into|on|with)\s+{_CHANNEL}", order, re.IGNORECASE):
        return _TO_CHANNELS
    return _TO_PEOPLE if re.search(rf"\b(?:to|with)\s+{_PERSON}", order) else None
