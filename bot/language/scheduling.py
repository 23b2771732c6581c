"""Words and buttons about schedules: list, show, pause, resume, delete, run, change. Pure."""

import re
from typing import Final

from bot.language.intents import ScheduleOrder, ScheduleVerb, Unclear
from memory.model.base import Model
from memory.model.errors import BadInput
from memory.model.text import sentence
from memory.model.timing.schedule import ZONE_SLOT
from planner.timing.zones import find_zone

_LIST: Final = re.compile(
    r"^(?:(?:show|list|what|which)(?: me)?(?: are)?(?: the| my| our| all)*\s+)?(?:schedules|reminders)"
    r"(?: (?:are there|do (?:you|we|i) have|have (?:we|i) got|are (?:set|open|left|planned)))?[?.!]?$",
    re.IGNORECASE,
)
_VERBS: Final[dict[str, ScheduleVerb]] = {
    "show": "show", "pause": "pause", "hold": "pause", "stop": "pause", "resume": "resume",
    "continue": "resume", "unpause": "resume", "delete": "delete", "remove": "delete",
    "drop": "delete", "cancel": "delete", "run": "run", "start": "run",
}  # fmt: skip
_ONE: Final = re.compile(
    rf"^(?:(?P<verb>{'|'.join(_VERBS)})\s+)?(?:the\s+|my\s+|our\s+|that\s+)?(?:schedule|reminder)\s*#?(?P<number>\d{{1,6}})?"
    r"(?:\s+(?:now|at once|once more|please))?[.!]?$",
    re.IGNORECASE,
)
_CHANGE: Final = re.compile(
    r"^(?:change|move|set|edit|reschedule)\s+(?:the\s+)?(?:schedule|reminder)\s*#?(?P<number>\d{1,6})?\s*"
    r"(?:to\b\s*|(?P<work>[:,])\s*)?(?P<text>.*)$",
    re.IGNORECASE | re.DOTALL,
)

_ZONE: Final = re.compile(
    r"^(?:please )?(?:remember(?: that)?[,:]? )?(?:set\s+)?"
    r"(?P<whose>my|our|the|the project's|this project's)\s+time\s*zone\s*"
    r"(?:is|to|=|:)\s*(?P<zone>[\w/ +\-]{2,60}?)(?:\s+time)?[.!]?$",
    re.IGNORECASE,
)


class ZoneWish(Model):
    """The zone that somebody's times are in; `everyone`: in the whole project."""

    slot: str = ZONE_SLOT
    value: str
    everyone: bool


def zone_wish(text: str) -> ZoneWish | None:
    """The wish in `my time zone is Berlin`. Raises BadInput for a zone that there isn't."""
    found = _ZONE.match(" ".join(text.replace("’", "'").replace("`", " ").split()))
    if found is None:
        return None
    zone = find_zone(found["zone"])
    if zone is None:
        raise BadInput("I don't know that time zone; say it like `Europe/Berlin`.")
    return ZoneWish(value=zone, everyone=found["whose"].casefold() != "my")


def scheduling(text: str) -> ScheduleOrder | Unclear | None:
    """What is meant where the words are about schedules, else None."""
    if len(text) > 300:
        return None
    said = " ".join(text.replace("’", "'").replace("`", " ").split())
    if _LIST.match(said):
        return ScheduleOrder(what="list")
    found = _ONE.match(said)
    if found is not None and (found["verb"] or found["number"]):
        return _order(_VERBS[(found["verb"] or "show").casefold()], found["number"])
    changed = _CHANGE.match(said)
    return _changed(changed) if changed is not None else None


def _changed(changed: re.Match[str]) -> ScheduleOrder | Unclear | None:
    if not (changed["number"] or changed["text"]):
        return None
    if changed["number"] and not changed["text"]:
        return Unclear(
            say=sentence(
                "Say the new times, for example `change schedule {number} to every Friday at 17:00`.",
                number=changed["number"],
            )
        )
    order = _order("change", changed["number"], changed["text"])
    if isinstance(order, Unclear):
        return order
    return order.model_copy(update={"work": bool(changed["work"])})


def _order(verb: ScheduleVerb, number: str | None, text: str = "") -> ScheduleOrder | Unclear:
    if not number:
        return Unclear(
            say=sentence(
                "Name it by its number, for example `{verb} schedule 1`; `schedules` lists them.",
                verb=verb,
            )
        )
    return ScheduleOrder(what=verb, number=int(number), text=text)
