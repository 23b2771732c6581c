"""Ranking agents for a request: what the store knows of them, and one source of chance."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.agents.routing import AgentState, Allowance
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import name_key
from memory.profiles.difficulty import difficulty
from memory.profiles.ranking import Ranked, Terms, rank
from memory.recall.service import Recall
from memory.store.engine.database import Database
from memory.store.knowledge.agent_states import agent_states
from memory.store.knowledge.learning import profiles_of
from planner.compiling.assign import Rank
from planner.compiling.dial import dial_of
from planner.draft import Draft, DraftTask
from planner.estimate import list_price, usual_price
from planner.port import PlanRequest


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
        return lambda task_type, agents: rank((), task_type, agents)
    profiles = await known_profiles(request, database)
    tasks = {name_key(task.type): task for task in reversed(draft.tasks)}
    similar: dict[str, Sequence[SimilarTask]] = {}
    if recall is not None and profiles:
        for kind, task in tasks.items():
            similar[kind] = await recall.similar_tasks(request.project, _words(task, request))
    terms = Terms(
        dial=dial_of(request),
        rules=tuple(rule.routing for rule in request.taught if rule.routing),
        states=await _states(request, database),
        allowance=allowance(profiles, request.routing.exploration),
    )

    def ranked(task_type: str, agents: Sequence[AgentSpec]) -> tuple[Ranked, ...]:
        kind = name_key(task_type)
        return rank(
            profiles,
            task_type,
            agents,
            similar=similar.get(kind, ()),
            random=chance(request, kind),
            terms=_for(terms, task_type, tasks, models),
        )

    return ranked


def chance(request: PlanRequest, purpose: str) -> random.Random:
    """A source of chance that says the same for the same request and purpose, every time."""
    return random.Random(f"{request.request}:{purpose}")


def _for(
    terms: Terms,
    task_type: str,
    tasks: Mapping[str, DraftTask],
    models: Sequence[AgentSpec],
) -> Terms:
    """The terms for one type of task."""
    task = tasks.get(name_key(task_type))
    prices = {model.name: usual_price(model, task_type, list_price) for model in models}
    hard = difficulty(f"{task.title}\n{task.instruction}", len(task.inputs)) if task else None
    return replace(terms, prices=prices, difficulty=hard)


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
