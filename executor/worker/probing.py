"""Looking after paused agents: one that is well again isn't kept waiting."""

import asyncio

import structlog

from executor.parts import Parts
from executor.policy import breaker
from executor.port import Agent, Probed
from memory.model.agents.breaker import Breaker, BreakerState
from memory.model.base import AgentName
from memory.store.running import breakers

PROBE_S = 5.0
"""How often a paused agent is probed."""

ANSWER_S = 5.0

log = structlog.get_logger(__name__)


async def probe(parts: Parts) -> tuple[AgentName, ...]:
    """Ask every agent whose breaker is open whether it's well; if so, it may be tried at once.

    Only the next call closes the breaker: an answer isn't work yet. Raises StorageTrouble.
    """
    async with parts.database.reading() as connection:
        breakers_ = await breakers.all_of(connection)
    resting = [row for row in breakers_ if row.state is BreakerState.OPEN and row.opened_at]
    answers = await asyncio.gather(*(_is_well(_agent(parts, row)) for row in resting))
    tried = [
        AgentName(row.agent)
        for row, well in zip(resting, answers, strict=True)
        if well and await _made_eager(parts, row)
    ]
    if tried:
        log.info("agents are well again", agents=tried)
    return tuple(tried)


async def _made_eager(parts: Parts, row: Breaker) -> bool:
    async with parts.database.transaction() as tx:
        return await breakers.put(tx, breaker.eager(row), was=row, at=parts.clock.now())


def _agent(parts: Parts, known: Breaker) -> Probed | None:
    agent: Agent | None = parts.agents.get(AgentName(known.agent))
    mine = agent is not None and agent.spec.provider == known.credential
    return agent if mine and isinstance(agent, Probed) else None


async def _is_well(agent: Probed | None) -> bool:
    if agent is None:
        return False
    try:
        async with asyncio.timeout(ANSWER_S):
            return await agent.healthy()
    except TimeoutError:
        return False
