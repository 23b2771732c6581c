"""The money side of an ending: ledger, budgets and their alerts, profiles, breakers."""

from dataclasses import dataclass, replace

from executor.attempts import limits, signals
from executor.parts import Parts
from executor.policy import breaker as breaking
from executor.policy import spending
from executor.runs.advance import enqueue, row_of
from memory.model.agents.breaker import Breaker, BreakerState
from memory.model.agents.prices import counted
from memory.model.agents.spec import AgentKind
from memory.model.budget import Budget
from memory.model.crash import crashpoint, declare
from memory.model.events import RunPaused
from memory.model.text import text
from memory.model.work.graph import Task
from memory.model.work.plan import Plan
from memory.model.work.run import Failed, Outcome, RunState, Succeeded, Usage, Used
from memory.store.engine.database import Connection
from memory.store.knowledge import learning
from memory.store.money import budgets, ledger
from memory.store.money.budgets import Spender
from memory.store.money.holds import counted_only, time_held, tokens_held
from memory.store.money.verdicts import Passed, Short
from memory.store.running import breakers, runs
from memory.store.running.attempts import Attempt
from memory.store.running.runs import StoredRun

declare("in_settle")

WAIT_FOR_MONEY_S = 2.0


@dataclass(frozen=True)
class Ending:
    """How a claimed attempt ended."""

    attempt: Attempt
    plan: Plan
    task: Task
    outcome: Outcome
    breaker: Breaker | None
    latency_ms: int = 0
    idempotent: bool = True
    short: Short | None = None
    """The budget that had no room for one of its calls."""


def account(attempt: Attempt) -> ledger.Account:
    """Whose money the attempt spends; each worker that takes it up after a dead one has its own."""
    name = attempt.id if attempt.claims <= 1 else f"{attempt.id}#{attempt.claims}"
    return ledger.Account(
        attempt.project, name, attempt.run, attempt.task, attempt.agent, attempt.person
    )


def spender(attempt: Attempt) -> Spender:
    """Which budgets the attempt draws on."""
    return Spender(
        attempt.project,
        attempt.agent,
        attempt.person,
        attempt.run,
        task=attempt.task,
        schedule=attempt.schedule,
        template=attempt.template,
    )


async def book_lost(tx: Connection, parts: Parts, attempt: Attempt) -> tuple[Passed, ...]:
    """The same where nobody saw its end: it counts as all that was set aside for it."""
    usage = spending.cut_short(attempt.reserved_micro_usd, tokens_held(attempt.holds))
    return await book(tx, parts, attempt, usage, took_ms=time_held(attempt.holds))


async def settle(tx: Connection, parts: Parts, ending: Ending, usage: Usage) -> tuple[Passed, ...]:
    """Settle the money, learn from the ending, tell the breaker."""
    attempt = ending.attempt
    if attempt.simulated:
        return ()
    if usage.cost_micro_usd is None and not attempt.reserved_micro_usd and usage.requests == 0:
        usage = usage.model_copy(update={"cost_micro_usd": 0})
    passed = await book(tx, parts, attempt, usage, took_ms=ending.latency_ms)
    crashpoint("in_settle")
    opened = await _weigh(tx, parts, ending)
    await _learn(tx, parts, ending, usage, opened=opened)
    return passed


async def book(
    tx: Connection, parts: Parts, attempt: Attempt, usage: Usage, *, took_ms: int
) -> tuple[Passed, ...]:
    """Settle ledger and budgets. The attempt was ended in this transaction, so it is once."""
    await limits.used(tx, parts, attempt, usage)
    return await _book(tx, parts, attempt, usage, took_ms)


async def _book(
    tx: Connection, parts: Parts, attempt: Attempt, usage: Usage, took_ms: int
) -> tuple[Passed, ...]:
    if attempt.simulated:
        return ()
    if attempt.holds:
        usage = counted(usage, attempt.reserved_micro_usd)
    now = parts.clock.now()
    await ledger.settle(
        tx, account(attempt), usage, reserved_micro_usd=attempt.reserved_micro_usd, at=now
    )
    cost = usage.cost_micro_usd or 0
    if cost or usage.cost_micro_usd is None:
        await runs.spent(tx, attempt.run, attempt.task, cost, unpriced=usage.cost_micro_usd is None)
    return await budgets.settle(
        tx,
        spender(attempt),
        attempt.holds,
        reserved_micro_usd=attempt.reserved_micro_usd,
        cost_micro_usd=cost,
        tokens=usage.tokens_in + usage.tokens_out,
        took_ms=took_ms,
        at=now,
    )


async def book_others(
    tx: Connection, parts: Parts, attempt: Attempt, others: tuple[Used, ...]
) -> tuple[Passed, ...]:
    """Settle what reviewers used, each on its own; what was set aside covers all of them.

    Their limits counted it when they were asked.
    """
    passed: tuple[Passed, ...] = ()
    for used in others:
        name = f"{attempt.id}/{used.agent}"  # the ledger settles each name once
        holds = counted_only(attempt.holds)
        theirs = replace(attempt, id=name, agent=used.agent, reserved_micro_usd=0, holds=holds)
        passed += await _book(tx, parts, theirs, used.usage, 0)
    return passed


async def _learn(
    tx: Connection, parts: Parts, ending: Ending, usage: Usage, *, opened: bool
) -> None:
    seen = signals.of(ending.outcome, ending.task, opened=opened)
    agent = parts.agents.get(ending.attempt.agent)
    if not seen or agent is None or agent.spec.kind is AgentKind.HUMAN:
        return
    choice = ending.task.choice
    await learning.record(
        tx,
        learning.Ended(
            project=ending.attempt.project,
            attempt=ending.attempt.id,
            run=ending.attempt.run,
            agent=ending.attempt.agent,
            task_type=ending.task.counted_as,
            text=f"{ending.task.title}\n{ending.task.instruction}".strip(),
            succeeded=isinstance(ending.outcome, Succeeded),
            cost_micro_usd=usage.cost_micro_usd or 0,
            latency_ms=ending.latency_ms,
            at=parts.clock.now(),
            signals=seen,
            unpriced=usage.cost_micro_usd is None,
            explored=choice is not None
            and choice.explored
            and choice.chosen.agent == ending.attempt.agent,
            inputs=len(ending.task.inputs),
            guessed=ending.task.work is not None,
        ),
    )


async def _weigh(tx: Connection, parts: Parts, ending: Ending) -> bool:
    """Tell the agent's breaker, where that changes anything; whether that opened it."""
    was = ending.breaker
    if was is None:
        return False
    now = parts.clock.now()
    match ending.outcome:
        case Succeeded(cached=True) | Failed(not_its_own=True):
            return False
        case Succeeded():
            new = breaking.after_success(was)
        case Failed(code=code):
            # Attempts of other tasks may have changed it since this one began.
            was = await breakers.get(tx, was.agent, was.credential)
            new = breaking.after_failure(was, code, now, parts.breaker_of(ending.attempt.agent))
        case _:
            return False
    if (new.state, new.failures) != (was.state, was.failures):
        await breakers.put(tx, new, was=was, at=now)
    return new.state is BreakerState.OPEN and was.state is BreakerState.CLOSED


async def pause_run(
    tx: Connection, parts: Parts, run: StoredRun, reason: str, *, by: str = "system"
) -> bool:
    """The run begins nothing more until somebody resumes it; False when it wasn't running."""
    if not await runs.move(
        tx, run.id, RunState.PAUSED, only_from=[RunState.RUNNING], problem=reason
    ):
        return False
    await parts.tell(tx, run.project, RunPaused(run=run.id, reason=reason))
    await parts.record(tx, run.project, "run.paused", run.id, by=by)
    return True


async def out_of_money(
    tx: Connection, parts: Parts, run: StoredRun, attempt: Attempt, short: Short
) -> StoredRun:
    """The task that doesn't fit waits for what others may give back, or the run pauses and it's told."""
    if short.waits:
        row = await row_of(tx, run.id, attempt.task)
        await enqueue(tx, parts, run, [row], agent=attempt.agent, delay_s=WAIT_FOR_MONEY_S)
        return run
    await pause_run(tx, parts, run, short.text)
    if await budgets.tell_short(tx, short):
        await parts.tell(tx, run.project, short.alert(run.id))
    return await runs.get(tx, run.project, run.id)


async def alert(
    tx: Connection, parts: Parts, run: StoredRun, passed: tuple[Passed, ...]
) -> StoredRun:
    """Tell of thresholds; at 100 % the runs that draw on the budget pause."""
    for threshold in passed:
        budget = threshold.state.budget
        pauses = threshold.percent >= 100 and budget.enforced and budget.unit != "runs"
        await parts.tell(tx, run.project, threshold.alert(run.id, paused=pauses))
        if pauses:
            await _pause_all(tx, parts, run, budget)
    return await runs.get(tx, run.project, run.id) if passed else run


async def _pause_all(tx: Connection, parts: Parts, run: StoredRun, budget: Budget) -> None:
    reason = text("Budget “{name}” is used up. Raise it and resume.", name=budget.name)
    for other in await runs.running(tx, run.project):
        if budget.scope != "run" or other.id == run.id:
            await pause_run(tx, parts, other, reason)
