"""Who asked for what a message says."""

from typing import Final

from bot.message_keys import questioned, run_of
from bot.services import Desk
from memory.model.base import PlanHash, RequestId
from memory.model.errors import NotFound
from memory.model.identity import Identity
from memory.model.outgoing import Waiting
from memory.model.work.approval import PlanState
from memory.store.engine.database import Connection
from memory.store.planning import plans, requests

NO_PLAN: Final = PlanHash("")


async def requester_of(desk: Desk, row: Waiting) -> Identity | None:
    """Whoever asked for what leads to this result, to these questions or to this plan, which waits.

    None for any other message, and for edits.
    """
    if row.edits:
        return None
    try:
        run = run_of(row.key)
        ran = (await desk.executor.view(row.project, run)).plan_hash if run else NO_PLAN
        async with desk.database.reading() as connection:
            request = await _request(connection, row, ran)
            return (await requests.load(connection, request)).author if request else None
    except NotFound:
        return None


async def _request(connection: Connection, row: Waiting, ran: PlanHash) -> RequestId:
    if request := questioned(row.key):
        return request
    if ran:
        return (await plans.load(connection, row.project, ran)).plan.request
    shown = await plans.by_message(connection, row.key)
    if shown is None:
        return RequestId("")
    stored = await plans.load(connection, *shown)
    return stored.plan.request if stored.state is PlanState.WAITING else RequestId("")
