"""What is open in a room: questions, and whether its newest request was refused."""

import sqlalchemy as sa

from memory.store import tables
from tests.acceptance.bench import Room


async def questions(room: Room) -> str:
    """The open questions of the thread, with their options."""
    query = (
        sa.select(tables.questions.c.text, tables.questions.c.options)
        .join(tables.requests, tables.requests.c.id == tables.questions.c.request_id)
        .where(
            (tables.requests.c.thread_key == room.where.key) & (tables.questions.c.state == "open")
        )
    )
    async with room.app._database.reading() as connection:
        rows = (await connection.execute(query)).all()
    return "\n".join(f"{row.text} {row.options}" for row in rows)


async def declined(room: Room) -> bool:
    """Whether a request of the thread was refused."""
    query = sa.select(tables.requests.c.state).where(tables.requests.c.thread_key == room.where.key)
    async with room.app._database.reading() as connection:
        return "declined" in (await connection.execute(query)).scalars().all()
