"""What a plan's approval takes, as it was asked for and as it is now: the same for every gate."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from memory.model.approvals.counting import Lent
from memory.model.approvals.policy import Demand, StoredRule, Who, asked_of, demands, tightest
from memory.model.authority import About, Roles, Rules, role_now, terms
from memory.model.base import Model, PlanHash, ProjectId, canonical_json
from memory.model.errors import NotFound
from memory.model.identity import Identity
from memory.model.work.approval import PlanState
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.engine.sealing import holds, sealed
from memory.store.knowledge import projects
from memory.store.planning import policies, requests
from memory.store.tables import approval_requests, plans

NOBODY = Identity(platform="", workspace="", user_id="")
REMINDERS: Final = (timedelta(hours=1), timedelta(hours=4))
"""How long after a plan was shown those who could approve it are reminded, where no policy says."""
_UNKNOWN = Demand(who=Who.PEOPLE, broken=True)
"""What a request for approval asks whose seal is broken: what nobody can give."""


class Asked(Model):
    """The approvals that were asked for with a plan, and the keys of those who could give them.

    `askers`: others than the requester whose words made the plan what it is.
    """

    demands: tuple[Demand, ...]
    eligible: tuple[str, ...]
    askers: tuple[str, ...] = ()


class Overdue(Model):
    """A plan that waits and was asked for so long ago that people are reminded, or others asked.

    It is due since `due`, and once more `again`. `usual`: no policy says when people are reminded.
    """

    project: ProjectId
    plan: PlanHash
    escalates: bool
    due: datetime
    again: datetime | None = None
    usual: bool = False


async def judging(
    connection: Connection, plan: Plan, rules: Rules, *, now: datetime
) -> tuple[About, Roles]:
    """What decides about approvals of the plan: policy, roles and who approves for whom.

    What was asked for with it holds on where the policy asks for less by now.
    """
    roles = await projects.roles_of(connection, plan.project)
    about = terms(await _requester(connection, plan), plan.highest_effect(), roles, rules)
    asked = await _asked(connection, plan.hash)
    now_asked = _demands(plan, await policies.rules(connection, plan.project), rules)
    about = replace(
        about,
        demands=tightest((*now_asked, *(asked.demands if asked else ()))),
        askers=asked.askers if asked else (),
        lent=await lent(connection, plan.project, roles, rules),
        now=now,
    )
    return about, roles


async def askers(connection: Connection, plan: PlanHash) -> tuple[str, ...]:
    """Others than the requester whose words made the plan what it is."""
    asked = await _asked(connection, plan)
    return asked.askers if asked else ()


async def ask(
    tx: Connection,
    plan: Plan,
    rules: Rules,
    eligible: Sequence[str],
    *,
    askers: tuple[str, ...] = (),
    at: datetime,
) -> None:
    """Write down what the plan's approval takes, with who could give it; the first word stands."""
    if await _asked(tx, plan.hash) is not None:
        return
    wanted = _demands(plan, await policies.rules(tx, plan.project), rules)
    asked = Asked(demands=wanted, eligible=tuple(eligible), askers=askers)
    body = asked.model_dump(mode="json", exclude=None if askers else {"askers"})
    reminds = [demand.remind_s for demand in wanted if demand.remind_s is not None]
    escalates = [demand.stand_in_from for demand in wanted if demand.stand_in_from is not None]
    row = {
        "plan_hash": plan.hash,
        "project_id": plan.project,
        "body": canonical_json(body).decode(),
        "at": at,
        "remind_at": at + (timedelta(seconds=min(reminds)) if reminds else REMINDERS[0]),
        "escalate_at": min(escalates, default=None),
    }
    await tx.execute(sa.insert(approval_requests).values(sealed(tx, approval_requests, row)))
    lives = [demand.expires_s for demand in wanted if demand.expires_s is not None]
    if lives:
        ends = min(at + timedelta(seconds=min(lives)), datetime.fromisoformat(plan.expires_at))
        shorter = sa.update(plans).where(plans.c.hash == plan.hash).values(expires_at=ends)
        await tx.execute(shorter)


async def overdue(connection: Connection, now: datetime, limit: int) -> tuple[Overdue, ...]:
    """Plans that wait and whose time to be told of again has come, longest first."""
    table, due = approval_requests, []
    for column in (table.c.escalate_at, table.c.remind_at):
        rows = await connection.execute(
            sa.select(table, column.label("due"))
            .join(plans, plans.c.hash == table.c.plan_hash)
            .where((column <= now) & (plans.c.state == PlanState.WAITING))
            .where(plans.c.expires_at > now)
            .order_by(column)
            .limit(limit)
        )
        escalates = column is table.c.escalate_at
        due += [_overdue(row, _content(connection, row), now, escalates=escalates) for row in rows]
    return tuple(due)


def _overdue(row: sa.Row[Any], asked: Asked, now: datetime, *, escalates: bool) -> Overdue:
    usual = not escalates and all(demand.remind_s is None for demand in asked.demands)
    later = [row.at + after for after in REMINDERS if usual and row.at + after > now]
    return Overdue(
        project=ProjectId(row.project_id),
        plan=PlanHash(row.plan_hash),
        escalates=escalates,
        due=row.due,
        again=min(later, default=None),
        usual=usual,
    )


async def told(tx: Connection, overdue_: Overdue) -> bool:
    """Note that people are told; False where they were already."""
    name = "escalate_at" if overdue_.escalates else "remind_at"
    column = approval_requests.c[name]
    mine = (approval_requests.c.plan_hash == overdue_.plan) & (column == overdue_.due)
    done = await tx.execute(sa.update(approval_requests).where(mine).values({name: overdue_.again}))
    return done.rowcount == 1


def _demands(plan: Plan, rules: Sequence[StoredRule], fixed: Rules) -> tuple[Demand, ...]:
    own = fixed.requester_may_approve
    return demands(asked_of(plan), rules, quorum=fixed.quorum, requester_may_approve=own)


async def _asked(connection: Connection, plan: PlanHash) -> Asked | None:
    query = sa.select(approval_requests).where(approval_requests.c.plan_hash == plan)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _content(connection, row)


def _content(connection: Connection, row: sa.Row[Any]) -> Asked:
    if not holds(connection, approval_requests, row):
        return Asked(demands=(_UNKNOWN,), eligible=())
    return Asked.model_validate_json(row.body)


async def lent(
    connection: Connection, project: ProjectId, roles: Roles, rules: Rules
) -> tuple[Lent, ...]:
    """Who may approve for whom, with what those are now."""
    return tuple(
        Lent(
            giver=known.giver,
            role=role_now(known.giver, roles, rules),
            taker=known.taker,
            since=known.since,
            until=known.until,
        )
        for known in await policies.lent(connection, project)
        if known.holds
    )


async def _requester(connection: Connection, plan: Plan) -> Identity:
    try:
        return (await requests.load(connection, plan.request)).author
    except NotFound:
        return NOBODY  # nobody's own plan: whoever approves it is somebody else
