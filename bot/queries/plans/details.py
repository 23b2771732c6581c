"""The plan that a message stands for, for whoever asks what exactly that is."""

from bot.services import Desk
from memory.model.base import PlanHash
from memory.model.errors import OrchestraError
from memory.model.identity import MessageRef
from memory.model.work.plan import Plan
from memory.store.planning import plans
from memory.store.traffic import outbox

MOST_DIGITS = 15


async def plan_shown(desk: Desk, message: MessageRef, plan: str) -> Plan | None:
    """The plan, from its own bytes; None where it isn't of that message's project.

    `NUMBER/HASH` names a message that stands elsewhere. It was shown to whoever sees it, and so is
    what it stands for.
    """
    number, elsewhere, of = plan.partition("/")
    async with desk.database.reading() as connection:
        if elsewhere and number.isdecimal() and len(number) <= MOST_DIGITS:
            sent, plan = await outbox.numbered(connection, int(number)), of
        else:
            sent = await outbox.by_message(connection, message.where, message.message)
        if sent is None:
            return None
        try:
            return (await plans.load(connection, sent.project, PlanHash(plan))).plan
        except OrchestraError:
            return None
