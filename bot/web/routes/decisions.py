"""Decisions on plans: the same as in chat, under the same gate, and shown in the plan's message."""

from fastapi import APIRouter
from pydantic import Field

from bot.actions.act import Act
from bot.actions.plans import approvals
from bot.actions.plans.approvals import Decide, OnPlan, PlanDecided
from bot.conversation.plans.approvals import show_decision
from bot.queries.web.plans import project_of_plan
from bot.web.shapes.common import Hash
from bot.web.shapes.plans import Decided
from bot.web.state import Decides, Visit, Works
from memory.model.base import Model, PlanHash, ProjectId
from memory.model.errors import BadInput

router = APIRouter(tags=["plans"])


class OfPlan(Model):
    """The whole hash once more: it says which bytes were looked at."""

    hash: str = Field(pattern="^[0-9a-f]{64}$")


class Refusal(OfPlan):
    """Why; with a reason the request is planned again with that in mind."""

    reason: str = Field(default="", max_length=4000)


class Begun(Model):
    """It's under way."""

    plan: str


@router.post("/plans/{plan}/approve")
async def approve(visit: Decides, plan: Hash, given: OfPlan) -> Decided:
    """Approve exactly this plan. With enough approvals it starts."""
    project = await _project(visit, plan, given.hash)
    done = await visit.act(project, approvals.approve, _decision(visit, plan), then=_shown)
    return _decided(done)


@router.delete("/plans/{plan}/approve")
async def withdraw(visit: Decides, plan: Hash) -> Decided:
    """Take your approval back, as long as nothing has started."""
    project = await _project(visit, plan, plan)
    wanted = OnPlan(plan=PlanHash(plan))
    return _decided(await visit.act(project, approvals.withdraw, wanted, then=_shown))


@router.post("/plans/{plan}/refuse")
async def refuse(visit: Decides, plan: Hash, given: Refusal) -> Decided:
    """Drop the plan: it won't run."""
    project = await _project(visit, plan, given.hash)
    wanted = _decision(visit, plan, reason=given.reason.strip())
    return _decided(await visit.act(project, approvals.refuse, wanted, then=_shown))


@router.post("/plans/{plan}/dry-run", status_code=202)
async def dry_run(visit: Works, plan: Hash, given: OfPlan) -> Begun:
    """Walk through the plan without doing anything; what would happen is told in its thread."""
    project = await _project(visit, plan, given.hash)
    await visit.act(project, approvals.dry_run, OnPlan(plan=PlanHash(plan)))
    return Begun(plan=plan)


async def _shown(act: Act, result: PlanDecided) -> None:
    await show_decision(act, result, act.actor.event)


def _decision(visit: Visit, plan: str, *, reason: str = "") -> Decide:
    now = visit.services.clock.now()
    return Decide(plan=PlanHash(plan), via="button", at=now, reason=reason)


def _decided(done: PlanDecided) -> Decided:
    return Decided(outcome=done.outcome, state=done.state, again=done.again)


async def _project(visit: Visit, plan: str, looked_at: str) -> ProjectId:
    if looked_at != plan:
        raise BadInput("The hash in the body isn't that of this plan, so nothing was decided.")
    async with visit.reading() as (connection, reach):
        return await project_of_plan(connection, reach, plan)
