"""What a result must be like, in words: "it must contain “honey”", "check it with lint"."""

import re

from planner.compiling.checking import QUOTES, unknown_check
from planner.compiling.lengths import WRITING
from planner.draft import DraftCheck
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.sketch import Sketch

_EDGE = r"(?:^|[,;.\n]|\band\b|\bthen\b)\s*(?:and |then |please )*"
_MUST = re.compile(
    rf"{_EDGE}(?:(?:it|which|that|the \w+) )?"
    r"(?P<said>(?:must|has to|needs to|should) (?:not )?(?:also )?"
    r"(?:(?:contain|mention|include|hold) "
    rf"(?:(?:the \w+ )?{QUOTES}|(?:any )?(?:secrets|passwords|keys))"
    r"|be (?:only )?valid (?:json|csv|markdown)))(?=[\s.,;!]|$)",
    re.IGNORECASE,
)
_WITH = re.compile(
    rf"{_EDGE}(?:check|verify) (?:it|this|that|them|the \w+) (?:with|by|using) (?:the )?"
    r"(?P<name>[A-Za-z][\w.-]{0,60}?)(?P<plain> check)?(?=(?P<end>[,;!]|\.?$|\.\s| and | then )|\s)",
    re.IGNORECASE,
)
_NOBODY = frozenset({"me", "us", "hand", "eye", "care"})


def taken(sketch: Sketch, text: str) -> str:
    """Keep what is demanded of the result; gives back the text without it. Raises CannotPlan."""
    for found in [*_MUST.finditer(text)][::-1]:
        sketch.demands.insert(0, f"It {found['said']}.")
        text = _without(text, found)
    for found in [*_WITH.finditer(text)][::-1]:
        name, ends = found["name"], found["end"] is not None
        known = {one.name.casefold() for one in sketch.request.catalogue.checks}
        if name.casefold() in known:
            sketch.checks.insert(0, DraftCheck(kind="program", value=name))
            text = _without(text, found)
        elif found["plain"] or (known and ends and not _is_somebody(sketch, name)):
            raise CannotPlan(unknown_check(name, sketch.request.catalogue))
    return text


def settled(sketch: Sketch) -> None:
    """Give the demands to the last text that is written, and the programs to it or the last step."""
    writers = [step for step in sketch.steps if step.type in WRITING]
    if sketch.demands and not writers:
        sketch.unread.append("what the text must be like, as none is written")
        return
    if sketch.demands:
        said = writers[-1].instruction.rstrip(" .")
        writers[-1].instruction = " ".join([f"{said}.", *sketch.demands])
    if sketch.checks and sketch.steps:
        (writers or sketch.steps)[-1].checks = tuple(sketch.checks)


def _is_somebody(sketch: Sketch, name: str) -> bool:
    people = {one.display.casefold() for one in (*sketch.request.people, sketch.request.author)}
    known = name.casefold() in people | _NOBODY
    return known or sketch.request.catalogue.find(name) is not None


def _without(text: str, found: "re.Match[str]") -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip(" ,;")
