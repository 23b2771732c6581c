"""Conditions in words: "only if the total is above 1000", "if there are no rows". Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from memory.model.work.graph import Op
from planner.draft import DraftCondition
from planner.offline.clauses import data as data_clauses
from planner.offline.data.columns import plain
from planner.offline.grammar.lexer import Clause, Kind, say, tokens
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.grammar.words import FUNCTIONS, NUMBERS
from planner.offline.sketch import Sketch, Step

_OPS: tuple[tuple[str, Op], ...] = (
    (r"(?:is |are |was |were )?(?:at least|no less than|not (?:below|under|less than)|>\s?=)", "ge"),
    (r"(?:is |are |was |were )?(?:at most|no more than|not (?:above|over|more than)|<\s?=)", "le"),
    (r"(?:is |are |was |were |goes |comes )?(?:above|over|greater than|more than|higher than"
     r"|larger than|bigger than|exceeds?|>)", "gt"),
    (r"(?:is |are |was |were |falls |goes )?(?:below|under|less than|lower than|smaller than"
     r"|fewer than|<)", "lt"),
    (r"(?:contains?|mentions?|includes?|says?)", "contains"),
    (r"(?:is|are|was|were) not|isn't|aren't|! ?=", "ne"),
    (r"(?:is|are|was|were)(?: exactly| equal to)?|equals?|=", "eq"),
)  # fmt: skip
_NONE = re.compile(r"^there (?:are|is|were|was) (?:no|not any)\b(?P<rest>.*)$")
_SOME = re.compile(r"^there (?:are|is|were|was)(?: any| some)?\b(?P<rest>.*)$")
_COUNTED = re.compile(
    r"^there (?:are|is|were|was) (?P<op>more than|over|fewer than|less than|under|at least|at most"
    rf"|exactly|)\s?(?P<n>\d[\d,]*|{'|'.join(NUMBERS)})\b(?P<rest>.*)$"
)
_COUNT_OPS: Mapping[str, Op] = {
    "more than": "gt", "over": "gt", "fewer than": "lt", "less than": "lt", "under": "lt",
    "at least": "ge", "at most": "le", "exactly": "eq", "": "ge",
}  # fmt: skip
_HAS = re.compile(
    rf"^(?P<file>\S+\.\w{{2,7}}) has (?P<op>more than|over|fewer than|less than|under|at least"
    rf"|at most|exactly|)\s?(?P<n>\d[\d,]*|{'|'.join(NUMBERS)}) (?:rows|lines|records|entries)$"
)
_EMPTY = re.compile(
    r"^(?:it|they|the (?:results?|table|list|file)) (?:is|are) (?P<not>not )?empty$"
)
_AGREES = re.compile(
    r"^(?:.+ )?(?P<not>does not |doesn't )?(?:approves?|agrees?|confirms?)(?: it)?$"
)
_ROWS = frozenset({
    "", "rows", "row", "results", "result", "records", "lines", "entries", "matches", "any", "data",
})  # fmt: skip
_MEANT = frozenset({
    "it", "that", "this", "result", "number", "figure", "value", "they", "overall", "one", "sum",
    "grand",
}) | set(FUNCTIONS)  # fmt: skip
_TEXTS = frozenset({"text", "page", "summary", "it", "draft", "review", "answer", "reply"})
NEGATED: Mapping[Op, Op] = {
    "eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt",
    "empty": "not_empty", "not_empty": "empty",
}  # fmt: skip

Order = Callable[[Sketch, Clause], None]
"""Does a part of the request that may hold several orders."""


@dataclass(frozen=True)
class _Read:
    """What is compared: a field of what a step gives, an operator, a constant."""

    step: Step
    path: str
    op: Op
    value: str | None = None

    def drafted(self, *, negated: bool) -> DraftCondition:
        op = NEGATED.get(self.op) if negated else self.op
        if op is None:
            raise CannotPlan("I can ask whether a text contains a word, not whether it does not.")
        return DraftCondition(task=self.step.key, path=self.path, op=op, value=self.value)


def branch(
    sketch: Sketch, said: Clause, then: Clause, otherwise: Clause, *, negated: bool, do: Order
) -> None:
    """Do the orders under their condition. Raises CannotPlan for a condition nobody can read."""
    sketch.settle()
    reads = [_condition(sketch, one) for one in _all_of(said)]
    holds = tuple(one.drafted(negated=negated) for one in reads)
    if len(reads) > 1 and (negated or otherwise):
        raise CannotPlan(
            f"I cannot turn “{say(said)[:120]}” round; give each of the two conditions its own "
            "sentence."
        )
    done = {step.key for step in _under(sketch, then, holds, do)}
    if not otherwise:
        return
    for step in _under(sketch, otherwise, (reads[0].drafted(negated=not negated),), do):
        # Never both: what the one way gives is not there to be used on the other.
        step.inputs = [one for one in step.inputs if one.from_task not in done]
        step.after = [key for key in step.after if key not in done]


def _under(
    sketch: Sketch, body: Clause, holds: tuple[DraftCondition, ...], do: Order
) -> list[Step]:
    before = [replace(step, inputs=[*step.inputs], after=[*step.after]) for step in sketch.steps]
    do(sketch, body)
    sketch.settle()
    new = sketch.steps[len(before) :]
    if not new or sketch.steps[: len(before)] != before:
        raise CannotPlan(
            f"I cannot do only “{say(body)[:120]}” under a condition; say all that depends on it "
            "after the “if …,”."
        )
    for step in new:
        step.when = (*holds, *step.when)
    return new


def _all_of(said: Clause) -> list[str]:
    text = " ".join(_word(one.text, one.kind) for one in said).lower().replace("’", "'")
    text = re.sub(r"\s+([%])", r"\1", text).strip(" ,?")
    if " or " in text:
        raise _unread(text)
    return [one.strip() for one in text.split(" and ") if one.strip()]


def _word(text: str, kind: Kind) -> str:
    return f"“{text}”" if kind is Kind.QUOTED else text


class _NotRead(CannotPlan):
    """A part of a condition that nobody can read."""


def _condition(sketch: Sketch, text: str) -> _Read:
    try:
        return _looked_at(sketch, text)
    except _NotRead:
        raise _unread(text) from None


def _looked_at(sketch: Sketch, text: str) -> _Read:
    for pattern, read in _READERS:
        found = pattern.match(text)
        if found:
            return read(sketch, found)
    for words, op in _OPS:
        found = re.match(rf"^(?P<subject>.+?) (?:{words}) (?P<value>.+)$", text)
        if found:
            return _compared(sketch, found["subject"], op, found["value"])
    raise _unread(text)


def _emptied(sketch: Sketch, found: "re.Match[str]") -> _Read:
    step = _table(sketch)
    return _Read(step, "", "not_empty" if found["not"] else "empty")


def _agreed(sketch: Sketch, found: "re.Match[str]") -> _Read:
    answer = sketch.newest("answer")
    if answer is None or found["not"]:
        raise _unread(found[0])
    question = answer.value("question")
    if "yes or no" not in question:
        answer.give("question", f"{question} (Answer yes or no.)")
    return _Read(answer, "text", "contains", "yes")


def _none(sketch: Sketch, found: "re.Match[str]") -> _Read:
    return _rows(sketch, found["rest"], "eq", "0")


def _counted(sketch: Sketch, found: "re.Match[str]") -> _Read:
    number = NUMBERS.get(found["n"]) or found["n"].replace(",", "")
    return _rows(sketch, found["rest"], _COUNT_OPS[found["op"]], str(number))


def _has(sketch: Sketch, found: "re.Match[str]") -> _Read:
    number = NUMBERS.get(found["n"]) or found["n"].replace(",", "")
    asked = _asked(sketch, f"number of rows in {found['file']}")
    return _Read(asked, "count", _COUNT_OPS[found["op"]], str(number))


def _some(sketch: Sketch, found: "re.Match[str]") -> _Read:
    return _rows(sketch, found["rest"], "gt", "0")


def _rows(sketch: Sketch, rest: str, op: Op, value: str) -> _Read:
    """The rows that are there, or those that the condition itself asks for."""
    rest = rest.strip()
    if rest in _ROWS and sketch.newest("table") is not None:
        return _Read(_table(sketch), "rows", op, value)
    return _Read(_asked(sketch, f"number of {rest or 'rows'}"), "count", op, value)


_READERS: tuple[tuple["re.Pattern[str]", Callable[[Sketch, "re.Match[str]"], _Read]], ...] = (
    (_EMPTY, _emptied),
    (_NONE, _none),
    (_COUNTED, _counted),
    (_HAS, _has),
    (_SOME, _some),
    (_AGREES, _agreed),
)


def _compared(sketch: Sketch, subject: str, op: Op, value: str) -> _Read:
    constant = _constant(value)
    subject = re.sub(r"^(?:the|a|an|our) ", "", subject.strip())
    words = set(subject.split())
    answer = sketch.newest("answer")
    if answer is not None and (op in {"eq", "contains"}) and answer is sketch.last:
        return _Read(answer, "text", "contains", constant)
    texts = sketch.newest("text", "page")
    if op == "contains":
        if texts is None or not words & _TEXTS:
            raise _unread(f"{subject} contains {value}")
        return _Read(texts, "text", op, constant)
    step, path = _figure(sketch, subject)
    return _Read(step, path, op, constant)


def _figure(sketch: Sketch, subject: str) -> tuple[Step, str]:
    """The step and the column the subject means; a query of its own where none fits."""
    any_of = re.match(r"^(?:any|some|one)(?: of)?(?: the)? ", subject)
    words = set((subject[any_of.end() :] if any_of else subject).split())
    step = sketch.newest("table")
    if step is not None and step.query is not None and step.query.measures:
        named = [
            one.name
            for one in step.query.measures
            if words & _MEANT or set(plain(one.column).split()) & set(plain(subject).split())
        ]
        if named and (len(named) == 1 or words & _MEANT):
            if step.query.groups and not any_of:
                return _overall(sketch, step), named[0]
            return step, named[0]
    asked = _asked(sketch, subject)
    if asked.query is None or len(asked.query.measures) != 1 or asked.query.groups:
        raise _unread(subject)
    return asked, asked.query.measures[0].name


def _overall(sketch: Sketch, step: Step) -> Step:
    """The same figure without the groups: "the total" over all of them."""
    assert step.query is not None
    groups = " and ".join(one.name for one in step.query.groups)
    sketch.assume(f"The condition looks at the whole figure, not at each {groups}.")
    sketch.query = replace(
        step.query, groups=(), having=(), order=None, limit=None, columns=(), distinct=False
    )
    settled = sketch.settle()
    assert settled is not None
    _aside(sketch, settled)
    return settled


def _asked(sketch: Sketch, text: str) -> Step:
    """A question to the data that only the condition asks."""
    unread, alone = len(sketch.unread), not sketch.steps
    data_clauses.query(sketch, tokens(text))
    step = sketch.settle()
    if len(sketch.unread) > unread or step is None or step.query is None:
        del sketch.unread[unread:]
        raise _unread(text)
    if not alone:
        _aside(sketch, step)
    return step


def _aside(sketch: Sketch, step: Step) -> None:
    """What only the condition looks at is not what "it" means from here on."""
    step.kind = "check"
    sketch.steps.remove(step)
    sketch.steps.insert(0, step)


def _table(sketch: Sketch) -> Step:
    step = sketch.newest("table")
    if step is None:
        raise CannotPlan("The condition speaks of a result, but nothing is worked out before it.")
    return step


def _constant(text: str) -> str:
    plain_text = text.strip(" .“”\"'")
    found = re.fullmatch(
        r"[$€£]?\s?(\d[\d,]*(?:\.\d+)?)\s?([km]?)(?: ?(?:%|percent|dollars|euros|usd|eur))?",
        plain_text,
    )
    if not found:
        return plain_text
    number = float(found[1].replace(",", "")) * {"": 1, "k": 1_000, "m": 1_000_000}[found[2]]
    return str(int(number) if number.is_integer() else number)


def _unread(text: str) -> _NotRead:
    return _NotRead(
        f"I could not read the condition “{text[:120]}” (after “if”); say it like “only if the "
        "total is above 1000”, “if there are no rows” or “if there are more than 5 orders over 100”."
    )
