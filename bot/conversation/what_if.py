"""What a plan would be with a change that is only thought of: both, side by side."""

from collections.abc import Sequence

from bot.chat import Outgoing
from bot.conversation import messages
from bot.render.plans.differences import comparison
from bot.render.words import untrusted
from bot.services import Services
from memory.model.agents.spec import AgentKind
from memory.model.base import RequestId
from memory.model.work.plan import Plan
from memory.profiles.ranking import rank
from memory.store.knowledge import learning
from planner.revising.differences import differences

LINES = 6


async def compared(services: Services, base: Plan, then: Plan, request: RequestId) -> Outgoing:
    """The message that compares them, with what the agents are known for."""
    quality = await _quality(services, base, then)
    return comparison(
        services.locale, base, then, messages.names(services), quality=quality, take=request
    )


async def _quality(services: Services, base: Plan, then: Plan) -> Sequence[str]:
    """For each task that another agent would do: how both did such work before."""
    async with services.database.reading() as connection:
        profiles = await learning.profiles_of(connection, base.project)
    catalogue, lines = services.executor.catalogue(), []
    for one in differences(base, then).changed[:LINES]:
        agents = [catalogue.find(name) for name in one.agent or ()]
        models = [agent for agent in agents if agent and agent.kind is AgentKind.MODEL]
        kind = then.graph.task(one.key).type
        known = {found.agent: found.reason for found in rank(profiles, kind, models)}
        words = [f"{untrusted(agent.title, 40)}: {known[agent.name]}" for agent in models]
        if words:
            lines.append(f"{one.number} {untrusted(one.title, 60)} — {' · '.join(words)}")
    return lines
