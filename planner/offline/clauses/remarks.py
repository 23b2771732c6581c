"""What is said of the whole request: reviews, demands, failures, priority, tries and cost.

Each remark is taken out of the text before its orders are read.
"""

import re
from collections.abc import Callable
from typing import Final

from memory.model.agents.spec import INSTRUCTED, EffectClass
from memory.model.text import text
from memory.model.work.plan import OnFailure
from planner.compiling.checking import QUOTES, unknown_check
from planner.compiling.lengths import WRITING
from planner.draft import CannotPlan, DraftCheck, DraftReview
from planner.lexicon.words import NUMBER, number, word_set
from planner.names import capital
from planner.offline.clauses.contradictions import left_alone
from planner.offline.sketch import Sketch, Step

MOST_ROUNDS: Final = 3
_NOBODY = word_set("me us hand eye care")
_EDGE = r"(?P<edge>^|[,;.]|(?<!\n)\n|\band\b|\bthen\b)\s*+(?:and |but |then |please ){0,3}"
_END = r"(?=[\s.,;:!]|$)"
_TIMES = rf"(?P<n>once|twice|{NUMBER})"
_THING = r"(?:anything|something|a step|any step|a task|any task|one (?:step|task)|it|one)"
_FAILS = rf"(?:if|when|as soon as|should) {_THING} (?:fails?|goes wrong|breaks?)"
_DO = (
    r"(?:(?P<stop>stop|abort|halt|cancel)(?: (?:everything|all|the rest|the run|at once|it))?"
    r"|(?P<ask>ask|tell|consult) (?:me|us)(?: (?:first|what to do))?"
    r"|(?P<continue>go on|continue|keep going|carry on)(?: (?:with the rest|anyway|regardless))?)"
)
_REVIEWED = r"(?:have|let|get|ask) (?P<who>[A-Za-z][\w .-]{0,30}?) (?:to )?review it(?: for (?P<for>[\w ,-]{1,60}?))?"
_PRIORITIES = {"urgent": "urgent", "high": "high", "low": "low", "normal": "normal",
               "not urgent": "low"}  # fmt: skip

Match = re.Match[str]
Keep = Callable[[Sketch, Match], bool]
"""Keeps what a remark says; False where it is not one after all."""


def taken(sketch: Sketch, words: str) -> str:
    """Keep the remarks; gives back the text without them. Raises CannotPlan."""
    for pattern, keep in _REMARKS:
        for match in reversed([*pattern.finditer(words)]):
            if keep(sketch, match):
                edge = match["edge"] if match["edge"] in {".", ";", ",", "\n"} else ""
                words = f"{words[: match.start()]}{edge} {words[match.end() :]}"
        words = words.strip(" ,;:")
    return words


def _ask_of(writer: Step, sketch: Sketch) -> None:
    writer.review = sketch.review
    if sketch.demands:
        writer.instruction = " ".join([f"{writer.instruction.rstrip(' .')}.", *sketch.demands])


def _tell_unasked(sketch: Sketch) -> None:
    if sketch.review:
        sketch.unread.append(text("the review, as nothing is written"))
    if sketch.demands:
        sketch.unread.append(text("what the text must be like, as none is written"))


def _tell_left_alone(sketch: Sketch) -> None:
    orders = [capital(order) for order in left_alone(sketch.request.text)]
    for step in [step for step in sketch.steps if step.instruction and orders]:
        step.instruction = ". ".join([step.instruction.rstrip(" ."), *orders])


def attach(sketch: Sketch) -> None:
    """Give the review and the demands to the last text that is written; told where there is none.

    Everybody who is told in words is told what to leave alone.
    """
    _tell_left_alone(sketch)
    writers = [step for step in sketch.steps if step.type in WRITING]
    if writers:
        _ask_of(writers[-1], sketch)
    else:
        _tell_unasked(sketch)
    for last in (writers or sketch.steps)[-1:]:
        last.checks = tuple(sketch.checks)


def _demanded(sketch: Sketch, match: Match) -> bool:
    sketch.demands.insert(0, f"It {match['demand']}.")
    return True


def _checked(sketch: Sketch, match: Match) -> bool:
    name, catalogue = match["name"], sketch.request.catalogue
    known = {check.name.casefold() for check in catalogue.checks}
    if name.casefold() in known:
        sketch.checks.insert(0, DraftCheck(kind="program", value=name))
        return True
    people = (*sketch.request.people, sketch.request.author)
    somebody = {person.display.casefold() for person in people} | _NOBODY
    by_agent = name.casefold() in somebody or catalogue.find(name) is not None
    if match["plain"] or (known and match["end"] is not None and not by_agent):
        raise CannotPlan("{reason}", reason=unknown_check(name, catalogue))
    return False


def _when_failed(sketch: Sketch, match: Match) -> bool:
    policies: tuple[OnFailure, ...] = ("stop", "ask", "continue")
    sketch.on_failure = next(policy for policy in policies if match[policy])
    return True


def _prioritised(sketch: Sketch, match: Match) -> bool:
    words = next(match[name] for name in "abcd" if match[name]).lower()
    sketch.limits["priority"] = _PRIORITIES[words.removesuffix(" priority")]
    return True


def _tried(sketch: Sketch, match: Match) -> bool:
    sketch.limits["attempts"] = number(match["n"])
    return True


def _priced(sketch: Sketch, match: Match) -> bool:
    sketch.limits["max_cost_usd"] = float(match["n"])
    return True


def _reviewed(sketch: Sketch, match: Match) -> bool:
    words = match.groupdict()
    spec = sketch.request.catalogue.find((words.get("until") or words["who"] or "").strip())
    if spec is None or spec.kind not in INSTRUCTED or spec.effect is not EffectClass.READ:
        return False
    rounds = number(words["n"]) if "n" in words else MOST_ROUNDS
    if rounds > MOST_ROUNDS:
        sketch.assume(text("A review has at most {most} rounds.", most=MOST_ROUNDS))
    sketch.review = DraftReview(
        agent=spec.name, rounds=max(1, min(MOST_ROUNDS, rounds)), criteria=words.get("for") or ""
    )
    return True


def _left_to_coverage(_: Sketch, _match: Match) -> bool:
    """Deadlines and what all of it may cost bind the whole plan: planner.coverage sees to them."""
    return True


def _remark(pattern: str, keep: Keep, end: str = _END) -> tuple[re.Pattern[str], Keep]:
    return re.compile(f"{_EDGE}{pattern}{end}", re.IGNORECASE), keep


_REMARKS: Final = (
    _remark(
        r"(?:(?:it|which|that|the \w+) )?(?P<demand>(?:must|has to|needs to|should) (?:not )?(?:also )?"
        rf"(?:(?:contain|mention|include|hold) (?:(?:the \w+ )?{QUOTES}|(?:any )?(?:secrets|passwords|keys))"
        r"|be (?:only )?valid (?:json|csv|markdown)))",
        _demanded,
    ),
    _remark(
        r"(?:check|verify) (?:it|this|that|them|the \w+) (?:with|by|using) (?:the )?"
        r"(?P<name>[A-Za-z][\w.-]{0,60}?)(?P<plain> check)?",
        _checked,
        end=r"(?=(?P<end>[,;!]|\.?$|\.\s| and | then )|\s)",
    ),
    _remark(rf"{_DO},? {_FAILS}", _when_failed),
    _remark(rf"{_FAILS},? (?:then )?{_DO}", _when_failed),
    _remark(
        r"(?:(?:this|it) is (?P<a>urgent|low priority|high priority|not urgent)"
        r"|(?:with|at|as) (?P<b>urgent|high|low|normal) priority|priority:? (?P<c>urgent|high|low|normal)"
        r"|(?P<d>urgent)(?=:))",
        _prioritised,
    ),
    _remark(
        rf"(?:try|attempt) (?:it|each step|every step|each task) (?:at most |up to )?{_TIMES}(?: times?)?",
        _tried,
    ),
    _remark(
        r"(?:spend|pay) (?:at most|no more than|up to) \$(?P<n>\d+(?:\.\d+)?) (?:on|for|per) "
        r"(?:each|every|any) (?:step|task)",
        _priced,
    ),
    _remark(
        r"(?:(?:it|this|that|everything|all of it) (?:has to|must|should|needs to) be (?:done|ready|finished)"
        r"|(?:please )?(?:finish|be done|have (?:it|this|everything) (?:done|ready))|i need (?:it|this|that|all of it))"
        r"(?: all)? (?:by|before|within|until|no later than) [^,.;:\n]{2,30}:?",
        _left_to_coverage,
        end=r"(?=[\s.,;:!]|$)",
    ),
    _remark(
        r"(?:(?:spend|pay) nothing(?: (?:on|for) (?:this|it|that))?"
        r"|(?:(?:it|this) (?:may|must|should|can) (?:only )?cost|spend|pay|the budget is|budget:?)? ?"
        r"(?:at most|no more than|not more than|max(?:imum)?|up to|less than) "
        r"(?:[$€£] ?\d[\d.,]*\d|[$€£] ?\d|\d+(?:\.\d+)? ?(?:dollars?|usd|cents?|bucks))"
        r"(?: (?:in (?:all|total)|altogether|on (?:it|this)|for (?:it|this)))?):?",
        _left_to_coverage,
    ),
    _remark(
        rf"{_REVIEWED},? (?:at most|up to|no more than|in|with|for) (?:at most |up to )?{_TIMES} "
        r"(?:more )?rounds?(?: of review)?",
        _reviewed,
    ),
    _remark(
        rf"(?:{_REVIEWED}|revise it|rework it|improve it),? until (?P<until>[A-Za-z][\w-]{{0,30}}) is "
        r"(?:happy|satisfied|content)(?: with it)?",
        _reviewed,
    ),
)
"""Every kind of remark, and who keeps it."""
