"""Ranking agents for a request: what the store knows of them, and one source of chance."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.agents.routing import AgentState, Allowance
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import name_key
from memory.profiles.ranking import Ranked, Terms, rank
from memory.recall.service import Recall
from memory.store.engine.database import Database
from memory.store.knowledge.agent_states import agent_states
from memory.store.knowledge.learning import profiles_of
from planner.compiling.assign import Rank
from planner.compiling.dial import dial_of
from planner.compiling.work_types import Reading, hardness, reading
from planner.draft import Draft, DraftTask
from planner.estimate import list_price, usual_price
from planner.port import PlanRequest

LOOKED_UP = 24
"""Of a plan with more different tasks, the rest is ranked by its types alone."""


async def known_profiles(
    request: PlanRequest, database: Database | None
) -> tuple[AgentProfile, ...]:
    """What is known of the agents' work in the project."""
    if database is None:
        return ()
    async with database.reading() as connection:
        return await profiles_of(
            connection,
            request.project,
            now=request.now,
            half_life_days=request.routing.half_life_days,
        )


async def ranker(
    draft: Draft, request: PlanRequest, database: Database | None, recall: Recall | None
) -> Rank:
    """The ranking for this draft. The same request and history give the same ranking."""
    models = [agent for agent in request.catalogue.agents if agent.kind is AgentKind.MODEL]
    if not models:
        return lambda task, agents: rank((), task.type, agents)
    profiles = await known_profiles(request, database)
    told = await _told(draft, request, recall) if recall is not None and profiles else {}
    terms = Terms(
        dial=dial_of(request),
        rules=tuple(rule.routing for rule in request.taught if rule.routing),
        states=await _states(request, database),
        allowance=allowance(profiles, request.routing.exploration),
    )

    def ranked(task: DraftTask, agents: Sequence[AgentSpec]) -> tuple[Ranked, ...]:
        known = told.get(_words(task, request), _Told())
        work, shares = known.reading
        kind = work.name if work else task.type
        return rank(
            profiles,
            kind,
            agents,
            similar=known.similar,
            random=chance(request, name_key(kind)),
            terms=_for(terms, task, kind, models),
            work=work,
            shares=shares,
        )

    return ranked


class _Told(NamedTuple):
    """What the history tells of a task."""

    similar: Sequence[SimilarTask] = ()
    reading: Reading = Reading()


async def _told(draft: Draft, request: PlanRequest, recall: Recall) -> dict[str, _Told]:
    """What it tells of each task that models could do, by the task's words."""
    parts = (*draft.tasks, *(task for part in draft.subplans for task in part.tasks))
    thought = {_words(task, request): task for task in parts if _is_for_models(task, request)}
    told = {}
    for words, task in list(thought.items())[:LOOKED_UP]:
        similar = await recall.similar_tasks(request.project, words)
        guess = await recall.type_of(request.project, words, hardness(task))
        told[words] = _Told(similar, reading(task.type, guess))
    return told


def _is_for_models(task: DraftTask, request: PlanRequest) -> bool:
    return any(agent.kind is AgentKind.MODEL for agent in request.catalogue.able(task.type))


def chance(request: PlanRequest, purpose: str) -> random.Random:
    """A source of chance that says the same for the same request and purpose, every time."""
    return random.Random(f"{request.request}:{purpose}")


def _for(terms: Terms, task: DraftTask, kind: str, models: Sequence[AgentSpec]) -> Terms:
    """The terms for one task that counts as this type of work."""
    prices = {model.name: usual_price(model, task.type, list_price) for model in models}
    types = {"", name_key(task.type), name_key(kind)}
    # Whichever of its two types a rule is about, it holds for the task.
    rules = tuple(
        rule.model_copy(update={"task_type": ""})
        for rule in terms.rules
        if name_key(rule.task_type) in types
    )
    return replace(terms, prices=prices, rules=rules, difficulty=hardness(task))


def _words(task: DraftTask, request: PlanRequest) -> str:
    return f"{task.title}\n{task.instruction}".strip() or request.text


async def _states(request: PlanRequest, database: Database | None) -> Sequence[AgentState]:
    if database is None:
        return ()
    async with database.reading() as connection:
        return await agent_states(connection, request.now)


def allowance(profiles: Sequence[AgentProfile], share: float) -> Allowance:
    """What may be spent on trials, by all that models have cost in the project so far."""
    return Allowance(
        share=share,
        spent_micro_usd=sum(profile.cost_micro_usd for profile in profiles),
        explored_micro_usd=sum(profile.explored_micro_usd for profile in profiles),
        attempts=sum(profile.samples for profile in profiles),
        explored=sum(profile.explored for profile in profiles),
    )
