"""Words that let somebody approve in one's place: "while I'm away until Friday, Kim may approve for
me". Pure."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.language.intents import EndLent, Lend, Unclear
from memory.model.patterns import Short, short
from memory.model.text import sentence
from planner.timing.dates import dates_in

SAY_UNTIL: Final = sentence(
    "Until when, and who? Say it like `@kim may approve for me until Friday`; three months at most."
)
_MOST_CHARS: Final = 300
_NAME: Final = r"(?P<name><?@?[\w.\-]+>?(?:\s[\w.\-]+)?)"
_AWAY: Final = (
    r"(?:(?:(?:while|when|as|since)\s+)?i(?:'m| am)\s+(?:away|out|off|gone|on\s+\w++)"
    r"(?:\s+(?P<until>(?:until|till|through)\s+[^,]+))?\s*,?\s*)?"
)
_FOR_ME: Final = r"(?:for me|in my place|on my behalf|instead of me)"
_MAY: Final = r"(?:may|can|should|will|is allowed to|could)"
_WHEN: Final = r"(?:\s*,?\s*(?P<then>(?:until|till|through|while)\b.+))?"
_LEND: Final = (
    short(
        rf"^{_AWAY}{_NAME}\s+{_MAY}\s+approve(?:\s+(?:things|plans|everything))?\s+{_FOR_ME}{_WHEN}$",
        re.IGNORECASE,
        most=_MOST_CHARS,
    ),
    short(rf"^{_AWAY}let\s+{_NAME}\s+approve\s+{_FOR_ME}{_WHEN}$", re.IGNORECASE, most=_MOST_CHARS),
    short(
        rf"^{_AWAY}delegate\s+(?:my\s+)?approvals?\s+to\s+{_NAME}{_WHEN}$",
        re.IGNORECASE,
        most=_MOST_CHARS,
    ),
)
_END: Final = (
    re.compile(
        rf"^{_NAME}\s+(?:may|can)(?:not|'t| not| no longer)\s+approve\s+{_FOR_ME}(?:\s+any\s?more)?$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:end|stop|remove|revoke)\s+(?:my\s+|the\s+)?delegations?(?:\s+to\s+{_NAME})?$",
        re.IGNORECASE,
    ),
)
_CLOCK: Final = re.compile(
    r"\b(?:(?:at\s+)?(?P<h>\d{1,2}):(?P<m>\d\d)|(?:at\s+)?(?P<hour>\d{1,2})\s*(?P<half>am|pm))\b",
    re.I,
)
_NOON: Final = 12


def lending(text: str) -> Lend | EndLent | Unclear | None:
    """What the words say about approving for somebody; None for other words."""
    plain = " ".join(text.replace("’", "'").split()).rstrip(".!")
    if len(plain) > _MOST_CHARS:
        return None
    ended, found = _first(_END, plain), _first(_LEND, plain)
    if ended is not None:
        return EndLent(name=ended["name"] or "")
    if found is None:
        return None
    said = found["until"] or found["then"] or ""
    return Lend(name=found["name"], until=said) if said else Unclear(say=SAY_UNTIL)


def _first(patterns: Iterable[re.Pattern[str] | Short], text: str) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.match(text))), None)


def until(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The end that the words name: that time, or the end of that day; None where they name none.

    Everything but the day and the time has to be a word that says nothing of when.
    """
    here = now.astimezone(zone)
    days = list(dates_in(words, here.date()))
    clock = _CLOCK.search(words)
    if len(days) != 1:
        return None
    start, end, iso = days[0]
    rest = f"{words[:start]} {words[end:]}"
    day = date.fromisoformat(iso)
    if clock is not None:
        rest = _CLOCK.sub(" ", rest, count=1)
    if any(map(str.isdigit, rest)):
        return None
    at = _time(clock) if clock is not None else time(0)
    if at is None:
        return None
    ends = datetime.combine(day, at, tzinfo=zone)
    return ends if clock is not None else ends + timedelta(days=1)


def _time(clock: re.Match[str]) -> time | None:
    if clock["h"]:
        hour, minute = int(clock["h"]), int(clock["m"])
    else:
        hour, minute = int(clock["hour"]) % _NOON, 0
        hour += _NOON if clock["half"].casefold() == "pm" else 0
    try:
        return time(hour, minute)
    except ValueError:
        return None
