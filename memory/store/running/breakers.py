"""The breakers of agents, so that every worker sees them and they outlive a restart."""

from datetime import datetime

import sqlalchemy as sa

from memory.model.agents.breaker import Breaker
from memory.store.engine.database import Connection
from memory.store.engine.upsert import insert_into
from memory.store.tables import breakers


async def get(connection: Connection, agent: str, credential: str) -> Breaker:
    """The breaker of this agent with this credential; a closed one where none was stored."""
    found = await connection.execute(
        sa.select(breakers).where(
            (breakers.c.agent == agent) & (breakers.c.credential == credential)
        )
    )
    row = found.one_or_none()
    return _breaker(row) if row else Breaker(agent=agent, credential=credential)


async def all_of(connection: Connection) -> tuple[Breaker, ...]:
    """Every breaker that was ever written, by agent."""
    rows = await connection.execute(sa.select(breakers).order_by(breakers.c.agent))
    return tuple(_breaker(row) for row in rows)


async def put(tx: Connection, breaker: Breaker, *, was: Breaker, at: datetime) -> bool:
    """Store it unless somebody else changed it meanwhile; say whether it was stored (law 2)."""
    values = {
        "state": breaker.state,
        "failures": breaker.failures,
        "opened_at": breaker.opened_at,
        "updated_at": at,
    }
    insert = insert_into(tx, breakers).values(
        agent=breaker.agent, credential=breaker.credential, **values
    )
    done = await tx.execute(
        insert.on_conflict_do_update(
            index_elements=["agent", "credential"],
            set_=values,
            where=(breakers.c.state == was.state) & (breakers.c.failures == was.failures),
        ).returning(sa.literal(1))  # psycopg's row count is not set here
    )
    return done.first() is not None


def _breaker(row: sa.Row[tuple[object, ...]]) -> Breaker:
    return Breaker.model_validate(row, from_attributes=True)
