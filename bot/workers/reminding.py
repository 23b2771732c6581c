"""Plans that wait long: those who can approve are reminded, and others told that they may now.

A plan whose time is over says so.
"""

from datetime import datetime
from typing import Final

from bot.actions.chat_events import post
from bot.actions.plans.shown import why_closed
from bot.chat import say
from bot.conversation.plans.messages import close_plan, post_plan
from bot.language.catalogue import Locale
from bot.language.words import untrusted
from bot.queries.plans.cards import PlanCard, card, waiting_card
from bot.queries.plans.zones import clock_of
from bot.render.plans.decisions import mentions, needs_words
from bot.render.schedules.message import moment
from bot.services import Services
from memory.model.base import PlanHash, ProjectId
from memory.model.errors import Conflict, NotFound
from memory.model.work.approval import PlanState
from memory.store.planning import approval_requests, plans
from memory.store.planning.approval_requests import Overdue
from memory.store.traffic import audit

BATCH: Final = 50


async def remind(services: Services, now: datetime) -> int:
    """Tell of every plan whose time has come, once; gives back of how many."""
    async with services.database.reading() as connection:
        due = await approval_requests.overdue(connection, now, BATCH)
        over = await plans.overdue(connection, now, BATCH)
    for project, plan in over:
        await _expire(services, project, plan, now)
    return sum([await _tell(services, overdue, now) for overdue in due])


async def _expire(services: Services, project: ProjectId, plan: PlanHash, now: datetime) -> None:
    async with services.database.transaction() as tx:
        if not await plans.move(tx, plan, PlanState.EXPIRED, only_from=PlanState.WAITING):
            return
        shown = await card(tx, services, await plans.load(tx, project, plan))
        text = services.locale.sentence(why_closed(PlanState.EXPIRED))
        await close_plan(tx, services, shown, text, key=f"expired:{plan}")
        await audit.record(tx, project, actor="system", action="plan.expired", on=plan, at=now)
    services.wakeups.ring_all()


async def _tell(services: Services, overdue: Overdue, now: datetime) -> bool:
    async with services.database.transaction() as tx:
        if not await approval_requests.told(tx, overdue):
            return False
        try:
            stored = await plans.load(tx, overdue.project, overdue.plan)
            shown = await waiting_card(tx, services, stored)
        except (NotFound, Conflict):
            return False  # it can't be approved any more, so there's nothing to say
        if shown.thread is None or (overdue.usual and not _waits_for_others(shown)):
            return False
        what = "escalated" if overdue.escalates else "reminded"
        tz = await clock_of(tx, services, overdue.project)
        until = f"{moment(services.locale, stored.expires_at, tz)} {stored.expires_at.astimezone(tz):%Z}"
        text = _words(services.locale, shown, overdue, until)
        called = mentions(shown.thread, shown.needs.keys if shown.needs else ())
        key = f"approval-{what}:{overdue.plan}"
        said = say(f"{text} {called}".rstrip())
        await post(
            tx, services, overdue.project, shown.thread, f"{key}:{overdue.due.isoformat()}", said
        )
        if overdue.escalates:
            await post_plan(tx, services, shown, edit=f"approvals:{key}")
        action = f"approval.{what}"
        await audit.record(
            tx, overdue.project, actor="system", action=action, on=overdue.plan, at=now
        )
    services.wakeups.ring_all()
    return True


def _waits_for_others(shown: PlanCard) -> bool:
    """Whether it waits for people other than whoever asked for it."""
    return shown.needs is not None and not (shown.needs.own or shown.needs.asker)


def _words(_: Locale, shown: PlanCard, overdue: Overdue, until: str) -> str:
    text = (
        _(
            "Plan `{plan}` “{title}” has waited so long that others may approve it now, until "
            "{until}: {needs}."
        )
        if overdue.escalates
        else _("Plan `{plan}` “{title}” still waits for approval, until {until}: {needs}.")
    )
    needs = needs_words(_, shown.needs) or _("anybody here may give it")
    title = untrusted(shown.plan.title, 80)
    return text.format(plan=shown.plan.short, title=title, until=until, needs=needs)
