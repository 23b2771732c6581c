"""Messages that are being sent: people may read one before its id is known here."""

import asyncio
from contextlib import suppress
from typing import Final

from bot.services import Desk
from memory.model.base import PlanHash, ProjectId
from memory.store.planning import plans
from memory.store.traffic import outbox

WAIT_S: Final = 10.0
LOOK_S: Final = 0.02


async def plan_out(desk: Desk, project: ProjectId, plan: PlanHash) -> None:
    """Return once the plan's message isn't being sent; ten seconds at most. Raises NotFound."""
    async with desk.database.reading() as connection:
        key = (await plans.load(connection, project, plan)).message_key
    with suppress(TimeoutError):
        async with asyncio.timeout(WAIT_S):
            while True:
                async with desk.database.reading() as connection:
                    sent = await outbox.by_key(connection, key)
                if sent is None or sent.state not in outbox.UNSURE:
                    return
                await asyncio.sleep(LOOK_S)
