"""Plans and questions by actions alone: rights, the one audit row, calling twice, being shown."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.actions.act import Actor, Door, perform
from bot.actions.plans import approvals, requests
from bot.actions.plans.approvals import Decide, Outcome, PlanDecided
from bot.actions.plans.questions import OpenRequest, take_defaults
from bot.actions.plans.requests import AskAgain, Words
from memory.model.base import PlanHash, ProjectId, RequestId
from memory.model.errors import Conflict, NotAllowed
from memory.model.work.approval import PlanState
from memory.store.engine.database import Database
from memory.store.planning import plans
from memory.store.tables import audit
from memory.store.tables import requests as request_rows
from tests.conftest import SetClock
from tests.flows.bench import THREAD, Bench, Talk, person

TEST = ProjectId("test")


async def test_a_repeated_approval_is_one_approval_one_run_and_one_audit_row(
    sqlite: Database, talk: Talk
) -> None:
    async with talk() as ready:
        await ready.say("ana", "write the report")
        first = await _approve(ready, "ana", event="x")
        again = await _approve(ready, "ana", event="x")
        await ready.settled()
        assert (first.outcome, again) == (Outcome.APPROVED, first)
        assert ready.services.executor.starts == 1
        (ids,) = await _audited(sqlite, "plan.approved")
        assert ids == {"role": "owner", "door": "api", "message": ""}


async def test_a_scheduled_plan_is_approved_with_one_row_that_names_its_schedule(
    sqlite: Database, talk: Talk
) -> None:
    async with talk() as ready:
        await ready.say("ana", "every day at 10:30: write the report")
        result = await _approve(ready, "ana")
    assert result.schedule is not None
    assert (result.schedule.number, result.state) == (1, PlanState.STARTED)
    (ids,) = await _audited(sqlite, "plan.approved")
    assert ids["schedule"] == result.schedule.id
    assert await _audited(sqlite, "schedule.set") == []


async def test_words_said_before_the_plan_was_shown_approve_nothing(
    sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    async with talk() as ready:
        before = clock.now() - timedelta(minutes=1)
        await ready.say("ana", "write the report")
        given = Decide(plan=await _plan(sqlite), via="words", at=before)
        result = await perform(ready.services, _actor("ana"), TEST, approvals.approve, given)
        assert result.outcome is Outcome.UNSEEN
        assert await _audited(sqlite, "plan.approved") == []


async def test_who_may_not_approve_leaves_no_trace(sqlite: Database, talk: Talk) -> None:
    async with talk(approvers=("bo",)) as ready:
        await ready.say("ana", "publish the report")
        with pytest.raises(NotAllowed):
            await _approve(ready, "cy")
        assert await _audited(sqlite, "plan.approved") == []


async def test_what_is_too_old_is_closed_and_says_so(talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "write the report")
        await ready.later(25)
        result = await _approve(ready, "ana")
        assert (result.outcome, result.state) == (Outcome.CLOSED, PlanState.EXPIRED)
        assert result.card is not None


async def test_defaults_are_taken_with_one_audit_row_and_only_once(
    sqlite: Database, talk: Talk
) -> None:
    async with talk() as ready:
        await ready.say("ana", "write a blog post")
        async with sqlite.reading() as connection:
            found = (await connection.execute(sa.select(request_rows.c.id))).scalar_one()
        given = OpenRequest(request=RequestId(found))
        result = await perform(ready.services, _actor("ana"), TEST, take_defaults, given)
        assert result.card.closed
        with pytest.raises(Conflict):
            await perform(ready.services, _actor("ana", "y"), TEST, take_defaults, given)
        await ready.settled()
        assert len(await _audited(sqlite, "question.defaulted")) == 1
        assert "Plan" in ready.heard()


async def test_another_projects_request_is_not_planned_again(sqlite: Database, talk: Talk) -> None:
    async with talk() as ready:
        await ready.say("ana", "write the report")
        async with sqlite.reading() as connection:
            found = (await connection.execute(sa.select(request_rows.c.id))).scalar_one()
        given = AskAgain(request=RequestId(found), words=Words(thread=THREAD))
        with pytest.raises(Conflict):
            await perform(ready.services, _actor("ana"), ProjectId("other"), requests.again, given)


async def _approve(ready: Bench, who: str, *, event: str = "x") -> PlanDecided:
    plan, at = await _plan(ready.services.database), ready.clock.now()
    given = Decide(plan=plan, via="button", at=at)
    return await perform(ready.services, _actor(who, event), TEST, approvals.approve, given)


def _actor(who: str, event: str = "x") -> Actor:
    return Actor(identity=person(who), door=Door.API, event=event)


async def _plan(database: Database) -> PlanHash:
    async with database.reading() as connection:
        newest = await plans.newest(connection, TEST, THREAD.key)
    assert newest is not None
    return newest


async def _audited(database: Database, action: str) -> list[dict[str, str]]:
    """The ids of every audit row of this action."""
    query = sa.select(audit.c.ids).where(audit.c.action == action).order_by(audit.c.seq)
    async with database.reading() as connection:
        return list((await connection.execute(query)).scalars())
