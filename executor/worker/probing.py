"""Looking after agents that are left alone: one that is well again is not kept waiting."""

import asyncio

import structlog

from executor.agents.port import Agent, Probed
from executor.parts import Parts
from executor.policy import breaker
from memory.model.agents.breaker import Breaker, BreakerState
from memory.model.base import AgentName
from memory.store.running import breakers

PROBE_S = 5.0
"""How often an agent that is left alone is looked at."""

ANSWER_S = 5.0

log = structlog.get_logger(__name__)


async def probe(parts: Parts) -> tuple[AgentName, ...]:
    """Ask every agent whose breaker is open how it is; those that are well may be tried at once.

    Only the next call closes the breaker: to answer is not yet to work. Raises StorageTrouble.
    """
    async with parts.database.reading() as connection:
        known = await breakers.all_of(connection)
    resting = [one for one in known if one.state is BreakerState.OPEN and one.opened_at]
    asked = [(one, agent) for one in resting if (agent := _agent(parts, one)) is not None]
    answers = await asyncio.gather(*(_is_well(agent) for _, agent in asked))
    well = [one for (one, _), answer in zip(asked, answers, strict=True) if answer]
    found = []
    for one in well:
        now = parts.clock.now()
        async with parts.database.transaction() as tx:
            if await breakers.put(tx, breaker.eager(one), was=one, at=now):
                found.append(AgentName(one.agent))
    if found:
        log.info("agents are well again", agents=found)
    return tuple(found)


def _agent(parts: Parts, known: Breaker) -> Probed | None:
    agent: Agent | None = parts.agents.get(AgentName(known.agent))
    mine = agent is not None and agent.spec.provider == known.credential
    return agent if mine and isinstance(agent, Probed) else None


async def _is_well(agent: Probed) -> bool:
    try:
        async with asyncio.timeout(ANSWER_S):
            return await agent.healthy()
    except TimeoutError:
        return False
