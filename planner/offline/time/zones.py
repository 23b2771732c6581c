"""Time zones in words: "Berlin time", "Europe/Berlin", "ET", "UTC". Pure."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from memory.model.timing.schedule import zone_names

ABBREVIATIONS: Final[Mapping[str, str]] = {
    "utc": "UTC", "gmt": "UTC", "z": "UTC",
    "cet": "Europe/Berlin", "cest": "Europe/Berlin", "mez": "Europe/Berlin",
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "eastern": "America/New_York", "ct": "America/Chicago", "cdt": "America/Chicago",
    "central": "America/Chicago", "mt": "America/Denver", "mdt": "America/Denver",
    "mountain": "America/Denver", "pt": "America/Los_Angeles", "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles", "pacific": "America/Los_Angeles",
    "uk": "Europe/London", "jst": "Asia/Tokyo", "aest": "Australia/Sydney",
}  # fmt: skip
"""What people write for zones; where one stands for several (IST, BST, CST) it is asked about."""

PLACES: Final[Mapping[str, str]] = {
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "frankfurt": "Europe/Berlin",
    "cologne": "Europe/Berlin", "german": "Europe/Berlin", "germany": "Europe/Berlin",
    "french": "Europe/Paris", "france": "Europe/Paris", "barcelona": "Europe/Madrid",
    "milan": "Europe/Rome", "geneva": "Europe/Zurich", "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles", "boston": "America/New_York", "washington": "America/New_York",
    "miami": "America/New_York", "austin": "America/Chicago", "dallas": "America/Chicago",
    "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata",
    "india": "Asia/Kolkata", "beijing": "Asia/Shanghai", "japan": "Asia/Tokyo",
    "edinburgh": "Europe/London", "manchester": "Europe/London",
}  # fmt: skip

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
_REGIONS: Final = frozenset(
    (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
)
_LOCAL: Final = re.compile(
    r"\(?(?:in\s+)?(?:my|our|local)\s+(?:local\s+)?time(?:\s*zone)?\)?", re.I
)


def take_zone(text: str, start: int) -> tuple[str, int] | None:
    """The zone that is named there and where its name ends; "" for the speaker's own.

    Raises ValueError with a sentence for a name that is none or may be several.
    """
    own = _LOCAL.match(text, start)
    if own:
        return "", own.end()
    found = _NAME.match(text, start)
    if found is None:
        return None
    if found["unsure"]:
        raise ValueError(
            f"{found['unsure']} is the name of several time zones; name a city, for example "
            "“London time”."
        )
    said = found["path"] or found["short"] or found["place"]
    zone = find_zone(said)
    closed = _CLOSED.match(text, found.end()) is not None
    if found["short"] and not (said.isupper() or closed or "time" in found[0].casefold()):
        return None
    if zone is None and ((closed and said[:1].isupper()) or said.partition("/")[0] in _REGIONS):
        raise ValueError(f"I do not know the time zone “{said}”; say it like Europe/Berlin.")
    return (zone, found.end()) if zone is not None else None


def find_zone(said: str) -> str | None:
    """The zone of that name, city or abbreviation."""
    key = " ".join(said.casefold().replace("_", " ").split())
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
    return {city: found[0] for city, found in cities.items() if len(found) == 1} | full
