"""The plan that a message stands for, for whoever asks what exactly that is."""

from bot.services import Desk
from memory.model.base import PlanHash
from memory.model.errors import OrchestraError
from memory.model.identity import MessageRef
from memory.model.work.plan import Plan
from memory.store.planning import plans
from memory.store.traffic import outbox


async def plan_shown(desk: Desk, message: MessageRef, plan: str) -> Plan | None:
    """The plan, from its own bytes; None where it isn't of that message's project.

    The message was shown to whoever sees it, and so is what it stands for.
    """
    async with desk.database.reading() as connection:
        sent = await outbox.by_message(connection, message.where, message.message)
        if sent is None:
            return None
        try:
            return (await plans.load(connection, sent.project, PlanHash(plan))).plan
        except OrchestraError:
            return None
