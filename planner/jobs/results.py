"""Questions about a result that is there: how many rows, what it shows. Answered from its head. Pure."""

import re
from decimal import Decimal
from typing import Final

from pydantic import JsonValue

from memory.model.patterns import short
from memory.model.text import text
from memory.model.work.conversation import Conversation, Head
from memory.model.work.graph import Task, constants
from memory.model.work.plan import Plan
from planner.jobs.calculator import shown
from planner.jobs.wording import bare

_THAT: Final = (
    r"(?:it|this|that|these|those|(?:the|these|those) (?:results?|numbers?|figures?|table|data))"
)
_MEANING: Final = re.compile(
    rf"(?:so |and |but )?(?:what (?:does|do|can) (?:{_THAT}|we|i|you)(?: (?:tell|say|show|mean|learn|see|conclude)(?: us| me)?(?: (?:from|about|of) {_THAT})?)"
    rf"|(?:please )?(?:explain|interpret|summari[sz]e|sum up|describe) {_THAT}(?: to me)?(?: in (?:a|one|plain) (?:sentence|words?|english))?"
    rf"|what (?:stands out|is interesting|do you make of {_THAT})|what(?:'s| is) the (?:takeaway|gist|bottom line|upshot|message)(?: here)?)",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(
    rf"(?:and |so )?how many(?: (?:rows|lines|entries|results|records|of them|[a-z]+))? (?:are|is|were|was) (?:there|{_THAT}|they)(?: in total| altogether)?",
    re.IGNORECASE,
)


_WHY: Final = short(
    r"(?:and |but |so )?(?:why|how come) (?:is|are|was|were) (?P<what>\S.*?) (?:so |that |this |much |the ){0,3}"
    r"(?:high|low|big|small|large|many|few|higher|lower|bigger|smaller|highest|lowest|biggest|smallest|up|down)",
    re.IGNORECASE,
)


_OF_RESULT: Final = rf"(?:{_THAT}|they|(?:the|this|that|these|those) (?:chart|file|text|draft|report|list|summary|count|sum|total|plan|results?|numbers?|figures?|values?|amounts?|rows?|table|data))"
_SOURCE: Final = short(
    rf"(?:and |but |so )?(?:(?:which|what) (?:columns?|fields?|files?|data|table|rows?|numbers?)(?: and columns?)? (?:did|do|have) you (?:use[d]?|take[n]?|look(?:ed)? at|count(?:ed)?|sum(?:med)?)(?: for {_OF_RESULT})?"
    rf"|(?:which|what) (?:columns?|fields?|files?|data|table) (?:is|are|was|were) {_OF_RESULT} (?:from|based on|made of)|(?:where|what) (?:does|do|did) {_OF_RESULT} come from|where (?:is|are) {_OF_RESULT} from"
    rf"|how (?:did|do) you (?:calculate|compute|work out|get|count|reckon|arrive at|know)(?: to)? {_OF_RESULT}|how (?:was|is|were|are) {_OF_RESULT} (?:calculated|computed|worked out|made|counted)|what (?:is|are) {_OF_RESULT} (?:based on|made of)"
    r"|welche (?:spalten?|datei(?:en)?) hast du (?:benutzt|genommen|verwendet)|woher (?:kommt|kommen|stammt|stammen) (?:das|die zahl(?:en)?)|wie hast du das (?:berechnet|ausgerechnet)"
    r"|quelles? (?:colonnes?|fichiers?) (?:as-tu|tu as) (?:utilisée?s?|prise?s?)|d'où (?:vient|viennent) (?:ce chiffre|ces chiffres|ça)|(?:qué|que) (?:columnas?|archivos?) (?:usaste|has usado)|de dónde (?:sale|salen|viene|vienen) (?:eso|ese número|esos números))",
    re.IGNORECASE,
)
_MAKER: Final = short(
    rf"(?:and |but |so )?(?:who|which (?:agent|model|tool|of them)) (?:did|made|wrote|drew|calculated|ran|worked on|created|has (?:done|written|made)) {_OF_RESULT}"
    r"|wer hat (?:das|es|den text) (?:gemacht|geschrieben|berechnet)|qui a (?:fait|écrit|calculé) (?:ça|cela|le texte)|quién (?:lo|la) (?:hizo|escribió|calculó)|quién ha hecho eso",
    re.IGNORECASE,
)


def asks_of_making(words: str) -> bool:
    """Whether the words ask from what a plan or its result was made, or by whom."""
    line = bare(words).rstrip(" ?!.")
    return any(kind.fullmatch(line) for kind in (_SOURCE, _MAKER))


def asks_of_result(words: str) -> bool:
    """Whether the words ask what a result says, or how many rows it has."""
    line = bare(words).rstrip(" ?!.")
    return any(kind.fullmatch(line) for kind in (_MEANING, _COUNT, _WHY))


_ROW: Final = re.compile(
    r"(?P<link>\b(?:of|for|from|by|in|with)) (?:the|number) (?P<place>first|second|third|last|top|bottom|1|2|3)(?: one| row| entry| of (?:them|those|these))?[ ?.!]*$",
    re.IGNORECASE,
)
_PLACES: Final = {"first": 0, "top": 0, "1": 0, "second": 1, "2": 1, "third": 2, "3": 2, "last": -1, "bottom": -1}  # fmt: skip


def with_row_named(words: str, before: Conversation | None) -> str:
    """The words with the row of the newest result that they mean by its place called by its name:
    "the orders of the first one"; "" where they mean none.
    """
    found = _ROW.search(words)
    heads = [head for head in before.results if head.columns and head.rows] if before else []
    name = _row_name(heads[-1], found["place"]) if found and heads else ""
    return f"{words[: found.start()]}{found['link']} {name}" if found and name else ""


def _row_name(head: Head, said: str) -> str:
    """What the row at this place is called; "" for one that isn't at hand, or has a number for a name."""
    place = _PLACES[said.casefold()]
    at_hand = place < len(head.rows) if place >= 0 else head.total_rows == len(head.rows)
    name = head.rows[place][0] if at_hand else None
    return name if isinstance(name, str) else ""


def told(words: str, before: Conversation | None) -> str:
    """The answer from the newest plan and result of the thread; "" where that can't be said."""
    if before is None:
        return ""
    line = bare(words).rstrip(" ?!.")
    return _of_plan(line, before) or _of_heads(line, before)


def _of_plan(line: str, before: Conversation) -> str:
    """What the plan is made from, or by whom."""
    if before.plan is None or before.stage == "dropped":
        return ""
    if _SOURCE.fullmatch(line):
        return _made(before.plan)
    return _makers(before.plan) if _MAKER.fullmatch(line) else ""


def _of_heads(line: str, before: Conversation) -> str:
    """What the newest result says."""
    heads = [head for head in before.results if head.columns]
    if not heads or before.stage not in {"done", "failed"}:
        return ""
    if _COUNT.fullmatch(line):
        return _counted(heads[-1])
    why = _WHY.fullmatch(line)
    if why is not None and _is_in(why["what"], heads[-1]):
        return text("“{title}” says how much, not why. I can break it down further, for example by "
                    "month or by another column, or you name an agent to look into it.",
                    title=heads[-1].title)  # fmt: skip
    return _meant(heads[-1]) if _MEANING.fullmatch(line) else ""


def _made(plan: Plan) -> str:
    """What each task that reads files reads, and how."""
    return "\n".join(filter(None, map(_reads, plan.graph.tasks)))


def _reads(task: Task) -> str:
    """The task's files, and its query where it has one; "" where it reads none."""
    files = ", ".join(_given(task, "sources") or _given(task, "source") or _given(task, "path"))
    sql = " ".join(_given(task, "sql"))
    if task.effects or not files:
        return ""
    if sql:
        return text("“{title}” comes from {files}: `{sql}`", title=task.title, files=files, sql=sql)
    return text("“{title}” comes from {files}.", title=task.title, files=files)


def _given(task: Task, name: str) -> list[str]:
    return constants(task.inputs[name]) if name in task.inputs else []


def _makers(plan: Plan) -> str:
    """Who does each task of the plan."""
    return "\n".join(
        text("{n}. {title}: {agent}", n=number, title=task.title, agent=task.agent)
        for number, task in enumerate(plan.graph.tasks, 1)
    )


def _is_in(words: str, head: Head) -> bool:
    """Whether a word is one of the result's columns or of its values."""
    said = set(re.findall(r"\w+", words.casefold()))
    names = {str(value).casefold() for row in head.rows for value in row if isinstance(value, str)}
    parts = {part for name in head.columns for part in re.findall(r"[^\W_]+", name.casefold())}
    return bool(said & (names | parts))


def _counted(head: Head) -> str:
    if head.total_rows == 1 and len(head.columns) == 1:
        return text("“{title}”: {value}.", title=head.title, value=_shown(head.rows[0][0]))
    return text("“{title}” has {n} rows.", title=head.title, n=head.total_rows)


def _meant(head: Head) -> str:
    """Its size, and its ends where all of it is at hand."""
    figures = [place for place, _ in enumerate(head.columns) if _is_figure(head, place)]
    if head.total_rows == 1 and head.rows:
        pairs = zip(head.columns, head.rows[0], strict=False)
        said = ", ".join(f"{name.replace('_', ' ')} {_shown(value)}" for name, value in pairs)
        return text("“{title}” is one row: {values}.", title=head.title, values=said)
    labels = [place for place, _ in enumerate(head.columns) if place not in figures]
    if not figures or not labels or head.total_rows > len(head.rows):
        return _begun(head)
    by = sorted(head.rows, key=lambda row: _number(row[figures[0]]))
    least, most = by[0], by[-1]
    return text(
        "“{title}” has {n} rows: the highest is {top} with {most}, the lowest {bottom} with {least}. "
        "It says how much, not why.",
        title=head.title, n=head.total_rows,
        top=_shown(most[labels[0]]), most=_shown(most[figures[0]]),
        bottom=_shown(least[labels[0]]), least=_shown(least[figures[0]]),
    )  # fmt: skip


def _begun(head: Head) -> str:
    if not head.rows:
        return text("“{title}” has no rows.", title=head.title)
    first = ", ".join(map(_shown, head.rows[0][:4]))
    return text(
        "“{title}” has {n} rows; the first is {row}. Ask for the highest, the total or a chart to "
        "see more of it.",
        title=head.title, n=head.total_rows, row=first,
    )  # fmt: skip


def _is_figure(head: Head, place: int) -> bool:
    values = [row[place] for row in head.rows if row[place] is not None]
    return bool(values) and place > 0 and all(isinstance(value, int | float) for value in values)


def _number(value: JsonValue) -> float:
    return float(value) if isinstance(value, int | float) else float("-inf")


def _shown(value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–" if value is None else str(value)
    return shown(round(Decimal(str(value)), 2))
