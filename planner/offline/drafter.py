"""The planner that needs no model: a grammar over the built-in tools. Deterministic.

It says what it could not read and declines, rather than guess a condition or an effect.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import assert_never

from memory.model.limits import SENTENCES, TASKS_PER_PLAN
from planner.compiling.lengths import spelled
from planner.draft import Draft
from planner.drafter_port import Drafted, Drafting, Earlier
from planner.names import slug
from planner.offline import edits
from planner.offline.clauses import (
    contradictions,
    demands,
    joins,
    policies,
    reviews,
    texts,
    workers,
)
from planner.offline.clauses import data as data_clauses
from planner.offline.clauses.branches import branch
from planner.offline.clauses.intent import act_of, has_columns, place_of
from planner.offline.clauses.loops import loop
from planner.offline.data.query import Query
from planner.offline.grammar.language import other_language
from planner.offline.grammar.lexer import Clause, Kind, Token, clauses, say, tokens
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.grammar.structure import Branch, Loop, Plain, parts
from planner.offline.grammar.verbs import LEAD, REPORT_NOUNS, Act, order_begins
from planner.offline.grammar.words import FUNCTIONS
from planner.offline.sketch import Sketch, Step
from planner.port import PlanRequest

AUTHOR = "offline planner"
TELLING = 3
"""Letters from which on a file's name says what is in it."""
_RECURRING = re.compile(
    r"\b(every|each) (day|morning|evening|night|week|weekday|month|hour|(mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"(?! *(in|of|total|is))(?=.*\b(at|send|post|run|report)\b|[.!]?$)",
    re.IGNORECASE,
)

_VERSUS = re.compile(r"\bvs\.(?= )", re.IGNORECASE)


class OfflineDrafter:
    """Drafts by grammar. The same request always gives the same draft."""

    async def draft(
        self,
        request: PlanRequest,
        *,
        known: tuple[str, ...],  # noqa: ARG002 - the port's; a grammar has no use for passages
        earlier: Earlier | None,  # noqa: ARG002 - the port's; it would say the same again
    ) -> Drafting:
        """Draft what can be read of the request; the answers in it count as said."""
        return Drafted(plan_offline(request), AUTHOR)


def plan_offline(request: PlanRequest) -> Draft:
    """The draft, or one that only says why there is none. Pure."""
    if request.base is not None:
        return edits.changed(request.base, request, fresh=_fresh)
    return _fresh(request)


def _fresh(request: PlanRequest) -> Draft:
    answers = {**request.preferences, **{one.slot: one.value for one in request.answers}}
    sketch = Sketch(request, answers)
    try:
        _read(sketch, request.text)
        _finish(sketch)
        reviews.settled(sketch)
        demands.settled(sketch)
    except CannotPlan as error:
        return Draft(title="", declined=str(error))
    if sketch.unread:
        return Draft(title="", declined=_unread(sketch))
    return sketch.drafted(_title(sketch))


def _read(sketch: Sketch, text: str) -> None:
    if _RECURRING.search(text):
        raise CannotPlan(
            "I could not tell the schedule from the work; begin with it, for example “every weekday "
            "at 9:00 Berlin time: …”."
        )
    text, told = contradictions.settled(text, sketch.request.catalogue)
    for one in told:
        sketch.assume(one)
    text = demands.taken(sketch, spelled(_VERSUS.sub("vs", text)))
    text = reviews.taken(sketch, policies.taken(sketch, text))
    found = tokens(text)
    if len(_cut(sketch, found)) > TASKS_PER_PLAN:
        raise CannotPlan(SENTENCES["tasks_per_plan"])
    foreign = other_language(text)
    if foreign:
        raise CannotPlan(foreign)
    _orders(sketch, found)


def _orders(sketch: Sketch, found: Clause) -> None:
    """All orders of a part of the request, with the conditions and lists in it."""
    for part in parts(found, lambda all_, place: _begins(sketch, all_, place)):
        match part:
            case Plain(words=words):
                _plain(sketch, words)
            case Branch(condition=said, then=then, otherwise=otherwise, negated=negated):
                branch(sketch, said, then, otherwise, negated=negated, do=_orders)
            case Loop(over=over, body=body):
                loop(sketch, over, body, _orders)
            case _:
                assert_never(part)


def _plain(sketch: Sketch, words: Clause) -> None:
    for clause in _cut(sketch, words):
        trimmed = _trimmed(clause)
        if trimmed:
            _do(sketch, trimmed)


def _cut(sketch: Sketch, found: Clause) -> tuple[Clause, ...]:
    return clauses(found, lambda all_, place: _begins(sketch, all_, place))


def _begins(sketch: Sketch, found: Clause, place: int) -> bool:
    return order_begins(found, place, sketch.request.catalogue)


def _do(sketch: Sketch, clause: Clause) -> None:
    _DO[act_of(sketch, clause)](sketch, clause)


def _chart(sketch: Sketch, clause: Clause) -> None:
    """A chart, and the report that may be asked for in the same breath."""
    report = place_of(clause, REPORT_NOUNS)
    if report is None:
        data_clauses.chart(sketch, clause)
        return
    end = report
    while end > 0 and clause[end - 1].low in {"a", "the", "and", "an", "short", "brief"}:
        end -= 1
    data_clauses.chart(sketch, clause[:end])
    texts.report(sketch, clause[report:])


def _query(sketch: Sketch, clause: Clause) -> None:
    """A question to the data, and where its answer goes ("… into a report", "… to out.csv")."""
    report = place_of(clause, REPORT_NOUNS)
    if report:
        end = report
        while end > 1 and clause[end - 1].low in {"a", "the", "and", "an", "in", "into", "as"}:
            end -= 1
        data_clauses.query(sketch, clause[:end])
        texts.report(sketch, clause[report:])
    elif (
        len(clause) > 2 and clause[-1].kind is Kind.PATH and clause[-2].low in {"to", "into", "as"}
    ):
        data_clauses.query(sketch, clause[:-2])
        texts.save(sketch, clause[-2:])
    else:
        data_clauses.query(sketch, clause)


def _join(sketch: Sketch, clause: Clause) -> None:
    """Two files joined; "combine everything into a report" is no such thing."""
    saved = len(joins.data_paths(clause)) > 2 and clause[-2].low in {"to", "into", "as"}
    if saved and clause[-1].kind is Kind.PATH:
        data_clauses.join(sketch, clause[:-2])
        texts.save(sketch, clause[-2:])
    elif len(joins.data_paths(clause)) > 1:
        data_clauses.join(sketch, clause)
    elif place_of(clause, REPORT_NOUNS) is not None:
        texts.report(sketch, clause)
    else:
        _unknown(sketch, clause)


def _forbidden(_: Sketch, clause: Clause) -> None:
    raise CannotPlan(
        f"I have no tool to do this: “{say(clause)[:120]}”. I can query, chart and "
        "summarise files, fetch pages, and write reports and files."
    )


def _unknown(sketch: Sketch, clause: Clause) -> None:
    words = {token.low for token in clause}
    if words & (set(FUNCTIONS) | {"number"}) or has_columns(sketch, clause):
        data_clauses.query(sketch, clause)
    elif sketch.has_model("general") and not sketch.steps and sketch.query is None:
        workers.work(sketch, clause)
    elif any(one.instruction for one in sketch.steps):
        workers.modify(sketch, clause)
    else:
        sketch.unread.append(f"“{say(clause)[:200]}”")


_DO: Mapping[Act, Callable[[Sketch, Clause], None]] = {
    Act.LOAD: data_clauses.load,
    Act.QUERY: _query,
    Act.CHART: _chart,
    Act.REPORT: texts.report,
    Act.SUMMARISE: texts.summarise,
    Act.FETCH: texts.fetch,
    Act.SAVE: texts.save,
    Act.JOIN: _join,
    Act.PUBLISH: texts.publish,
    Act.CONVERT: texts.convert,
    Act.ASK: workers.ask_person,
    Act.MODEL: workers.work,
    Act.MODIFY: workers.modify,
    Act.FORBIDDEN: _forbidden,
    Act.UNKNOWN: _unknown,
}


def _trimmed(clause: Clause) -> Clause:
    place = 0
    while place < len(clause) and _says_nothing(clause[place], clause[place + 1 :]):
        place += 1
    end = len(clause)
    while end > place and (clause[end - 1].low in {"please", "thanks", "and", "then"} or
                           clause[end - 1].kind is Kind.MARK):  # fmt: skip
        end -= 1
    return clause[place:end]


def _says_nothing(token: Token, rest: Clause) -> bool:
    if token.kind is Kind.MARK:
        return True
    return token.kind is Kind.WORD and token.low in LEAD and bool(rest)


def _finish(sketch: Sketch) -> None:
    """Settle what is pending, give files their default names, and titles."""
    if sketch.query is None and not sketch.steps and not sketch.document:
        data_clauses.show_all(sketch)
    if sketch.query is not None:
        sketch.query = data_clauses.capped(sketch, sketch.query)
    sketch.settle()
    if sketch.document:
        sketch.settle()
    report = sketch.newest("report")
    for one in sketch.steps:
        if one.kind == "report":
            _complete(sketch, one)
    if report is not None:
        _add_late_parts(sketch, report)
    _name_charts(sketch, report)


def _complete(sketch: Sketch, report: Step) -> None:
    if not report.value("path"):
        taken = {step.value("path") for step in sketch.steps}
        path, number = f"reports/{slug(_what(sketch))}.md", 2
        while path in taken:
            path, number = f"reports/{slug(_what(sketch))}-{number}.md", number + 1
        report.give("path", path)
        sketch.assume(f"The report is saved as {path}.")
    if not report.value("title"):
        report.give("title", _title(sketch, report))
    report.title = f"Write {report.value('path')}"


def _add_late_parts(sketch: Sketch, report: Step) -> None:
    """Charts and answers asked for after the report was mentioned still belong in it."""
    used = {one.from_task for one in report.inputs}
    if report is not sketch.steps[-1] and not any(
        one.from_task == report.key for step in sketch.steps for one in step.inputs
    ):
        late = [step for step in sketch.steps if step.kind == "chart" and step.key not in used]
        for step in late:
            report.feed("parts", step.key)


def _name_charts(sketch: Sketch, report: Step | None) -> None:
    taken: set[str] = set()
    for step in sketch.steps:
        if step.kind != "chart":
            continue
        if not step.value("path"):
            if report is not None:
                base = PurePosixPath(report.value("path")).with_suffix("")
            else:
                base = PurePosixPath("charts") / slug(step.value("title"))
            path, number = f"{base}.png", 2
            while path in taken:
                path, number = f"{base}-{number}.png", number + 1
            step.give("path", path)
            sketch.assume(f"The chart is saved as {path}.")
        taken.add(step.value("path"))


def _what(sketch: Sketch) -> str:
    query = next((step.query for step in sketch.steps if step.query), None)
    return sketch.title or (query.title() if query else "report")


def _telling(sketch: Sketch) -> Query | None:
    """The question to the data that says what the plan is about: not one that only counts rows
    for a condition, where there is another.
    """
    asked = {one.task for step in sketch.steps for one in step.when}
    found = [(step.key, step.query) for step in sketch.steps if step.query and step.kind != "check"]
    real = [
        query
        for key, query in found
        if key not in asked or any(one.function != "COUNT" for one in query.measures)
    ]
    return next(iter([*real, *(query for _, query in found)]), None)


def _title(sketch: Sketch, report: Step | None = None) -> str:
    query = _telling(sketch)
    whole, report = report is None, report or sketch.newest("report")
    subject = sketch.title or (query.title() if query else "")
    if whole and subject and report is not None and report.when:
        return f"Report: {subject}"  # which of its reports it comes to is not known yet
    if report is not None and report.value("title"):
        return report.value("title")
    if report is not None and report.value("path"):
        stem = PurePosixPath(report.value("path")).stem
        if subject and len(stem) < TELLING and not re.search(r"\d", stem):
            return f"Report: {subject}"  # a letter names nothing
        name = (
            stem.upper()
            if re.fullmatch(r"[qQ][1-4]", stem)
            else stem.replace("-", " ").replace("_", " ")
        )
        name = name if name[:1].isupper() else name.capitalize()
        label = name if "report" in name.lower() else f"{name} report"
        if subject and slug(subject) != slug(stem):
            return f"{label}: {subject}"
        return label
    if not subject and sketch.steps:
        telling = sketch.newest("text", "table", "answer", "page") or sketch.steps[-1]
        subject = telling.title
    return f"{subject[:1].upper()}{subject[1:]}"


def _unread(sketch: Sketch) -> str:
    return (
        f"I could not read {'; '.join(sketch.unread)[:600]}. Say it in other words, for example "
        "“total revenue by region where units is over 10, chart it”; with a model key I understand "
        "free text."
    )
