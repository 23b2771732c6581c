"""The planner that needs no model: a grammar over the built-in tools. Deterministic.

It says what it could not read and declines, rather than guess a condition or an effect.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import assert_never

from memory.model.limits import SENTENCES, TASKS_PER_PLAN
from memory.model.patterns import short
from memory.model.text import text
from planner.compiling.lengths import spelled
from planner.coverage.agents import others_named
from planner.draft import CannotPlan, Draft
from planner.drafter_port import Drafted, Drafting, Earlier
from planner.lexicon.agents import workers_in
from planner.lexicon.language import in_english, only_english, other_language
from planner.lexicon.sources import sources_apart
from planner.lexicon.tokens import Clause, Kind, Token, clauses, lows, say, tokens
from planner.lexicon.verbs import REPORT_NOUNS, Act, order_begins
from planner.lexicon.words import FUNCTIONS
from planner.names import is_data
from planner.offline import edits
from planner.offline.clauses import contradictions, data, files, remarks, reports, texts, workers
from planner.offline.clauses.branches import do_branch
from planner.offline.clauses.intent import act_of, has_columns
from planner.offline.clauses.loops import do_loop
from planner.offline.grammar.structure import Branch, Loop, Plain, parts
from planner.offline.sketch import Sketch
from planner.port import PlanRequest
from planner.questions.asking import Questions
from planner.questions.offers import offer
from planner.sentences.goals import with_goal, with_report
from planner.sentences.orders import only_asks
from planner.sentences.parting import Ways, parted, trimmed
from planner.sentences.shorthand import written_out
from planner.sentences.turns import by_turns

AUTHOR = "offline planner"
_ASKED = re.compile(
    r"^\W*(how|what|which|when|show|list|count|give me the|plot|chart)\b|\b(total|average|mean|median|sum|number|count|top)\b",
    re.IGNORECASE,
)
"""What makes "every month" the group of a figure, where nothing is sent and no time is said."""
_TIMED = re.compile(
    r"\bat \d|\bat (noon|midnight)|\b(send|post|run|remind|e?-?mail|notify|publish|fetch)\b",
    re.IGNORECASE,
)
_RECURRING = short(
    r"\b(?<!of )(?<!for )(?<!in )(every|each) (day|morning|evening|night|week|weekday|month|hour|(mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"(?! *(in|of|total|is))(?=.*\b(at|send|post|run|report)\b|[.!]?$)",
    re.IGNORECASE,
)
_SAVED = re.compile(
    r",?\s+(?:and )?(?:saved|stored|written|exported) (?:to|as|in|into|under) (?=[\w./-]+\.\w+)",
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
        return Drafted(await asyncio.to_thread(plan_offline, request), AUTHOR)


def plan_offline(request: PlanRequest) -> Draft:
    """The draft, or one that only says why there is none. Pure."""
    if request.base is not None:
        return edits.changed(request.base, request, fresh=_fresh)
    return _fresh(request)


def _fresh(request: PlanRequest) -> Draft:
    names = {column.name.lower() for file in request.readable for column in file.columns}
    said = written_out(request.text)
    english = in_english(said, names)
    if not english:
        return _in_english(request, said)
    draft = _in_english(request, english)
    return Draft(title="", declined=only_english()) if draft.declined else draft


def _in_english(request: PlanRequest, words: str) -> Draft:
    answers = {answer.slot: answer.value for answer in request.answers}
    sketch = Sketch(request, Questions({**request.preferences, **answers}))
    try:
        _read(sketch, words)
        _finish(sketch)
        made = _as_one_question(sketch, words) if sketch.unread else sketch
        return made.drafted(reports.plan_title(made))
    except CannotPlan as error:
        return _only_question(sketch, words) or Draft(title="", declined=str(error))


def _only_question(parts: Sketch, words: str) -> Draft | None:
    """The request as one question to data, where it orders nothing and its parts couldn't be read."""
    if not only_asks(words):
        return None
    whole = Sketch(parts.request, Questions(parts.questions.answers))
    try:
        if data.offer_readings(whole, tokens(words)):
            _finish(whole)
            return whole.drafted(reports.plan_title(whole))
    except CannotPlan:
        pass
    return None


def _as_one_question(parts: Sketch, words: str) -> Sketch:
    """All of it as one question to data: a comma doesn't always part what is asked."""
    whole = Sketch(parts.request, Questions(parts.questions.answers))
    asks = all(step.type == "data.query" for step in parts.steps)
    if not asks or not data.offer_readings(whole, tokens(words)):
        raise CannotPlan("{reason}", reason=_unread(parts))
    _finish(whole)
    return whole


def _read(sketch: Sketch, words: str) -> None:
    asks = _ASKED.search(words) or (_RECURRING.search(words) and data.reads(sketch, tokens(words)))
    if _RECURRING.search(words) and (_TIMED.search(words) or not asks):
        raise CannotPlan(
            "I can't tell the schedule from the work. Put the schedule first, for example "
            "“every weekday at 9:00 Berlin time: …”."
        )
    words, assumptions = contradictions.settled(words, sketch.request.catalogue)
    sketch.assumptions += assumptions
    words = remarks.taken(sketch, spelled(_SAVED.sub(" and save it to ", _VERSUS.sub("vs", words))))
    others = others_named(sketch.request, words)
    line = tokens(words, workers_in(words, sketch.request.catalogue, others))
    named, line = _sources(sketch, line)
    if len(clauses(line, order_begins)) > TASKS_PER_PLAN:
        raise CannotPlan(SENTENCES["tasks_per_plan"])
    foreign = other_language(words)
    if foreign:
        raise CannotPlan("{reason}", reason=foreign)
    if named:
        data.load(sketch, (Token(Kind.WORD, "load"), *named))
        sketch.given = (sketch.file, sketch.loaded)
    before, work, after = by_turns(line) or (line, (), ())
    _do_all(sketch, before)
    workers.in_turn(sketch, work)
    _do_all(sketch, after)


def _sources(sketch: Sketch, line: Clause) -> tuple[Clause, Clause]:
    """The files that only say where the data is, and the rest of the request."""
    there = {file.path.casefold() for file in sketch.request.readable}
    return sources_apart(line, is_data, lambda path: path.casefold() in there)


def _finish(sketch: Sketch) -> None:
    """Settle what is pending, give files their default names, and titles."""
    if sketch.preface:
        workers.begin(sketch)
    if sketch.query is None and not sketch.steps and not sketch.document:
        data.show_all(sketch)
    data.cap(sketch)
    sketch.settle()
    if sketch.document:
        sketch.settle()
    reports.name_all(sketch)
    remarks.attach(sketch)


def _do_all(sketch: Sketch, line: Clause) -> None:
    """All orders of a part of the request, with the conditions and lists in it."""
    for part in parts(line, order_begins):
        match part:
            case Plain(words=orders):
                for said in parted(orders, order_begins, _ways(sketch)):
                    if said.anew:
                        data.cap(sketch)
                        sketch.begin_anew()
                    _do(sketch, trimmed(said.clause))
                    sketch.anew = False
            case Branch():
                do_branch(sketch, part, _do_all)
            case Loop():
                do_loop(sketch, part, _do_all)
            case _:
                assert_never(part)


def _ways(sketch: Sketch) -> Ways:
    def is_data(clause: Clause) -> bool:
        order = trimmed(clause)
        return bool(order) and act_of(sketch, order) in {Act.QUERY, Act.UNKNOWN}

    read = partial(data.reading, sketch)
    return Ways(is_data, read, partial(read, anew=True))


def _do(sketch: Sketch, clause: Clause) -> None:
    if clause:
        _DO[act_of(sketch, clause)](sketch, clause)


def _chart(sketch: Sketch, clause: Clause) -> None:
    """A chart, and the report that may be asked for in the same breath."""
    drawn, report = with_report(clause)
    data.chart(sketch, drawn)
    if report:
        reports.report(sketch, report)


def _query(sketch: Sketch, clause: Clause) -> None:
    """A question to the data, and where its answer goes ("… into a report", "… to out.csv")."""
    asked, report = with_report(clause)
    if report and asked:
        data.query(sketch, asked)
        reports.report(sketch, report)
        return
    asked, goal = with_goal(clause)
    data.query(sketch, asked)
    if goal:
        texts.save(sketch, goal)


def _join(sketch: Sketch, clause: Clause) -> None:
    """Two files joined; "combine everything into a report" is no such thing."""
    named = len(files.data_paths(clause))
    asked, goal = with_goal(clause) if named > 2 else (clause, ())
    if named > 1:
        data.join(sketch, asked)
        if goal:
            texts.save(sketch, goal)
    elif lows(clause) & REPORT_NOUNS:
        reports.report(sketch, clause)
    else:
        _unknown(sketch, clause)


def _forbidden(sketch: Sketch, clause: Clause) -> None:
    raise CannotPlan(
        "I have no tool for “{order}”. {offer}",
        order=say(clause)[:120],
        offer=offer(sketch.request.readable, say(clause)),
    )


def _unknown(sketch: Sketch, clause: Clause) -> None:
    if data.reads(sketch, clause):
        _query(sketch, clause)
    elif lows(clause) & {*FUNCTIONS, "number"} or has_columns(sketch, clause):
        data.query(sketch, clause)
    elif sketch.has_model("general") and not sketch.steps and sketch.query is None:
        sketch.preface.append(say(clause))
    elif any(step.instruction for step in sketch.steps):
        workers.modify(sketch, clause)
    elif not data.offer_readings(sketch, clause):
        sketch.unread.append(f"“{say(clause)[:200]}”")


_DO: Mapping[Act, Callable[[Sketch, Clause], None]] = {
    Act.LOAD: data.load,
    Act.QUERY: _query,
    Act.CHART: _chart,
    Act.REPORT: reports.report,
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


def _unread(sketch: Sketch) -> str:
    return text(
        "I didn't understand {words}. {offer} With a model key I understand free text.",
        words="; ".join(sketch.unread)[:600],
        offer=offer(sketch.request.readable, sketch.request.text),
    )
