"""Conditions in words: "only if the total is above 1000", "if there are no rows". Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from memory.model.text import text
from memory.model.work.graph import Op
from planner.draft import CannotPlan, DraftCondition
from planner.lexicon.tokens import Clause, say, tokens
from planner.lexicon.words import FUNCTIONS, NUMBER, number, word_set
from planner.offline.clauses.orders import Order, added, asked
from planner.offline.grammar.structure import Branch
from planner.offline.sketch import Sketch, Step
from planner.questions.readers.state import operand_name
from planner.questions.spec import Measure
from planner.questions.words.lexicon import plain

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
_COUNT_OPS: Mapping[str, Op] = {
    "more than": "gt", "over": "gt", "fewer than": "lt", "less than": "lt", "under": "lt",
    "at least": "ge", "at most": "le", "exactly": "eq", "": "ge",
}  # fmt: skip
_COUNT = rf"(?P<op>{'|'.join(_COUNT_OPS)})\s?(?P<n>{NUMBER})"
_ARE = r"^there (?:are|is|were|was)"
_ROWS = word_set("rows row results result records lines entries matches any data") | {""}
_FIGURE = word_set("it that this result number figure value they overall one sum grand") | set(
    FUNCTIONS
)
_TEXTS = word_set("text page summary it draft review answer reply")
NEGATED: Mapping[Op, Op] = {
    "eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt",
    "empty": "not_empty", "not_empty": "empty",
}  # fmt: skip
Match = re.Match[str]


@dataclass(frozen=True)
class _Test:
    """What is compared: a field of what a task gives, an operator, a constant."""

    step: Step
    path: str
    op: Op
    value: str | None = None

    def drafted(self, *, negated: bool) -> DraftCondition:
        op = NEGATED.get(self.op) if negated else self.op
        if op is None:
            raise CannotPlan(
                "I can check whether a text contains a word, but not whether it doesn't."
            )
        return DraftCondition(task=self.step.key, path=self.path, op=op, value=self.value)


class _NotRead(CannotPlan):
    """A part of a condition that nobody can read."""


def _part(step: Step, done: set[str]) -> None:
    step.inputs = [given for given in step.inputs if given.from_task not in done]
    step.after = [key for key in step.after if key not in done]


def do_branch(sketch: Sketch, branch: Branch, do: Order) -> None:
    """Do the orders under their condition. Raises CannotPlan for a condition nobody can read."""
    sketch.settle()
    tests = _tests(sketch, branch.condition)
    if len(tests) > 1 and (branch.negated or branch.otherwise):
        raise CannotPlan(
            "I can't work out the opposite of “{condition}”. Give each of the two conditions "
            "its own sentence.",
            condition=say(branch.condition)[:120],
        )
    done = {step.key for step in _under(sketch, branch.then, tests, do, negated=branch.negated)}
    if branch.otherwise:
        # Never both: what the one way gives is not there to be used on the other.
        for step in _under(sketch, branch.otherwise, tests, do, negated=not branch.negated):
            _part(step, done)


def _under(
    sketch: Sketch, body: Clause, tests: list[_Test], do: Order, *, negated: bool
) -> list[Step]:
    holds = tuple(test.drafted(negated=negated) for test in tests)
    new = added(sketch, body, do)
    if not new:
        raise CannotPlan(
            "I can't make only “{orders}” depend on a condition. Say everything that depends on it "
            "after the “if …,”.",
            orders=say(body)[:120],
        )
    for step in new:
        step.when = (*holds, *step.when)
    return new


def _tests(sketch: Sketch, condition: Clause) -> list[_Test]:
    words = " ".join(say((token,)) for token in condition).lower().replace("’", "'")
    words = re.sub(r"\s+([%])", r"\1", words).strip(" ,?")
    if " or " in words:
        raise _unread(words)
    return [_test(sketch, part.strip()) for part in words.split(" and ") if part.strip()]


def _test(sketch: Sketch, words: str) -> _Test:
    try:
        for pattern, read in _READERS:
            match = re.match(pattern, words)
            if match:
                return read(sketch, match)
        for pattern, op in _OPS:
            match = re.match(rf"^(?P<subject>.+?) (?:{pattern}) (?P<value>.+)$", words)
            if match:
                return _compared(sketch, match["subject"], op, match["value"])
    except _NotRead:
        raise _unread(words) from None
    raise _unread(words)


def _emptied(sketch: Sketch, match: Match) -> _Test:
    return _Test(_table(sketch), "", "not_empty" if match["not"] else "empty")


def _agreed(sketch: Sketch, match: Match) -> _Test:
    answer = sketch.newest("answer")
    if answer is None or match["not"]:
        raise _unread(match[0])
    question = answer.value("question")
    if "yes or no" not in question:
        answer.give("question", text("{question} (Answer yes or no.)", question=question))
    return _Test(answer, "text", "contains", "yes")


def _counted(sketch: Sketch, match: Match) -> _Test:
    words = match.groupdict()
    op: Op = "gt" if words.get("any") else "eq"
    value = "0"
    if words.get("n"):
        op, value = _COUNT_OPS[words["op"]], str(number(words["n"]))
    rest = words["rest"].strip()
    if rest in _ROWS and sketch.newest("table") is not None:
        return _Test(_table(sketch), "rows", op, value)
    return _Test(_asked(sketch, f"number of {rest or 'rows'}"), "count", op, value)


def _has(sketch: Sketch, match: Match) -> _Test:
    rows = _asked(sketch, f"number of rows in {match['file']}")
    return _Test(rows, "count", _COUNT_OPS[match["op"]], str(number(match["n"])))


_READERS: tuple[tuple[str, Callable[[Sketch, Match], _Test]], ...] = (
    (r"^(?:it|they|the (?:results?|table|list|file)) (?:is|are) (?P<not>not )?empty$", _emptied),
    (rf"{_ARE} (?:no|not any)\b(?P<rest>.*)$", _counted),
    (rf"{_ARE} {_COUNT}\b(?P<rest>.*)$", _counted),
    (rf"^(?P<file>\S+\.\w{{2,7}}) has {_COUNT} (?:rows|lines|records|entries)$", _has),
    (rf"(?P<any>{_ARE})(?: any| some)?\b(?P<rest>.*)$", _counted),
    (r"^(?:.+ )?(?P<not>does not |doesn't )?(?:approves?|agrees?|confirms?)(?: it)?$", _agreed),
)


def _compared(sketch: Sketch, subject: str, op: Op, value: str) -> _Test:
    constant = _constant(value)
    subject = re.sub(r"^(?:the|a|an|our) ", "", subject.strip())
    answer = sketch.newest("answer")
    if answer is not None and answer is sketch.last and op in {"eq", "contains"}:
        return _Test(answer, "text", "contains", constant)
    if op == "contains":
        written = sketch.newest("text", "page")
        if written is None or not set(subject.split()) & _TEXTS:
            raise _unread(subject)
        return _Test(written, "text", op, constant)
    step, path = _figure(sketch, subject)
    return _Test(step, path, op, constant)


def _figure(sketch: Sketch, subject: str) -> tuple[Step, str]:
    """The task and the column the subject means; a query of its own where none fits."""
    any_of = re.match(r"^(?:any|some|one)(?: of)?(?: the)? ", subject)
    words = set((subject[any_of.end() :] if any_of else subject).split())
    table = sketch.newest("table")
    names = _measures_named(table, subject, words) if table is not None else []
    if table is not None and names and (len(names) == 1 or words & _FIGURE):
        return (table if any_of else _overall(sketch, table)), names[0]
    step = _asked(sketch, subject)
    return step, _only_measure(step, subject)


def _only_measure(step: Step, subject: str) -> str:
    if step.query is None or len(step.query.measures) != 1 or step.query.groups:
        raise _unread(subject)
    return step.query.measures[0].name


def _measures_named(table: Step, subject: str, words: set[str]) -> list[str]:
    measures = table.query.measures if table.query else ()
    columns = set(plain(subject).split())
    return [measure.name for measure in measures if words & _FIGURE or _about(measure) & columns]


def _about(measure: Measure) -> set[str]:
    return set(plain(operand_name(measure.of)).split()) if measure.of is not None else set()


def _overall(sketch: Sketch, step: Step) -> Step:
    """The same figure without the groups: "the total" over all of them."""
    if step.query is None or not step.query.groups:
        return step
    groups = " and ".join(group.name for group in step.query.groups)
    sketch.assume(
        text("The condition looks at the overall figure, not at each {group}.", group=groups)
    )
    sketch.query = step.query.overall()
    whole = sketch.settle()
    assert whole is not None
    return _aside(sketch, whole)


def _asked(sketch: Sketch, question: str) -> Step:
    """A question to the data that only the condition asks."""
    alone = not sketch.steps
    step = asked(sketch, tokens(question))
    if step is None:
        raise _unread(question)
    return step if alone else _aside(sketch, step)


def _aside(sketch: Sketch, step: Step) -> Step:
    """What only the condition looks at is not what "it" means from here on."""
    step.kind = "check"
    sketch.steps.remove(step)
    sketch.steps.insert(0, step)
    return step


def _table(sketch: Sketch) -> Step:
    step = sketch.newest("table")
    if step is None:
        raise CannotPlan("The condition is about a result, but nothing is worked out before it.")
    return step


def _constant(words: str) -> str:
    value = words.strip(" .“”\"'")
    match = re.fullmatch(
        r"[$€£]?\s?(\d[\d,]*(?:\.\d+)?)\s?([km]?)(?: ?(?:%|percent|dollars|euros|usd|eur))?", value
    )
    if not match:
        return value
    figure = float(match[1].replace(",", "")) * {"": 1, "k": 1_000, "m": 1_000_000}[match[2]]
    return str(int(figure) if figure.is_integer() else figure)


def _unread(condition: str) -> _NotRead:
    return _NotRead(
        "I didn't understand the condition “{condition}” (after “if”). Say it like “only if the "
        "total is above 1000”, “if there are no rows” or “if there are more than 5 orders over "
        "100”.",
        condition=condition[:120],
    )
