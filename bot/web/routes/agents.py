"""Agents: who can do work, how they did, and who would be chosen."""

from fastapi import APIRouter
from pydantic import Field

from bot.queries.agents import agents_lately
from bot.queries.plans.cards import agent_names
from bot.queries.plans.material import profiles_of
from bot.web.shapes.agents import AgentShape, Place, agent_shape, lately
from bot.web.shapes.common import InProject, Page
from bot.web.state import Reads
from memory.model.base import Model, name_key
from memory.profiles.ranking import rank

router = APIRouter(tags=["agents"])


class Work(Model):
    """A type of task, and the project whose history counts."""

    project: str = Field(default="", max_length=200)
    task_type: str = Field(min_length=1, max_length=64)


@router.get("/agents")
async def list_agents(visit: Reads, project: InProject = "") -> Page[AgentShape]:
    """Everyone who can do work now, with what is known of them in the project."""
    async with visit.looking(project) as asking:
        rows = await agents_lately(asking)
        meant = asking.project
    profiles = await profiles_of(visit.services, meant)
    titles = agent_names(visit.services)
    known = {row.agent: lately(row, titles) for row in rows}
    agents = visit.services.executor.catalogue().agents
    return Page(items=tuple(agent_shape(spec, known.get(spec.name), profiles) for spec in agents))


@router.post("/orchestration/agents/select")
async def select(visit: Reads, given: Work) -> Page[Place]:
    """Who would do that type of task, the best first, and why. Changes nothing."""
    meant = await visit.project(given.project)
    kind = name_key(given.task_type)
    able = visit.services.executor.catalogue().able(kind)
    titles = agent_names(visit.services)
    ranked = rank(await profiles_of(visit.services, meant), kind, able)
    return Page(
        items=tuple(
            Place(
                agent=place.agent,
                title=titles.get(place.agent, place.agent),
                score=place.score,
                samples=place.samples,
                reason=place.reason,
                cost_micro_usd=place.cost_micro_usd,
                paused=place.paused,
            )
            for place in ranked
        )
    )
