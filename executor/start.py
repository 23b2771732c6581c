"""Starting a run: the last look at plan, approvals and switches before anything happens."""

from datetime import datetime

from executor.parts import Parts
from executor.release import go_on
from memory.model.agent import EffectClass
from memory.model.base import PlanHash, ProjectId, RunId
from memory.model.crash import crashpoint, declare
from memory.model.errors import Conflict, NotAllowed
from memory.model.events import RunStarted
from memory.model.identity import Identity, Role
from memory.model.limits import SENTENCES
from memory.model.run import RunState
from memory.store import audit, news, plans, runs, switches
from memory.store.database import Connection
from memory.store.plans import PlanState, StoredPlan
from memory.store.runs import StoredRun

declare("in_accept", "after_accept")

GRAVE = frozenset({EffectClass.PUBLISH, EffectClass.EXEC})
DECIDERS = frozenset({Role.OWNER, Role.APPROVER})


def run_id(plan: PlanHash, *, simulated: bool) -> RunId:
    """One run per plan, and one dry run: whoever starts it again meets the same."""
    return RunId(f"{'dry' if simulated else 'run'}_{plan[:24]}")


async def start(
    parts: Parts,
    project: ProjectId,
    plan_hash: PlanHash,
    *,
    thread_key: str,
    by: Identity,
    simulated: bool,
) -> RunId:
    """Begin the run in one transaction. Raises NotFound, Conflict, NotAllowed."""
    made = StoredRun(
        id=run_id(plan_hash, simulated=simulated),
        project=project,
        plan=plan_hash,
        thread_key=thread_key,
        state=RunState.RUNNING,
        simulated=simulated,
        started_by=by.key,
        problem="",
        cost_micro_usd=0,
        unpriced=False,
        started_at=parts.clock.now(),
        finished_at=None,
    )
    await parts.database.at_once(lambda tx: _accept(tx, parts, made))
    crashpoint("after_accept")
    return made.id


async def _accept(tx: Connection, parts: Parts, made: StoredRun) -> None:
    stored = await plans.load(tx, made.project, made.plan)
    if not await runs.create(tx, made, stored.plan.graph):
        return
    now = made.started_at
    await _allowed(tx, made.project, stored, now, simulated=made.simulated)
    begun = RunStarted(run=made.id, simulated=made.simulated)
    await news.tell(tx, made.project, begun, at=now)
    await audit.record(
        tx,
        made.project,
        actor=made.started_by,
        action="run.started",
        on=made.id,
        at=now,
        ids={"plan": made.plan},
    )
    await go_on(tx, parts, made, stored.plan)
    crashpoint("in_accept")


async def _allowed(
    tx: Connection, project: ProjectId, stored: StoredPlan, now: datetime, *, simulated: bool
) -> None:
    stopped = await switches.stopped(tx, project)
    if stopped is not None:
        raise NotAllowed(f"All work is stopped here ({stopped.reason}); say `resume all` first.")
    if simulated:
        return
    if now >= stored.expires_at:
        raise Conflict(SENTENCES["plan_life"])
    if stored.state is not PlanState.APPROVED:
        raise NotAllowed(f"This plan is {stored.state}, not approved; it does not run.")
    await _approved(tx, stored)
    moved = await plans.move(tx, stored.plan.hash, PlanState.STARTED, only_from=PlanState.APPROVED)
    if not moved:
        raise Conflict("Somebody else decided about this plan just now; their decision stands.")


async def _approved(tx: Connection, stored: StoredPlan) -> None:
    decisions = await plans.decisions(tx, stored.plan.hash)
    wanted = DECIDERS if stored.plan.gravest_effect() in GRAVE else frozenset(Role) - {Role.VIEWER}
    if any(one.decision == "refuse" for one in decisions):
        raise NotAllowed("Somebody refused this plan; change it and ask again.")
    if not any(one.decision == "approve" and one.role in wanted for one in decisions):
        raise NotAllowed("Nobody who may approve this plan has approved it; it does not run.")
