"""Time zones in words: "Berlin time", "Europe/Berlin", "ET", "UTC". Pure."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from memory.model.errors import OrchestraError
from memory.model.timing.schedule import zone_names
from planner.lexicon.words import word_set


def _by_place(**lines: str) -> Mapping[str, str]:
    return {
        name: zone.replace("__", "/") for zone, names in lines.items() for name in names.split(", ")
    }


ABBREVIATIONS: Final = _by_place(
    UTC="utc, gmt, z",
    Europe__Berlin="cet, cest, mez",
    Europe__London="uk",
    America__New_York="et, est, edt, eastern",
    America__Chicago="ct, cdt, central",
    America__Denver="mt, mdt, mountain",
    America__Los_Angeles="pt, pst, pdt, pacific",
    Asia__Tokyo="jst",
    Australia__Sydney="aest",
)
"""What people write for zones; where one stands for several (IST, BST, CST) it is asked about."""

PLACES: Final = _by_place(
    Europe__Berlin="munich, hamburg, frankfurt, cologne, german, germany",
    Europe__Paris="french, france",
    Europe__Madrid="barcelona",
    Europe__Rome="milan",
    Europe__Zurich="geneva",
    Europe__London="edinburgh, manchester",
    America__Los_Angeles="san francisco, seattle",
    America__New_York="boston, washington, miami",
    America__Chicago="austin, dallas",
    Asia__Kolkata="mumbai, delhi, bangalore, india",
    Asia__Shanghai="beijing",
    Asia__Tokyo="japan",
)
"""Places that give no zone its name."""

_SHORT: Final = "|".join(sorted(ABBREVIATIONS, key=len, reverse=True))
_NAME: Final = re.compile(
    r"\(?(?:in\s+|by\s+)?(?:the\s+)?(?:"
    r"(?P<path>[A-Z][A-Za-z]+/[A-Za-z_]+(?:[/\-][A-Za-z_]+)*)(?:\s+time(?:\s*zone)?)?"
    rf"|(?P<short>(?i:{_SHORT}))\b(?:\s+time\b)?"
    r"|(?P<place>[^\W\d_]+(?:[ \-][^\W\d_]+){0,2}?)(?:'s)?\s+time(?:\s*zone)?\b"
    r"|(?P<unsure>IST|BST|CST)\b"
    r")\)?"
)
_CLOSED: Final = re.compile(r"\s*(?:[:,.;)]|$)")
_REGIONS: Final = word_set(
    "Africa America Antarctica Asia Atlantic Australia Europe Indian Pacific"
)
_LOCAL: Final = re.compile(
    r"\(?(?:in\s+)?(?:my|our|local)\s+(?:local\s+)?time(?:\s*zone)?\)?", re.I
)


class CannotRead(OrchestraError):
    """It is a schedule, and one that can't be kept; the text says what can."""


def take_zone(line: str, start: int) -> tuple[str, int] | None:
    """The zone that is named there and where its name ends; "" for the speaker's own.

    Raises CannotRead for a name that is none or may be several.
    """
    own = _LOCAL.match(line, start)
    if own:
        return "", own.end()
    match = _NAME.match(line, start)
    if match is None:
        return None
    if match["unsure"]:
        raise CannotRead("{zone} is the name of several time zones. Name a city instead, for example "
                 "“London time”.", zone=match["unsure"])  # fmt: skip
    words = match["path"] or match["short"] or match["place"]
    zone = find_zone(words)
    is_word = match["short"] and _is_word(line, match)
    if zone is not None and not is_word:
        return zone, match.end()
    if zone is None:
        _check_no_name(words, closed=_CLOSED.match(line, match.end()) is not None)
    return None


def _check_no_name(words: str, *, closed: bool) -> None:
    if _is_name(words, closed=closed):
        raise CannotRead(
            "I don't know the time zone “{zone}”. Write it like Europe/Berlin.", zone=words
        )


def _is_word(line: str, match: "re.Match[str]") -> bool:
    """Whether an abbreviation is a word like any other here: "mt", "pt" within a sentence."""
    closed = _CLOSED.match(line, match.end()) is not None
    return not (match["short"].isupper() or closed or "time" in match[0].casefold())


def _is_name(words: str, *, closed: bool) -> bool:
    """Whether words that are no zone were meant to be one."""
    return (closed and words[:1].isupper()) or words.partition("/")[0] in _REGIONS


def find_zone(words: str) -> str | None:
    """The zone of that name, city or abbreviation."""
    key = " ".join(words.casefold().replace("_", " ").split())
    return ABBREVIATIONS.get(key) or PLACES.get(key) or _by_name().get(key)


@cache
def _by_name() -> dict[str, str]:
    """Zones by their full name and by their city, where only one continent has that city."""
    names = sorted(name for name in zone_names() if not name.startswith(("posix", "right", "Etc")))
    full = {name.casefold().replace("_", " "): name for name in names}
    cities: dict[str, list[str]] = {}
    for name in names:
        if "/" in name:
            cities.setdefault(name.rpartition("/")[2].casefold().replace("_", " "), []).append(name)
    return {city: zones[0] for city, zones in cities.items() if len(zones) == 1} | full
