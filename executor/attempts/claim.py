"""Claiming an attempt: may it begin, is there money, who does it. One transaction."""

from dataclasses import dataclass, replace
from typing import assert_never

from executor.attempts import asking, complete, limits, reviewing
from executor.attempts.dry_run import SimulatedAgent
from executor.attempts.settle import (
    account,
    alert,
    book_lost,
    out_of_money,
    pause_run,
    spender,
)
from executor.parts import Parts
from executor.policy import breaker, spending
from executor.port import Agent
from executor.runs import inputs
from executor.runs.advance import enqueue, row_of
from executor.runs.approval import before_effect
from executor.runs.inputs import Inputs
from memory.model.agents.breaker import Breaker
from memory.model.agents.spec import AgentKind, AgentSpec, EffectClass
from memory.model.authority import Denied
from memory.model.base import AgentName
from memory.model.crash import crashpoint, declare
from memory.model.events import TaskStarted
from memory.model.text import text
from memory.model.work.graph import Task
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, TaskState
from memory.store.engine.database import Connection
from memory.store.money import budgets, ledger
from memory.store.money.holds import Hold
from memory.store.money.verdicts import Promised, Short
from memory.store.running import attempts, breakers, effects, runs, workers
from memory.store.running.attempts import Attempt, AttemptState, NotOurs
from memory.store.running.effects import EffectRow

declare("after_claim", "after_reserve")

DEATHS = 3
"""How many workers may die of an attempt before it has failed: with nothing else under way there."""
SUSPECTED = 2
"""An attempt that was under way at so many deaths of workers is made alone, so that the next one
shows whether it is the cause.
"""


@dataclass(frozen=True)
class Suspect:
    """An attempt that has to be made alone; nothing was changed."""


@dataclass(frozen=True)
class Claim:
    """An attempt that may be made now, with all that was looked up for it."""

    attempt: Attempt
    plan: Plan
    task: Task
    agent: Agent | None
    breaker: Breaker | None
    effects: tuple[EffectRow, ...]
    """Effects of this task that earlier attempts intended or did."""
    inputs: Inputs

    @property
    def changes_something(self) -> bool:
        """Whether doing it twice could be seen outside."""
        return not self.attempt.simulated and bool(effects.keys_of(self.attempt.run, self.task))


async def claim(parts: Parts, ticket: str, *, alone: bool = False) -> Claim | Suspect | None:
    """Claim the attempt; None when there's nothing to do (over, held, in line, with a person).

    `alone`: nothing else is under way in this process, nor will be.
    """
    name = limits.attempt_of(ticket)
    limited = await limits.find(parts, name)
    try:
        if limited is None or parts.database.is_sqlite:
            claimed = await parts.database.at_once_on(
                attempts.look_at, name, lambda tx, attempt: _claim(tx, parts, attempt, alone=alone)
            )
        else:  # by itself: it takes the agent's lock, and two in one transaction could deadlock
            async with parts.database.transaction() as tx:
                claimed = await _claim(tx, parts, await attempts.look(tx, name), alone=alone)
    except NotOurs:
        return None
    crashpoint("after_claim")
    if claimed is None and limited is not None:
        await limits.after(parts, limited)
    return claimed


async def _claim(
    tx: Connection, parts: Parts, attempt: Attempt | None, *, alone: bool
) -> Claim | Suspect | None:
    if attempt is None or attempt.state not in {AttemptState.ENQUEUED, AttemptState.RUNNING}:
        return None
    if attempt.run_state.over or not attempt.is_open:
        await complete.abandon(tx, parts, attempt)
        return None
    plan = await parts.plans.get(tx, attempt.project, attempt.plan)
    if attempt.state is AttemptState.RUNNING:
        claimed = await _go_on(tx, parts, attempt, plan, alone=alone)
    else:
        claimed = await _begin(tx, parts, attempt, plan)
    if isinstance(claimed, Claim):
        crashpoint("after_reserve")
    return claimed


async def _begin(tx: Connection, parts: Parts, attempt: Attempt, plan: Plan) -> Claim | None:
    task = plan.graph.task(attempt.task)
    agent = _agent(parts, attempt)
    if await _waits(tx, parts, attempt, task, agent):
        return None
    if not await _may_change(tx, parts, attempt, plan, task):
        return None
    admitted = await _admitted(tx, parts, attempt, task, agent)
    if admitted is None:
        return None
    money = await _reserved(tx, parts, attempt, task, agent)
    if money is None:
        return None
    amount, holds = money
    intended = await _intended(tx, parts, attempt, task)
    taken = await attempts.take(
        tx,
        attempt,
        parts.engine.worker,
        reserved_micro_usd=amount,
        holds=holds,
        state=AttemptState.RUNNING,
        at=parts.clock.now(),
        later=limits.of(parts, attempt) is None,  # whoever looks at a limit counts the rows
    )
    if not taken:
        raise NotOurs
    attempt = replace(attempt, reserved_micro_usd=amount, holds=holds)
    await _tell(tx, parts, attempt)
    breaker_ = admitted.breaker if agent is not None and not attempt.simulated else None
    given = await inputs.resolved(tx, parts.values, attempt, task, plan.graph)
    return Claim(attempt, plan, task, agent, breaker_, intended, given)


async def _tell(tx: Connection, parts: Parts, attempt: Attempt) -> None:
    """Put on record that the attempt has begun, and what is set aside for it."""
    now = parts.clock.now()
    await runs.mark(tx, attempt.run, attempt.task, state=TaskState.RUNNING, started_at=now)
    begun = TaskStarted(
        run=attempt.run, task=attempt.task, agent=attempt.agent, attempt=attempt.number
    )
    await parts.tell(tx, attempt.project, begun)
    if attempt.reserved_micro_usd and not attempt.simulated:
        await ledger.reserve(tx, account(attempt), attempt.reserved_micro_usd, at=now)


async def _waits(
    tx: Connection, parts: Parts, attempt: Attempt, task: Task, agent: Agent | None
) -> bool:
    """Whether it must not begin yet: it is held, a person is asked, or it has to wait its turn."""
    if attempt.stopped is not None or attempt.run_state is RunState.PAUSED:
        await _hold(tx, parts, attempt, attempt.stopped or "paused")
        return True
    if agent is not None and agent.spec.kind is AgentKind.HUMAN and not attempt.simulated:
        await asking.ask(tx, parts, attempt, task)
        return True
    return not await limits.admits(tx, parts, attempt, task)


async def _may_change(
    tx: Connection, parts: Parts, attempt: Attempt, plan: Plan, task: Task
) -> bool:
    """Whether the approvals still hold for a task that changes something; if not, the run pauses."""
    if all(effect.effect is EffectClass.READ for effect in task.effects):
        return True
    verdict = await before_effect(tx, parts, attempt, plan)
    if not isinstance(verdict, Denied):
        return True
    await _hold(tx, parts, attempt, verdict.message)
    run = await runs.lock(tx, attempt.project, attempt.run)
    await pause_run(tx, parts, run, verdict.message)
    return False


async def _go_on(
    tx: Connection, parts: Parts, attempt: Attempt, plan: Plan, *, alone: bool
) -> Claim | Suspect | None:
    """Take it over where its worker died; a suspect has to be alone."""
    left = await _of_dead(tx, parts, attempt)
    if left is None:
        return None
    if left.suspected >= SUSPECTED and not alone:
        return Suspect()
    return await _take_over(tx, parts, left, plan)


async def _take_over(tx: Connection, parts: Parts, attempt: Attempt, plan: Plan) -> Claim | None:
    """Its worker died: all it may have spent is booked, the effects are written down."""
    task, agent = plan.graph.task(attempt.task), _agent(parts, attempt)
    intended = await _intended(tx, parts, attempt, task)
    taken = await attempts.take(
        tx,
        attempt,
        parts.engine.worker,
        reserved_micro_usd=attempt.reserved_micro_usd,
        holds=attempt.holds,
        state=AttemptState.RUNNING,
        at=parts.clock.now(),
    )
    if not taken:
        return None
    again: Attempt | None = attempt
    if attempt.worker != parts.engine.worker:
        caller = agent if _is_called(attempt, agent, intended) else None
        again = await _paid_again(tx, parts, attempt, task, caller)
    if again is None:
        return None
    known = None
    if agent is not None and not attempt.simulated:
        known = await breakers.get(tx, agent.spec.name, agent.spec.provider)
    given = await inputs.resolved(tx, parts.values, attempt, task, plan.graph)
    return Claim(again, plan, task, agent, known, intended, given)


async def _of_dead(tx: Connection, parts: Parts, attempt: Attempt) -> Attempt | None:
    """The attempt, blamed for the death of another's worker; None where that lives."""
    if attempt.worker == parts.engine.worker:
        return attempt  # we claim it again ourselves, after our database refused
    if await workers.is_alive(tx, attempt.worker):
        return None  # we are the one that was away
    under_way = await workers.under_way_at(tx, attempt.worker, at=parts.clock.now())
    return _blamed(attempt, under_way)


def _blamed(attempt: Attempt, under_way: int) -> Attempt:
    """With the death of its worker, where so many attempts were under way; 0 where none died."""
    return replace(
        attempt,
        suspected=attempt.suspected + (under_way > 0),
        deaths=attempt.deaths + (under_way == 1),
    )


def _is_called(attempt: Attempt, agent: Agent | None, intended: tuple[EffectRow, ...]) -> bool:
    """Whether the agent is asked again after a dead worker: not where it failed too often, or what
    it changes is done or may not be done twice.
    """
    if agent is None or attempt.deaths >= DEATHS:
        return False
    done = bool(intended) and all(row.state == "done" for row in intended)
    return not done and (not intended or agent.spec.idempotent)


async def _paid_again(
    tx: Connection, parts: Parts, attempt: Attempt, task: Task, agent: Agent | None
) -> Attempt | None:
    """The attempt with money of its own, after all that the dead worker may have spent was booked.

    `agent` None: nobody is called, so it costs no more. Returns None where there isn't enough, or
    the run paused by it: then it's put back.
    """
    anew = replace(attempt, claims=attempt.claims + 1, reserved_micro_usd=0, holds=())
    if not attempt.reserved_micro_usd and not attempt.holds:
        return anew
    passed = await book_lost(tx, parts, attempt)
    run = await alert(tx, parts, await runs.lock(tx, attempt.project, attempt.run), passed)
    if run.state is RunState.PAUSED:
        await _hold(tx, parts, anew, run.problem)
        return None
    money = await _reserved(tx, parts, anew, task, agent)
    if money is None:
        return None
    amount, holds = money
    await attempts.set_aside(tx, attempt.id, amount, holds)
    anew = replace(anew, reserved_micro_usd=amount, holds=holds)
    if amount:
        await ledger.reserve(tx, account(anew), amount, at=parts.clock.now())
    return anew


async def _intended(
    tx: Connection, parts: Parts, attempt: Attempt, task: Task
) -> tuple[EffectRow, ...]:
    if attempt.simulated:
        return ()
    return await effects.intend(tx, attempt.project, attempt.run, task, at=parts.clock.now())


def _agent(parts: Parts, attempt: Attempt) -> Agent | None:
    agent = parts.agents.get(attempt.agent)
    if agent is not None and attempt.simulated:
        return SimulatedAgent(agent.spec)
    return agent


async def _hold(tx: Connection, parts: Parts, attempt: Attempt, reason: str) -> None:
    """Put it back: the task is ready again, until somebody lets it go on."""
    held = await attempts.end(
        tx,
        attempt.id,
        AttemptState.HELD,
        only_from=[attempt.state],
        reason=reason,
        at=parts.clock.now(),
    )
    if not held:
        raise NotOurs
    await runs.set_task(tx, attempt.run, attempt.task, open_attempt="", state=TaskState.READY)


async def _admitted(
    tx: Connection, parts: Parts, attempt: Attempt, task: Task, agent: Agent | None
) -> breaker.Admitted | None:
    """Whether the agent's breaker lets the call through; else another agent or a later attempt."""
    if agent is None or attempt.simulated:
        return breaker.Admitted(Breaker(agent=attempt.agent, credential=""))
    if not attempt.unwell:
        return breaker.Admitted(Breaker(agent=agent.spec.name, credential=agent.spec.provider))
    known = await breakers.get(tx, agent.spec.name, agent.spec.provider)
    now = parts.clock.now()
    policy = parts.breaker_of(agent.spec.name)
    verdict = breaker.admit(known, now, policy)
    rest = policy.cool_down_s
    match verdict:
        case breaker.Admitted(breaker=changed):
            # Of several that come after the cool-down, the one whose write succeeds is the probe.
            if changed is known or await breakers.put(tx, changed, was=known, at=now):
                return verdict
        case breaker.Resting(for_s=left):
            rest = left
        case _:
            assert_never(verdict)
    await _pass_on(tx, parts, attempt, task, agent.spec, rest)
    return None


async def _pass_on(
    tx: Connection, parts: Parts, attempt: Attempt, task: Task, spec: AgentSpec, rest: float
) -> None:
    await _hold(tx, parts, attempt, text("the agent is paused after several failures"))
    run = await runs.lock(tx, attempt.project, attempt.run)
    row = await row_of(tx, run.id, task.key)
    other = await _other(tx, parts, task, spec.name)
    if other is None:
        note = text("waits: {agent} keeps failing", agent=spec.title)
        await runs.set_task(tx, run.id, task.key, note=note)
        await enqueue(tx, parts, run, [row], agent=spec.name, delay_s=rest)
        return
    title = parts.agents[other].spec.title
    note = text("moved to {title}: {agent} keeps failing", title=title, agent=spec.title)
    await runs.set_task(tx, run.id, task.key, note=note, agent=other)
    await enqueue(tx, parts, run, [row], agent=other)


async def _other(tx: Connection, parts: Parts, task: Task, not_: AgentName) -> AgentName | None:
    now = parts.clock.now()
    for name in (task.agent, *task.fallbacks):
        agent = parts.agents.get(name)
        if name == not_ or agent is None:
            continue
        known = await breakers.get(tx, name, agent.spec.provider)
        if isinstance(breaker.admit(known, now, parts.breaker_of(name)), breaker.Admitted):
            return name
    return None


async def _reserved(
    tx: Connection, parts: Parts, attempt: Attempt, task: Task, agent: Agent | None
) -> tuple[int, tuple[Hold, ...]] | None:
    """What was set aside (amount, where); None when there isn't enough and the attempt is held."""
    if agent is None or attempt.simulated:
        return 0, ()
    helpers = reviewing.reviewers(parts, task)
    names = tuple(helper.name for helper in helpers)
    who, amount, units = replace(spender(attempt), helpers=names), 0, budgets.OF_TIME
    if any(spending.costs(spec, task) for spec in (agent.spec, *helpers)):
        amount, units = spending.to_reserve(agent.spec, task), budgets.OF_WORK
    elif not attempt.limited:
        return 0, ()
    match await budgets.reserve(tx, who, amount, units=units, at=parts.clock.now()):
        case Promised(holds=holds):
            return amount, holds
        case Short() as short:
            await _without_money(tx, parts, attempt, short)
            return None


async def _without_money(tx: Connection, parts: Parts, attempt: Attempt, short: Short) -> None:
    await _hold(tx, parts, attempt, short.text)
    run = await runs.lock(tx, attempt.project, attempt.run)
    await out_of_money(tx, parts, run, attempt, short)
