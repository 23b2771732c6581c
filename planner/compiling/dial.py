"""Whether a request asks for cheap work or for the best, in its own words. Pure."""

import re
from typing import Final

from memory.model.agents.routing import Dial
from memory.model.work.preference import PREFER_CHEAP
from planner.port import PlanRequest

_WORKERS: Final = r"(?:agents?|models?|one|option|ki|modelle?|modèles?|modelos?)"
_WORDS: Final = {
    Dial.CHEAP: (
        rf"cheaply|on the cheap|(?:cheap|cheaper|cheapest|low-cost|inexpensive) {_WORKERS}|"
        r"(?:save|saving) money|keep (?:it|this|the costs?) (?:cheap|low|down)|"
        r"as (?:cheap|little money) as (?:possible|you can)|"
        rf"(?:billigst|günstigst)(?:e|es|en)? {_WORKERS}|möglichst (?:billig|günstig)|"
        rf"le moins cher possible|{_WORKERS} (?:moins chers?|más baratos?)|lo más barato posible"
    ),
    Dial.BALANCED: r"balanced (?:quality|choice|dial)|good value",
    Dial.BEST: (
        rf"(?:best|highest|top|finest) (?:possible )?quality|(?:best|most capable|strongest) "
        rf"{_WORKERS}|(?:cost|money|price) is no (?:object|issue)|spare no expense|"
        r"whatever it costs|beste[rn]? qualität|koste es,? was es wolle|"
        r"meilleure qualité|quel qu'en soit le prix|(?:mejor|máxima) calidad|cueste lo que cueste"
    ),
}
"""What is said of how work is to be done, never a bare "cheap", which may be what it is about."""

_SAID: Final = re.compile(
    "|".join(rf"(?P<{dial.value}>\b(?:{words})\b)" for dial, words in _WORDS.items()),
    re.IGNORECASE,
)


def dial_of(request: PlanRequest) -> Dial:
    """What the request says, the last word first; else what is preferred, else what is set."""
    said = [match.lastgroup for match in _SAID.finditer(request.text.replace("’", "'"))]
    if said:
        return Dial(str(said[-1]))
    if request.preferences.get(PREFER_CHEAP) == "cheaper":
        return Dial.CHEAP
    return request.routing.dial
