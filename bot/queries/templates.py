"""Templates of a project, and a plan of its own to make one of."""

import asyncio
from dataclasses import dataclass

from bot.queries.asking import Asking
from executor.agents.person import PERSON
from executor.agents.registry import load
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.spec import Catalogue
from memory.model.base import AgentName, PlanHash
from memory.model.errors import BadInput
from memory.model.work.approval import PlanState
from memory.store.knowledge import projects
from memory.store.planning import plans, requests
from planner.material import approved
from planner.port import Remembered
from planner.template import Library, Template
from planner.templates.check import problems_of
from planner.templates.library import library

_GONE = {PlanState.DROPPED, PlanState.SUPERSEDED}


@dataclass(frozen=True)
class Material:
    """A plan with the words it was asked for in, and the other plans that were approved."""

    plan: Remembered
    others: tuple[Remembered, ...]


async def templates_of(asking: Asking) -> Library:
    """Those that ship, and those in the project's folder."""
    asking.must_see()
    root = await projects.root(asking.connection, asking.project)
    return await asyncio.to_thread(library, root)


async def material(asking: Asking, wanted: PlanHash) -> Material:
    """What a template of this plan is made of. Raises NotFound, BadInput."""
    asking.must_see()
    if not wanted:
        raise BadInput("There's no plan here yet to make a template of.")
    stored = await plans.load(asking.connection, asking.project, wanted)
    if stored.state in _GONE:
        raise BadInput("That plan was dropped or replaced. Say it again below a current plan.")
    asked = await requests.load(asking.connection, stored.plan.request)
    others = await approved(asking.connection, asking.project)
    return Material(
        Remembered(text=asked.text, plan=stored.plan),
        tuple(other for other in others if other.plan.hash != wanted),
    )


def problems_anywhere(template: Template) -> tuple[str, ...]:
    """Why the template makes no plan with the built-in tools, a person and some model."""
    model = ModelEndpoint(
        name=AgentName("model"),
        title="a model",
        provider="local",
        base_url="http://127.0.0.1/",
        model="any",
        price_model="local",
    )
    return problems_of(
        template, Catalogue(agents=(*(agent.spec for agent in load((model,))), PERSON))
    )
