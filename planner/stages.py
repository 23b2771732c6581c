"""The stages of planning, each from slots to slots; graph.py says in which order.

Slots are JSON, so that a checkpoint can be read by any version and trusted by none.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict, assert_never

import structlog

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.limits import PLAN_LIFE_S
from memory.model.timing.clock import Clock
from memory.model.work.graph import TaskGraph
from memory.model.work.plan import Plan
from memory.profiles.ranking import Ranked, rank
from memory.recall.service import Recall
from memory.store.engine.database import Database
from memory.store.knowledge.learning import profiles_of
from planner.compiling.compiler import Compiled, Problems, compile_draft
from planner.compiling.sql_check import sql_problems
from planner.draft import Draft
from planner.drafter_chain import SHIPPED
from planner.drafter_port import (
    Drafted,
    Drafter,
    Drafting,
    Earlier,
    Malformed,
    Refused,
    Unreachable,
)
from planner.estimate import estimate_graph, list_price
from planner.gaps import weigh
from planner.offline.drafter import AUTHOR
from planner.offline.edits import exact
from planner.port import PlanRequest, Question
from planner.preferences import with_wishes
from planner.understanding import not_work, small_talk

ROUNDS = 2
"""A second round only where the first answers opened something new."""

PASSAGES = 4
TITLE_CHARS = 140
PROBLEMS_SHOWN = 3

log = structlog.get_logger(__name__)


class Slots(TypedDict):
    """All that is kept of a plan in the making."""

    words: str
    """The digest of the request's text: another text is another plan."""
    known: list[str]
    draft: str
    author: str
    offline: bool
    remarks: list[str]
    problems: list[str]
    repairs: int
    graph: str
    assumptions: list[str]
    questions: list[dict[str, object]]
    rounds: int
    declined: str
    small_talk: bool
    plan: str


def fresh(words: str) -> Slots:
    """The slots before planning."""
    return Slots(
        words=words, known=[], draft="", author="", offline=False, remarks=[], problems=[],
        repairs=0, graph="", assumptions=[], questions=[], rounds=0, declined="", small_talk=False, plan="",
    )  # fmt: skip


@dataclass(frozen=True)
class Work:
    """What the stages work with: the request, and who helps. Never stored."""

    request: PlanRequest
    model: Drafter | None
    offline: Drafter
    database: Database | None
    recall: Recall | None
    clock: Clock


async def understand(_: Slots, work: Work) -> dict[str, object]:
    """Decline what is no work."""
    said = small_talk(work.request.text)
    return {
        "declined": not_work(work.request),
        "small_talk": bool(said) and not work.request.base,
        "offline": work.model is None,
    }


async def recall(slots: Slots, work: Work) -> dict[str, object]:
    """Find what the project knows that fits; only a model can make use of it."""
    if work.recall is None or slots["offline"]:
        return {}
    found = await work.recall.search(work.request.project, work.request.text, limit=PASSAGES)
    return {"known": [f"{one.title}: {one.text}" for one in found]}


async def draft(slots: Slots, work: Work) -> dict[str, object]:
    """Draft, or draft again with answers. Where no model answers, the offline planner does."""
    change = await _exact(work)
    if change is not None:
        return _taken(change, slots["remarks"])
    if slots["draft"] and slots["rounds"] and not slots["offline"] and _defaults_stand(slots, work):
        return {"questions": []}
    earlier = Earlier(slots["draft"]) if slots["draft"] else None
    return await _drafted(slots, work, earlier)


async def repair(slots: Slots, work: Work) -> dict[str, object]:
    """The one repair turn: the same drafter again, with what was wrong."""
    earlier = Earlier(slots["draft"], tuple(slots["problems"]))
    return {**await _drafted(slots, work, earlier), "repairs": slots["repairs"] + 1}


async def give_up_on_model(slots: Slots, work: Work) -> dict[str, object]:
    """What the model drafted is of no use: the offline planner's turn, saying so."""
    why = "; ".join(slots["problems"][:PROBLEMS_SHOWN])
    remark = f"The plan of {slots['author']} had mistakes it could not mend ({why})."
    return await _offline(slots, work, remark)


async def compiled(slots: Slots, work: Work) -> dict[str, object]:
    """Check the draft against the catalogue."""
    if slots["declined"] or slots["problems"]:
        return {}
    profiles, similar = await _history(work)
    if _needs_prices(work):
        await asyncio.to_thread(_warm_prices, work.request.catalogue.agents)

    def ranked(task_type: str, agents: Sequence[AgentSpec]) -> tuple[Ranked, ...]:
        return rank(profiles, task_type, agents, similar=similar)

    result = compile_draft(
        Draft.model_validate_json(slots["draft"]), work.request, rank=ranked, price=list_price
    )
    match result:
        case Compiled(graph=graph, assumptions=assumptions):
            wrong = await _sql_problems(graph, slots, work)
            if wrong:
                return _faulty(wrong, slots)
            return {"graph": graph.model_dump_json(), "assumptions": list(assumptions)}
        case Problems(texts=texts):
            log.info("draft does not compile", author=slots["author"], problems=len(texts))
            return _faulty(texts, slots)
        case _:
            assert_never(result)


def _faulty(texts: Sequence[str], slots: Slots) -> dict[str, object]:
    """A model may mend its draft; the offline planner would say the same again."""
    if slots["offline"]:
        return {"declined": " ".join(texts[:PROBLEMS_SHOWN])}
    return {"problems": list(texts)}


async def gaps(slots: Slots, work: Work) -> dict[str, object]:
    """Sort what is open into questions and stated assumptions."""
    said = Draft.model_validate_json(slots["draft"])
    weighed = weigh(
        said.gaps,
        answers={one.slot: one.value for one in work.request.answers},
        preferences=work.request.preferences,
        ask=slots["rounds"] < ROUNDS,
    )
    stated = (*said.assumptions, *weighed.assumptions, *slots["assumptions"])
    return {
        "questions": [question.model_dump(mode="json") for question in weighed.questions],
        "assumptions": list(dict.fromkeys(one for one in stated if one)),
    }


async def estimated(slots: Slots, work: Work) -> dict[str, object]:
    """Add the forecast and make the plan."""
    request = work.request
    profiles, _ = await _history(work)
    graph, estimate = estimate_graph(
        TaskGraph.model_validate_json(slots["graph"]), request.catalogue, list_price, profiles
    )
    now = work.clock.now()
    title = " ".join(Draft.model_validate_json(slots["draft"]).title.split())[:TITLE_CHARS]
    plan = Plan(
        project=request.project,
        request=request.request,
        title=title or graph.tasks[0].title[:TITLE_CHARS],
        graph=graph,
        estimate=estimate,
        assumptions=tuple(slots["assumptions"]),
        on_failure=Draft.model_validate_json(slots["draft"]).on_failure,
        author=slots["author"],
        created_at=now.isoformat(),
        expires_at=(now + timedelta(seconds=PLAN_LIFE_S)).isoformat(),
    )
    return {"plan": plan.model_dump_json()}


async def _exact(work: Work) -> Drafted | None:
    """A change that is understood to its last word needs no model, which might change more."""
    base = work.request.base
    if base is None:
        return None
    if _needs_prices(work):
        await asyncio.to_thread(_warm_prices, work.request.catalogue.agents)
    found = exact(base, work.request)
    return None if found is None else Drafted(found, base.author)


async def _drafted(slots: Slots, work: Work, earlier: Earlier | None) -> dict[str, object]:
    if slots["offline"] or work.model is None:
        return await _offline(slots, work, "")
    ending = await work.model.draft(work.request, known=tuple(slots["known"]), earlier=earlier)
    if isinstance(ending, Unreachable):
        return await _offline(slots, work, f"No model could plan this ({ending.text}).")
    return _taken(ending, slots["remarks"], _wishes(work))


async def _offline(slots: Slots, work: Work, remark: str) -> dict[str, object]:
    ending = await work.offline.draft(work.request, known=(), earlier=None)
    remarks = list(slots["remarks"])
    if remark:
        remarks.append(f"{remark} The offline planner drew this up.")
    taken = {**_taken(ending, remarks, _wishes(work)), "offline": True}
    if remark and taken.get("declined"):
        taken["declined"] = f"{remark} {taken['declined']}"
    return taken


def _wishes(work: Work) -> Mapping[str, str] | None:
    return work.request.preferences if work.request.base is None else None


def _taken(
    ending: Drafting, remarks: list[str], preferences: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The slots of an ending; `preferences` where the draft is new and not of a plan before."""
    match ending:
        case Drafted(draft=plain, author=author, remarks=more):
            said = plain if preferences is None else with_wishes(plain, preferences)
            kept = list(dict.fromkeys([*remarks, *more]))
            return {
                "draft": said.model_dump_json(),
                "author": author,
                "remarks": kept,
                "problems": [],
                "questions": [],
                "declined": "" if said.tasks else said.declined or NO_TASKS,
            }
        case Malformed(text=text, problem=problem, author=author):
            return {"draft": text, "author": author, "problems": [problem], "declined": ""}
        case Refused(text=text) | Unreachable(text=text):
            return {"declined": text, "problems": []}
        case _:
            assert_never(ending)


async def _sql_problems(graph: TaskGraph, slots: Slots, work: Work) -> tuple[str, ...]:
    """The grammar writes its SQL from the schema; a model may dream of columns, a template or a
    past plan may be of another file."""
    if slots["author"] == AUTHOR or slots["author"].startswith(SHIPPED):
        return ()
    return await asyncio.to_thread(sql_problems, graph, work.request.files)


NO_TASKS = "I see nothing to do in that; say what should come out of it."


def _defaults_stand(slots: Slots, work: Work) -> bool:
    """Whether every answer is what the draft already assumed, so that it need not be redrawn."""
    asked = [Question.model_validate(question) for question in slots["questions"]]
    given = {one.slot: one.value for one in work.request.answers}
    return bool(asked) and all(given.get(one.slot, one.default) == one.default for one in asked)


async def _history(work: Work) -> tuple[tuple[AgentProfile, ...], tuple[SimilarTask, ...]]:
    if work.database is None or not _has_models(work):
        return (), ()
    async with work.database.reading() as connection:
        profiles = await profiles_of(connection, work.request.project)
    if work.recall is None or not profiles:
        return profiles, ()
    return profiles, await work.recall.similar_tasks(work.request.project, work.request.text)


def _has_models(work: Work) -> bool:
    return any(one.kind is AgentKind.MODEL for one in work.request.catalogue.agents)


def _needs_prices(work: Work) -> bool:
    return any(
        one.kind is AgentKind.MODEL and one.price_model not in {"", "local"}
        for one in work.request.catalogue.agents
    )


def _warm_prices(agents: Sequence[AgentSpec]) -> None:
    for agent in agents:
        list_price(agent, 1, 1)
