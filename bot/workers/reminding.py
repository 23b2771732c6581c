"""Plans that wait long: those who can approve are reminded once, and others told that they may now."""

from datetime import datetime
from typing import Final

from bot.actions.chat_events import post
from bot.chat import say
from bot.conversation.plans.messages import post_plan
from bot.language.catalogue import Locale
from bot.language.words import untrusted
from bot.queries.plans import approval
from bot.queries.plans.cards import PlanCard, waiting_card
from bot.render.plans.decisions import needs_words
from bot.services import Services
from memory.model.errors import Conflict, NotFound
from memory.model.identity import ThreadRef
from memory.store.engine.database import Connection
from memory.store.planning import approval_requests, plans
from memory.store.planning.approval_requests import Overdue
from memory.store.traffic import audit

BATCH: Final = 50
MOST_CALLED: Final = 10


async def remind(services: Services, now: datetime) -> int:
    """Tell of every plan whose time has come, once; gives back of how many."""
    async with services.database.reading() as connection:
        due = await approval_requests.overdue(connection, now, BATCH)
    return sum([await _tell(services, overdue, now) for overdue in due])


async def _tell(services: Services, overdue: Overdue, now: datetime) -> bool:
    async with services.database.transaction() as tx:
        if not await approval_requests.told(tx, overdue):
            return False
        try:
            stored = await plans.load(tx, overdue.project, overdue.plan)
            card = await waiting_card(tx, services, stored)
        except (NotFound, Conflict):
            return False  # it can't be approved any more, so there's nothing to say
        if card.thread is None:
            return False
        what = "escalated" if overdue.escalates else "reminded"
        keys = await _could(tx, services, card)
        text = _words(services.locale, card, overdue, _mentions(card.thread, keys))
        key = f"approval-{what}:{overdue.plan}"
        await post(tx, services, overdue.project, card.thread, key, say(text))
        if overdue.escalates:
            await post_plan(tx, services, card, edit=f"approvals:{key}")
        action = f"approval.{what}"
        await audit.record(
            tx, overdue.project, actor="system", action=action, on=overdue.plan, at=now
        )
    services.wakeups.ring_all()
    return True


async def _could(tx: Connection, services: Services, card: PlanCard) -> tuple[str, ...]:
    """Keys of those who could approve and haven't, by none of their accounts."""
    judged = await approval.judging(tx, services, card.plan)
    words = approval.words_of(await plans.decisions(tx, card.plan.hash))
    given = {person for person, _ in words}
    able = [judged.able(demand, without=given) for demand in judged.missing(words)]
    return tuple(dict.fromkeys(key for keys in able for key in keys))


def _mentions(thread: ThreadRef, keys: tuple[str, ...]) -> str:
    there = f"{thread.platform}:{thread.workspace}:"
    near = [key.removeprefix(there) for key in keys if key.startswith(there)]
    return " ".join(f"<@{user}>" for user in near[:MOST_CALLED])


def _words(_: Locale, card: PlanCard, overdue: Overdue, mentions: str) -> str:
    text = (
        _("Plan `{plan}` “{title}” has waited so long that others may approve it now: {needs}.")
        if overdue.escalates
        else _("Plan `{plan}` “{title}” still waits for approval: {needs}.")
    )
    needs = needs_words(_, card.needs) or _("anybody here may give it")
    said = text.format(plan=card.plan.short, title=untrusted(card.plan.title, 80), needs=needs)
    return f"{said} {mentions}".rstrip()
