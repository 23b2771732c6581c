"""Completing an attempt: money settled, task marked, successors enqueued. ONE transaction."""

from dataclasses import dataclass
from typing import assert_never

from executor.attempts.settle import (
    Ending,
    alert,
    book_lost,
    book_others,
    out_of_money,
    settle,
)
from executor.parts import Parts
from executor.policy import retry
from executor.runs import failures, inputs
from executor.runs.advance import enqueue, follow, row_of
from memory.model.base import AgentName, Digest, ProjectId
from memory.model.crash import crashpoint, declare
from memory.model.events import News, TaskFailed, TaskRetrying, TaskSucceeded, TaskWaits
from memory.model.money import show_money
from memory.model.text import text
from memory.model.work.graph import Task
from memory.model.work.run import Asking, Failed, Held, Outcome, Succeeded, TaskState, Usage
from memory.model.work.value import Value
from memory.store.engine.database import Connection
from memory.store.engine.deferred import after_commit
from memory.store.money import task_caps
from memory.store.running import attempts, effects, runs
from memory.store.running.attempts import Attempt, AttemptState, NotOurs
from memory.store.running.runs import StoredRun

declare("before_advance", "after_advance")


async def advance(parts: Parts, ending: Ending) -> bool:
    """Store the ending and all that follows from it; False when it's no longer ours."""
    crashpoint("before_advance")
    try:
        done = await parts.database.at_once(lambda tx: _advance(tx, parts, ending))
    except NotOurs:
        return False
    crashpoint("after_advance")
    return done


async def _advance(tx: Connection, parts: Parts, ending: Ending) -> bool:
    run = await runs.lock(tx, ending.attempt.project, ending.attempt.run)
    return await end(tx, parts, run, ending)


async def end(
    tx: Connection,
    parts: Parts,
    run: StoredRun,
    ending: Ending,
    *,
    only_from: AttemptState = AttemptState.RUNNING,
) -> bool:
    """The same inside a transaction of the caller, who holds the run's lock."""
    attempt, outcome = ending.attempt, ending.outcome
    state, code, reason, usage = _closing(outcome)
    if run.state.over:
        state = AttemptState.LOST
    mine, now = parts.engine.worker, parts.clock.now()
    if state is AttemptState.SUCCEEDED and only_from is AttemptState.RUNNING:
        await attempts.succeed(tx, attempt.id, worker=mine, usage=usage, at=now)
    elif not await attempts.end(
        tx,
        attempt.id,
        state,
        only_from=[only_from],
        worker=mine if only_from is AttemptState.RUNNING else None,
        code=code,
        reason=reason,
        usage=usage,
        at=now,
    ):
        return False
    passed = await settle(tx, parts, ending, usage)
    if isinstance(outcome, Succeeded | Failed | Held):
        passed += await book_others(tx, parts, attempt, outcome.others)
    if not run.state.over:
        await _mark(_Close(tx, parts, run, ending))
        run = await alert(tx, parts, run, passed)
        if ending.short is not None:
            run = await out_of_money(tx, parts, run, attempt, ending.short)
        await follow(tx, parts, run, ending.plan)
    else:
        await alert(tx, parts, run, passed)
    return True


async def abandon(tx: Connection, parts: Parts, attempt: Attempt) -> None:
    """End an attempt whose run is over, and free what it had reserved, once."""
    ended = await attempts.end(
        tx, attempt.id, AttemptState.LOST, only_from=[attempt.state], at=parts.clock.now()
    )
    if ended and attempt.state is AttemptState.RUNNING:
        await book_lost(tx, parts, attempt)


async def keep_value(tx: Connection, parts: Parts, project: ProjectId, value: Value) -> Digest:
    """Store a task's value; returns its digest."""
    return await inputs.keep(tx, project, value, at=parts.clock.now(), cache=parts.values)


def _closing(outcome: Outcome) -> tuple[AttemptState, str, str, Usage]:
    match outcome:
        case Succeeded(usage=usage):
            return AttemptState.SUCCEEDED, "", "", usage
        case Failed(code=code, text=text, usage=usage):
            return AttemptState.FAILED, code, text, usage
        case Held(reason=reason, text=text, usage=usage):
            return AttemptState.LOST, reason, text, usage
        case Asking():
            raise AssertionError("a question is not an ending")
        case _:
            assert_never(outcome)


@dataclass(frozen=True)
class _Close:
    """An ending, and the run it closes a task of, which is locked."""

    tx: Connection
    parts: Parts
    run: StoredRun
    ending: Ending

    @property
    def attempt(self) -> Attempt:
        return self.ending.attempt

    @property
    def task(self) -> Task:
        return self.ending.task

    async def set(self, state: TaskState, **values: str) -> None:
        await runs.set_task(
            self.tx, self.run.id, self.task.key, state=state, open_attempt="", **values
        )

    async def tell(self, event: News) -> None:
        await self.parts.tell(self.tx, self.run.project, event)

    async def record(self, action: str, ids: dict[str, str]) -> None:
        on = self.attempt.id
        await self.parts.record(self.tx, self.run.project, action, on, ids=ids)

    async def enqueue(self, agent: AgentName, delay_s: float) -> None:
        row = await row_of(self.tx, self.run.id, self.task.key)
        await enqueue(self.tx, self.parts, self.run, [row], agent=agent, delay_s=delay_s)


async def _mark(close: _Close) -> None:
    match close.ending.outcome:
        case Succeeded() as succeeded:
            await _succeed(close, succeeded)
        case Failed() as failed:
            await _fail(close, failed)
        case Held() | Asking():
            await close.set(TaskState.READY)
        case other:
            assert_never(other)


async def _succeed(close: _Close, succeeded: Succeeded) -> None:
    tx, parts, run, key = close.tx, close.parts, close.run, close.task.key
    now = parts.clock.now()
    digest = await keep_value(tx, parts, run.project, succeeded.value)
    if not run.simulated and (keys := effects.keys_of(run.id, close.task)):
        await effects.done(tx, keys, digest, at=now)
    after_commit(tx, lambda: parts.values.ended(run.id, key, digest))
    note = {"note": succeeded.note} if succeeded.note else {}
    await runs.mark(
        tx,
        run.id,
        key,
        **note,
        state=TaskState.SUCCEEDED,
        open_attempt="",
        value_digest=digest,
        finished_at=now,
    )
    await close.tell(TaskSucceeded(run=run.id, task=key, agent=close.attempt.agent))
    await close.record("task.succeeded", {"agent": close.attempt.agent, "value": digest})


async def _fail(close: _Close, failed: Failed) -> None:
    failed, decision = await _decided(close, failed)
    match decision:
        case retry.Again():
            await _again(close, failed, decision)
        case retry.Wait():
            await _wait(close, failed, decision)
        case retry.GiveUp():
            await _give_up(close, failed)
        case _:
            assert_never(decision)
    await close.record("attempt.failed", {"agent": close.attempt.agent, "code": failed.code})


async def _decided(
    close: _Close, failed: Failed
) -> tuple[Failed, retry.Again | retry.Wait | retry.GiveUp]:
    """What follows the failure, which says so where the task may cost no more."""
    tx, parts, run, task = close.tx, close.parts, close.run, close.task
    failures_ = await attempts.failures(tx, run.id, task.key)
    decision = retry.after_failure(
        failed,
        [agent for agent, _ in failures_],
        [name for name in (task.agent, *task.fallbacks) if name in parts.agents],
        retry.of(task, parts.recovery_of(close.attempt.agent), parts.retry),
        safe=close.ending.idempotent or not effects.keys_of(run.id, task),
        random=parts.random,
        waited_s=await _waited_s(close),
        outages=sum(code in retry.OUTAGE for _, code in failures_),
    )
    if isinstance(decision, retry.GiveUp) or not await _used_up(close):
        return failed, decision
    reason = text(
        "{reason} It has reached its limit of {limit}, so it isn't tried again.",
        reason=failed.text,
        limit=show_money(task.cost_cap_micro_usd or 0),
    )
    return failed.model_copy(update={"text": reason}), retry.GiveUp()


async def _waited_s(close: _Close) -> float:
    first = await attempts.first_failure(close.tx, close.run.id, close.task.key)
    return (close.parts.clock.now() - first).total_seconds() if first else 0.0


async def _used_up(close: _Close) -> bool:
    """Whether the task has cost what it may cost; this attempt is in the books already."""
    cap = close.task.cost_cap_micro_usd
    return cap is not None and await task_caps.used(close.tx, close.run.id, close.task.key) >= cap


async def _again(close: _Close, failed: Failed, again: retry.Again) -> None:
    attempt, parts = close.attempt, close.parts
    if again.agent == attempt.agent:
        await close.set(TaskState.READY, note=failed.text)
    else:
        note = text(
            "moved to {title}: {agent} failed ({code})",
            title=parts.title_of(again.agent),
            agent=parts.title_of(attempt.agent),
            code=failed.code,
        )
        await close.set(TaskState.READY, note=note, agent=again.agent)
    await close.enqueue(again.agent, again.delay_s)
    retrying = TaskRetrying(
        run=close.run.id,
        task=close.task.key,
        agent=attempt.agent,
        next_agent=again.agent,
        delay_s=again.delay_s,
        reason=failed.text,
    )
    await close.tell(retrying)


async def _wait(close: _Close, failed: Failed, wait: retry.Wait) -> None:
    """Nobody can be reached: the thread is told once, and the task is tried again later."""
    key = close.task.key
    before = await row_of(close.tx, close.run.id, key)
    note = text("waits: {reason}", reason=failed.text)
    await close.set(TaskState.READY, agent=wait.agent, note=note)
    await close.enqueue(wait.agent, wait.delay_s)
    if not before.note.startswith("waits: "):
        waits = TaskWaits(run=close.run.id, task=key, agent=wait.agent, reason=failed.text)
        await close.tell(waits)


async def _give_up(close: _Close, failed: Failed) -> None:
    agent = close.attempt.agent
    lost = TaskFailed(run=close.run.id, task=close.task.key, agent=agent, reason=failed.text)
    await failures.fail(close.tx, close.parts, close.run, close.ending.plan, lost)
