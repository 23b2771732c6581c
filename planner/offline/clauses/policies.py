"""How a run is to be gone about: "if anything fails, ask me", "urgent", "try it at most twice"."""

import re

from memory.model.work.plan import OnFailure
from planner.offline.grammar.words import NUMBERS
from planner.offline.sketch import Sketch

_THING = r"(?:anything|something|a step|any step|a task|any task|one (?:step|task)|it|one)"
_FAILS = rf"(?:if|when|as soon as|should) {_THING} (?:fails?|goes wrong|breaks?)"
_EDGE = r"(?P<edge>^|[.;,\n]|\band\b|\bthen\b)\s*(?:please )?"
_POLICIES: tuple[tuple[str, OnFailure], ...] = (
    (r"(?:stop|abort|halt|cancel)(?: (?:everything|all|the rest|the run|at once|it))?", "stop"),
    (r"(?:ask|tell|consult) (?:me|us)(?: (?:first|what to do))?", "ask"),
    (r"(?:go on|continue|keep going|carry on)(?: (?:with the rest|anyway|regardless))?", "continue"),
)  # fmt: skip
_PRIORITY = re.compile(
    rf"{_EDGE}(?:(?:this|it) is (?P<a>urgent|low priority|high priority|not urgent)"
    r"|(?:with|at|as) (?P<b>urgent|high|low|normal) priority|priority:? (?P<c>urgent|high|low|normal)"
    r"|(?P<d>urgent):)(?=[\s.,;!]|$)",
    re.IGNORECASE,
)
_TRIES = re.compile(
    rf"{_EDGE}(?:try|attempt) (?:it|each step|every step|each task) (?:at most |up to )?"
    rf"(?P<n>\d+|once|twice|{'|'.join(NUMBERS)})(?: times?)?(?=[\s.,;!]|$)",
    re.IGNORECASE,
)
_COST = re.compile(
    rf"{_EDGE}(?:spend|pay) (?:at most|no more than|up to) \$(?P<n>\d+(?:\.\d+)?) (?:on|for|per) "
    r"(?:each|every|any) (?:step|task)(?=[\s.,;!]|$)",
    re.IGNORECASE,
)
_WORDS = {"low priority": "low", "high priority": "high", "not urgent": "low"}


def taken(sketch: Sketch, text: str) -> str:
    """Keep what is said of the run as a whole; gives back the text without it."""
    for words, policy in _POLICIES:
        for pattern in (rf"{_EDGE}{words},? {_FAILS}", rf"{_EDGE}{_FAILS},? (?:then )?{words}"):
            found = re.search(rf"{pattern}(?=[\s.,;:!]|$)", text, re.IGNORECASE)
            if found:
                sketch.on_failure = policy
                text = _without(text, found)
    found = _PRIORITY.search(text)
    if found:
        said = next(found[name] for name in "abcd" if found[name]).lower()
        sketch.limits["priority"] = _WORDS.get(said, said)
        text = _without(text, found)
    found = _TRIES.search(text)
    if found:
        said = found["n"].lower()
        known = {"once": 1, "twice": 2, **NUMBERS}
        sketch.limits["attempts"] = known[said] if said in known else int(said)
        text = _without(text, found)
    found = _COST.search(text)
    if found:
        sketch.limits["max_cost_usd"] = float(found["n"])
        text = _without(text, found)
    return text


def _without(text: str, found: "re.Match[str]") -> str:
    """What stands before and after stays apart."""
    edge = found["edge"] if found["edge"] in {".", ";", ",", "\n"} else ""
    return f"{text[: found.start()]}{edge} {text[found.end() :]}".strip(" ,;:")
