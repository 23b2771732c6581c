"""How agents are right now: paused after failures, or with a line of attempts in front of them."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from memory.model.agents.breaker import BreakerState
from memory.model.agents.routing import AgentState
from memory.model.base import AgentName
from memory.store.engine.database import Connection
from memory.store.running import breakers
from memory.store.tables import lines

PAUSED_FOR: Final = timedelta(minutes=10)
"""A breaker that opened longer ago may be tried again: nothing closes it but a call."""


async def agent_states(connection: Connection, now: datetime) -> tuple[AgentState, ...]:
    """Every agent that is paused or waited for, in all projects together."""
    found = await connection.execute(
        sa.select(lines.c.agent, sa.func.count().label("waiting"))
        .where(lines.c.called.is_(sa.false()))
        .group_by(lines.c.agent)
    )
    waiting = {row.agent: int(row.waiting) for row in found}
    paused = {
        breaker.agent
        for breaker in await breakers.all_of(connection)
        if breaker.state is BreakerState.OPEN
        and breaker.opened_at is not None
        and now - breaker.opened_at < PAUSED_FOR
    }
    return tuple(
        AgentState(agent=AgentName(name), paused=name in paused, waiting=waiting.get(name, 0))
        for name in sorted(paused | set(waiting))
    )
