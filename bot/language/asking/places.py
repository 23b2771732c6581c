"""The place whose time is asked for: a city that a time zone is called after. Pure."""

import re
from functools import cache
from typing import Final

from memory.model.base import name_key
from memory.model.timing.schedule import zone_names

_IN: Final = re.compile(r"\b(?:in|at|for|à|a|en|für)\s+(?P<place>[^\W\d_][\w .'-]*)")


def zone_in(words: str) -> str:
    """The zone that the words name by its city, "" for none."""
    for found in _IN.finditer(name_key(words)):
        place = found["place"].split()
        for size in range(min(3, len(place)), 0, -1):
            zone = _cities().get(" ".join(place[:size]).strip(" .'"))
            if zone:
                return zone
    return ""


@cache
def _cities() -> dict[str, str]:
    named = (zone for zone in sorted(zone_names()) if "/" in zone and not zone.startswith("Etc/"))
    return {name_key(zone.rpartition("/")[2].replace("_", " ")): zone for zone in named}
