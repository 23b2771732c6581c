"""Starting a run: the last look at plan, approvals and switches before anything happens."""

from collections.abc import Sequence
from dataclasses import replace

from executor.parts import Parts
from executor.runs import handwork
from executor.runs.advance import go_on
from executor.runs.approval import broken, judged, words_of
from executor.runs.redoing import redone
from executor.runs.standing_approval import stands
from memory.model.authority import ARCHIVED, Denied
from memory.model.base import PlanHash, ProjectId, RunId, TaskKey
from memory.model.budget import show_amount
from memory.model.crash import crashpoint, declare
from memory.model.errors import Conflict, NotAllowed
from memory.model.events import RunStarted
from memory.model.identity import Identity
from memory.model.limits import SENTENCES
from memory.model.timing.firing import FiringState
from memory.model.timing.schedule import Firing
from memory.model.timing.stored_schedule import Standing
from memory.model.work.approval import PlanState, StoredPlan
from memory.model.work.run import RunState
from memory.store.engine.database import Connection
from memory.store.money import budgets
from memory.store.money.budgets import Spender
from memory.store.money.verdicts import Short
from memory.store.planning import plans
from memory.store.running import runs, switches
from memory.store.running.runs import StoredRun
from memory.store.scheduling import firings

declare("in_accept", "after_accept")


def run_id(plan: PlanHash, *, simulated: bool, firing: Firing | None = None) -> RunId:
    """One run per plan, one dry run, one each time a schedule is due: asked again, the same."""
    mark = f"_{firing.mark}" if firing else ""
    return RunId(f"{'dry' if simulated else 'run'}_{plan[:24]}{mark}")


async def start(
    parts: Parts,
    project: ProjectId,
    plan_hash: PlanHash,
    *,
    thread_key: str,
    by: Identity,
    simulated: bool,
    firing: Firing | None = None,
) -> RunId:
    """Begin the run in one transaction. Raises NotFound, Conflict, NotAllowed."""
    made = StoredRun(
        id=run_id(plan_hash, simulated=simulated, firing=firing),
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
        schedule=firing.schedule if firing else "",
    )
    if not simulated:
        await handwork.notice(parts, project)
    await parts.database.at_once(lambda tx: _accept(tx, parts, made, firing))
    crashpoint("after_accept")
    return made.id


async def _accept(tx: Connection, parts: Parts, made: StoredRun, firing: Firing | None) -> None:
    stored = await plans.load(tx, made.project, made.plan)
    made = replace(made, template=stored.plan.template)
    if not await runs.create(tx, made, stored.plan.graph, await _kept(tx, stored)):
        return
    ids = await _allowed(tx, parts, made, stored, firing)
    if not made.simulated:
        await _count(tx, parts, made)
    begun = RunStarted(run=made.id, simulated=made.simulated)
    if not made.simulated:
        await redone(tx, made, stored.plan)
    await parts.tell(tx, made.project, begun)
    await parts.record(
        tx, made.project, "run.started", made.id, by=made.started_by, ids={"plan": made.plan, **ids}
    )
    await go_on(tx, parts, made, stored.plan)
    crashpoint("in_accept")


async def _count(tx: Connection, parts: Parts, made: StoredRun) -> None:
    """Count it in the limits of runs. Raises NotAllowed where one of them is reached."""
    who = Spender(
        made.project, "", made.started_by, made.id, schedule=made.schedule, template=made.template
    )
    counted = await budgets.begin_run(tx, who, at=made.started_at)
    if isinstance(counted, Short):
        budget = counted.state.budget
        raise NotAllowed(
            "Budget “{name}” allows {limit}, and they're used up. Raise it, or wait until it starts "
            "anew.",
            name=budget.name,
            limit=show_amount(budget.unit, budget.limit_micro_usd),
        )
    for threshold in counted:
        await parts.tell(tx, made.project, threshold.alert(made.id))


async def _kept(tx: Connection, stored: StoredPlan) -> dict[TaskKey, str]:
    """Where the values are that the plan keeps. Raises Conflict when one of them is gone."""
    earlier = stored.plan.continues
    if earlier is None:
        return {}
    digests = await runs.digests(tx, earlier.run, earlier.kept)
    before = await runs.get(tx, stored.plan.project, earlier.run)
    if set(digests) != set(earlier.kept) or not before.state.over:
        raise Conflict("The results this plan builds on are gone. Say `plan again`.")
    return digests


async def _allowed(
    tx: Connection, parts: Parts, made: StoredRun, stored: StoredPlan, firing: Firing | None
) -> dict[str, str]:
    """What the run stands on besides its plan, for the audit. Raises Conflict, NotAllowed."""
    await refuse_stopped(tx, made.project)
    if made.simulated:
        return {}
    if firing is not None:
        given = await stands(tx, stored, firing, now=made.started_at)
        await _standing(tx, parts, stored, given)
        claimed = (FiringState.CLAIMED,)
        await firings.decide(
            tx, firing, FiringState.STARTED, only_from=claimed, at=made.started_at, run=made.id
        )
        people = " ".join(word.person for word in given)
        return {"schedule": firing.schedule, "due": firing.mark, "approved_by": people}
    await _once(tx, parts, made, stored)
    return {}


async def refuse_stopped(tx: Connection, project: ProjectId) -> None:
    """Raises NotAllowed while the kill switch is set here."""
    stopped = await switches.stopped(tx, project)
    if stopped is not None and stopped.archived:
        raise NotAllowed(ARCHIVED)
    if stopped is not None:
        raise NotAllowed(
            "All work is stopped here ({reason}). Say `resume all` first.", reason=stopped.reason
        )


async def _once(tx: Connection, parts: Parts, made: StoredRun, stored: StoredPlan) -> None:
    """The approval of a plan that runs once is young, and is used up by this."""
    if stored.plan.schedule is not None:
        raise Conflict("This plan runs on its schedule. To run it now, say `run schedule … now`.")
    if made.started_at >= stored.expires_at:
        raise Conflict(SENTENCES["plan_life"])
    if stored.state is not PlanState.APPROVED:
        raise NotAllowed("This plan is {state}, not approved, so it can't run.", state=stored.state)
    await _approved(tx, parts, stored)
    moved = await plans.move(tx, made.plan, PlanState.STARTED, only_from=PlanState.APPROVED)
    if not moved:
        raise Conflict("Somebody else just decided about this plan, and their decision stands.")


async def _approved(tx: Connection, parts: Parts, stored: StoredPlan) -> None:
    """Enough people who may approve the plan have, and nobody refused it."""
    decisions = await plans.decisions(tx, stored.plan.hash)
    if any(decided.decision == "refuse" for decided in decisions):
        raise NotAllowed("Somebody refused this plan. Change it and ask again.")
    unsealed = broken(decisions)
    if unsealed is not None:
        raise NotAllowed(unsealed.message)
    if isinstance(await judged(tx, parts, stored.plan, words_of(decisions)), Denied):
        raise NotAllowed("This plan can't run until enough people who may approve it do.")


async def _standing(
    tx: Connection, parts: Parts, stored: StoredPlan, given: Sequence[Standing]
) -> None:
    """The people whose word a schedule stands on may still give it."""
    words = [(word.person, word.at) for word in given]
    if isinstance(await judged(tx, parts, stored.plan, words), Denied):
        raise NotAllowed(
            "Too few of the people who approved this schedule may still approve it; say "
            "`change schedule …` to have it approved anew."
        )
