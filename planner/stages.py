"""The stages of planning, each from slots to slots; graph.py says in which order.

Slots are JSON, so that a checkpoint can be read by any version and trusted by none.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TypedDict, assert_never

import structlog

from memory.model.agents.spec import AgentKind
from memory.model.limits import PLAN_LIFE_S
from memory.model.money import show_money
from memory.model.text import text
from memory.model.timing.clock import Clock
from memory.model.work.graph import TaskGraph
from memory.model.work.plan import Plan
from memory.recall.service import Recall
from memory.store.engine.database import Database
from planner.compiling.compiler import Compiled, Problems, compile_draft
from planner.compiling.ranking import known_profiles, ranker
from planner.compiling.sql_check import sql_problems
from planner.coverage.agents import handed, heeded, with_absent
from planner.coverage.capping import cap_stated, capped, too_dear
from planner.coverage.cover import Coverage, cover
from planner.draft import Draft
from planner.drafter_chain import SHIPPED, SMALL_JOB
from planner.drafter_port import (
    Drafted,
    Drafter,
    Drafting,
    Earlier,
    Looked,
    Looker,
    Malformed,
    Refused,
    Unreachable,
)  # fmt: skip
from planner.estimate import estimate_graph, list_price
from planner.gaps import unanswered, weigh
from planner.lexicon.agents import Named, barred
from planner.llms.looking import Look
from planner.llms.purse import Forecast
from planner.llms.repeats import Repeats
from planner.names import listed
from planner.offline.drafter import AUTHOR
from planner.offline.edits import exact
from planner.port import PlanRequest, Question, Say, silent
from planner.rules.heeding import with_taught
from planner.understanding.not_work import not_work, small_talk

ROUNDS = 2
"""A second round only where the first answers opened something new."""

PASSAGES = 4
TITLE_CHARS = 140
PROBLEMS_SHOWN = 3
NO_TASKS = text("I don't see anything to do in that. Say what should come out of it.")

log = structlog.get_logger(__name__)


class Slots(TypedDict):
    """Everything kept of a plan in the making."""

    words: str
    """The digest of the request's text: another text is another plan."""
    known: list[str]
    situation: str
    """A digest of all that the draft depends on; "" where that isn't known."""
    looked: str
    """What a model looked at so far, and whether it goes on looking."""
    looks: bool
    draft: str
    author: str
    offline: bool
    why_offline: str
    remarks: list[str]
    problems: list[str]
    repairs: int
    graph: str
    coverage: str
    assumptions: list[str]
    questions: list[dict[str, object]]
    rounds: int
    declined: str
    small_talk: bool
    plan: str


def fresh(words: str) -> Slots:
    """The slots before planning."""
    return Slots(
        words=words, known=[], situation="", looked="", looks=False, draft="", author="", offline=False, why_offline="", remarks=[], problems=[],
        repairs=0, graph="", coverage="", assumptions=[], questions=[], rounds=0, declined="", small_talk=False, plan="",
    )  # fmt: skip


@dataclass(frozen=True)
class Work:
    """What the stages work with: the request and its helpers. Never stored."""

    request: PlanRequest
    model: Drafter | None
    offline: Drafter
    database: Database | None
    recall: Recall | None
    clock: Clock
    looker: Looker | None = None
    eyes: Look | None = None
    repeats: Repeats = field(default_factory=Repeats)
    forecast: Forecast | None = None
    """What planning is thought to cost."""
    say: Say = silent
    """Tells people what is being done, in a few words."""

    @property
    def drafting(self) -> str:
        """That a model drafts, with what it may cost."""
        if self.forecast is None:
            return text("drafting…")
        low, high = map(show_money, self.forecast)
        return text("drafting, for {low}–{high}…", low=low, high=high)

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """Where the request names agents for work; read once."""
        return handed(self.request)


async def understand(_: Slots, work: Work) -> dict[str, object]:
    """Decline what isn't work."""
    return {
        "declined": not_work(work.request),
        "small_talk": bool(small_talk(work.request.text)) and not work.request.base,
        "offline": work.model is None,
    }


async def recall(slots: Slots, work: Work) -> dict[str, object]:
    """Find what the project knows that fits the request; only a model can use it."""
    if work.recall is None or slots["offline"]:
        return {}
    passages = await work.recall.search(work.request.project, work.request.text, limit=PASSAGES)
    return {"known": [f"{passage.title}: {passage.text}" for passage in passages]}


async def draft(slots: Slots, work: Work) -> dict[str, object]:
    """Draft, or draft again with answers. Where no model answers, the offline planner does."""
    change = await _exact(work)
    if change is not None:
        return taken(change, work, slots["remarks"])
    if slots["draft"] and slots["rounds"] and not slots["offline"] and _defaults_stand(slots, work):
        return {"questions": []}
    earlier = Earlier(slots["draft"]) if slots["draft"] else None
    return await _drafted(slots, work, earlier)


async def repair(slots: Slots, work: Work) -> dict[str, object]:
    """The one repair turn: the same drafter again, with what was wrong."""
    earlier = Earlier(slots["draft"], tuple(slots["problems"]))
    work.say(text("fixing the draft…"))
    return {**await _drafted(slots, work, earlier), "repairs": slots["repairs"] + 1}


async def give_up_on_model(slots: Slots, work: Work) -> dict[str, object]:
    """The model's draft can't be used: the offline planner takes over and says so."""
    remark = text(
        "{model} drafted a plan with mistakes it couldn't fix ({problems}).",
        model=slots["author"],
        problems="; ".join(slots["problems"][:PROBLEMS_SHOWN]),
    )
    return await offline(slots, work, remark)


async def compiled(slots: Slots, work: Work) -> dict[str, object]:
    """Check the draft against the catalogue."""
    if slots["declined"] or slots["problems"]:
        return {}
    await _warm_prices(work)

    request = work.request.model_copy(update={"barred": barred(work.named)})
    drafted = heeded(Draft.model_validate_json(slots["draft"]), request, work.named)
    ranked = await ranker(drafted, request, work.database, work.recall)
    result = compile_draft(drafted, request, rank=ranked, price=list_price)
    match result:
        case Compiled(graph=graph, assumptions=assumptions):
            problems = await _sql_problems(graph, slots, work)
            if problems:
                return _faulty(problems, slots)
            return _accounted(graph, (*drafted.assumptions, *assumptions), slots, work) | {
                "graph": graph.model_dump_json(),
                "assumptions": list(assumptions),
            }
        case Problems(texts=problems):
            log.info("draft does not compile", author=slots["author"], problems=len(problems))
            return _faulty(problems, slots)
        case _:
            assert_never(result)


def _accounted(
    graph: TaskGraph, stated: Sequence[str], slots: Slots, work: Work
) -> dict[str, object]:
    """What the plan makes of the request's words. A model may mend what it left out, once."""
    covered = cover(
        graph, work.request, stated, named=work.named, read=slots["author"] == SMALL_JOB
    )
    if not slots["offline"] and not slots["repairs"] and (covered.problems or covered.refused):
        return {"problems": [*covered.problems, *filter(None, (covered.refused,))]}
    declined = covered.refused or _misread(covered, slots) or _waits_for_model(covered, slots, work)
    return {"coverage": covered.model_dump_json(), "declined": declined, "problems": []}


def _misread(covered: Coverage, slots: Slots) -> str:
    """Without a model, a figure that is not the one asked for is worse than none."""
    if not slots["offline"] or not covered.unread:
        return ""
    return text(
        "I'd get a wrong figure: I don't know what to do with {words}. Say it like “where status is "
        "open”, “without the ones that …” or “top 5 by amount”.",
        words=listed((f"“{words}”" for words in covered.unread), word="and"),
    )


def _waits_for_model(covered: Coverage, slots: Slots, work: Work) -> str:
    """Where no model answered, the offline planner plans all of a request or nothing of it."""
    if not slots["offline"] or work.model is None or not covered.left_out:
        return ""
    return text(
        "{why} Without one I can't plan all of it ({left_out}). Try again when a model answers, or "
        "ask for less.",
        why=slots["why_offline"],
        left_out=" ".join(covered.left_out[:PROBLEMS_SHOWN]),
    )


def _faulty(problems: Sequence[str], slots: Slots) -> dict[str, object]:
    """A model may repair its draft; the offline planner would only repeat itself."""
    if slots["offline"]:
        return {"declined": " ".join(problems[:PROBLEMS_SHOWN])}
    return {"problems": list(problems)}


def _passed(request: PlanRequest) -> tuple[str, ...]:
    """Questions that were open when a change was said instead of an answer."""
    before = request.conversation
    return before.questions if before is not None and request.base is not None else ()


async def gaps(slots: Slots, work: Work) -> dict[str, object]:
    """Sort what is open into questions and stated assumptions."""
    plan = Draft.model_validate_json(slots["draft"])
    covered = Coverage.model_validate_json(slots["coverage"])
    questions, assumed = weigh(
        (*covered.gaps, *plan.gaps),
        answers={answer.slot: answer.value for answer in work.request.answers},
        preferences=work.request.preferences,
        ask=slots["rounds"] < ROUNDS,
        passed=_passed(work.request),
    )
    stated = (
        *covered.left_out, *plan.assumptions, *assumed, *slots["assumptions"], *covered.stated
    )  # fmt: skip
    if not questions and (lacking := unanswered(plan)):
        return {"declined": lacking}
    return {
        "questions": [question.model_dump(mode="json") for question in questions],
        "assumptions": list(dict.fromkeys(filter(None, stated))),
    }


async def estimated(slots: Slots, work: Work) -> dict[str, object]:
    """Add the forecast and make the plan."""
    request = work.request
    profiles = await known_profiles(request, work.database)
    graph, estimate = estimate_graph(
        TaskGraph.model_validate_json(slots["graph"]), request.catalogue, list_price, profiles
    )
    covered = Coverage.model_validate_json(slots["coverage"])
    assumptions, cap = slots["assumptions"], covered.cap_micro_usd
    if cap is not None:
        reason = too_dear(estimate, cap)
        if reason:
            return {"declined": reason}
        graph, assumptions = capped(graph, cap), [*assumptions, *cap_stated(estimate, cap)]
    now = work.clock.now()
    drafted = Draft.model_validate_json(slots["draft"])
    title = " ".join(drafted.title.split())[:TITLE_CHARS]
    plan = Plan(
        project=request.project,
        request=request.request,
        title=title or graph.tasks[0].title[:TITLE_CHARS],
        graph=graph,
        estimate=estimate,
        assumptions=tuple(assumptions),
        unasked=covered.unasked,
        on_failure=drafted.on_failure,
        author=slots["author"],
        created_at=now.isoformat(),
        expires_at=(now + timedelta(seconds=PLAN_LIFE_S)).isoformat(),
    )
    return {"plan": plan.model_dump_json()}


async def _exact(work: Work) -> Drafted | None:
    """A change understood to its last word needs no model, which might change more."""
    base = work.request.base
    if base is None:
        return None
    await _warm_prices(work)
    changed = exact(base, work.request)
    return None if changed is None else Drafted(changed, base.author)


async def _drafted(slots: Slots, work: Work, earlier: Earlier | None) -> dict[str, object]:
    if slots["offline"] or work.model is None:
        return await offline(slots, work, "")
    if earlier is None or not earlier.problems:
        work.say(work.drafting)
    looked = Looked.model_validate_json(slots["looked"]) if slots["looked"] else Looked()
    known = (*slots["known"], *looked.texts)
    ending = await work.model.draft(work.request, known=known, earlier=earlier)
    return await drafted_by_model(ending, slots, work)


async def drafted_by_model(ending: Drafting, slots: Slots, work: Work) -> dict[str, object]:
    """The slots of a model's ending; where no model could be reached, the offline planner's."""
    if isinstance(ending, Unreachable):
        remark = text("No model could plan this ({reason}).", reason=ending.text)
        return await offline(slots, work, remark)
    return taken(ending, work, slots["remarks"])


async def offline(slots: Slots, work: Work, remark: str) -> dict[str, object]:
    """The offline planner's draft; `remark` says in a sentence why it was asked."""
    ending = await work.offline.draft(work.request, known=(), earlier=None)
    remarks = list(slots["remarks"])
    if remark:
        remarks.append(text("{reason} The offline planner made this plan.", reason=remark))
    slotted = {**taken(ending, work, remarks), "offline": True, "why_offline": remark}
    if remark and slotted.get("declined"):
        slotted["declined"] = f"{remark} {slotted['declined']}"  # two whole sentences
    return slotted


def taken(ending: Drafting, work: Work, remarks: list[str]) -> dict[str, object]:
    """The slots of an ending; what people always want goes into new plans only."""
    match ending:
        case Drafted(draft=plan, author=author, remarks=more):
            plan = with_taught(plan, work.request)
            return {
                "draft": plan.model_dump_json(),
                "author": author,
                "remarks": list(dict.fromkeys([*remarks, *more])),
                "problems": [],
                "questions": [],
                "declined": ""
                if plan.tasks
                else with_absent(plan.declined or NO_TASKS, work.named),
            }
        case Malformed(text=answer, problem=problem, author=author):
            return {"draft": answer, "author": author, "problems": [problem], "declined": ""}
        case Refused(text=reason) | Unreachable(text=reason):
            return {"declined": reason, "problems": []}
        case _:
            assert_never(ending)


async def _sql_problems(graph: TaskGraph, slots: Slots, work: Work) -> tuple[str, ...]:
    """The grammar writes its SQL from the schema; a model may invent columns, and a template or
    a past plan may be for another file."""
    if slots["author"] in {AUTHOR, SMALL_JOB} or slots["author"].startswith(SHIPPED):
        return ()
    return await asyncio.to_thread(sql_problems, graph, work.request.files)


def _defaults_stand(slots: Slots, work: Work) -> bool:
    """Whether every answer is what the draft already assumed, so that it need not be redrawn."""
    asked = [Question.model_validate(question) for question in slots["questions"]]
    given = {answer.slot: answer.value for answer in work.request.answers}
    return bool(asked) and all(
        given.get(question.slot, question.default) == question.default for question in asked
    )


async def _warm_prices(work: Work) -> None:
    """Load the price list in a thread of its own, where any price is needed."""
    for agent in work.request.catalogue.agents:
        if agent.kind is AgentKind.MODEL and agent.price_model not in {"", "local"}:
            await asyncio.to_thread(list_price, agent, 1, 1)
