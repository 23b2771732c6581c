"""Completing an attempt: money settled, task marked, successors enqueued. ONE transaction."""

from typing import assert_never

from executor.attempts import inputs
from executor.attempts.settle import Ending, alert, book, book_others, settle
from executor.parts import Parts
from executor.policy import retry, spending
from executor.runs import failures
from executor.runs.advance import enqueue, follow, row_of
from memory.model.base import Digest, ProjectId
from memory.model.crash import crashpoint, declare
from memory.model.events import TaskFailed, TaskRetrying, TaskSucceeded, TaskWaits
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
    """Store the ending and all that follows from it; False when it is no longer ours to end."""
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
    if isinstance(outcome, Succeeded | Failed):
        passed += await book_others(tx, parts, attempt, outcome.others)
    if not run.state.over:
        await _mark(tx, parts, run, ending, outcome)
        run = await alert(tx, parts, run, passed)
        await follow(tx, parts, run, ending.plan)
    else:
        await alert(tx, parts, run, passed)
    return True


async def abandon(tx: Connection, parts: Parts, attempt: Attempt) -> None:
    """End an attempt whose run is over: what it had reserved is free again, once."""
    ended = await attempts.end(
        tx, attempt.id, AttemptState.LOST, only_from=[attempt.state], at=parts.clock.now()
    )
    if ended and attempt.state is AttemptState.RUNNING:
        await book(tx, parts, attempt, spending.cut_short(attempt.reserved_micro_usd))


async def keep_value(tx: Connection, parts: Parts, project: ProjectId, value: Value) -> Digest:
    """Store a task's value; gives back where."""
    return await inputs.keep(tx, project, value, at=parts.clock.now(), cache=parts.values)


def _closing(outcome: Outcome) -> tuple[AttemptState, str, str, Usage]:
    match outcome:
        case Succeeded(usage=usage):
            return AttemptState.SUCCEEDED, "", "", usage
        case Failed(code=code, text=text, usage=usage):
            return AttemptState.FAILED, code, text, usage
        case Held(reason=reason, text=text):
            return AttemptState.LOST, reason, text, Usage(cost_micro_usd=None)
        case Asking():
            raise AssertionError("a question is not an ending")
        case _:
            assert_never(outcome)


async def _mark(
    tx: Connection, parts: Parts, run: StoredRun, ending: Ending, outcome: Outcome
) -> None:
    match outcome:
        case Succeeded():
            await _succeed(tx, parts, run, ending, outcome)
        case Failed():
            await _fail(tx, parts, run, ending, outcome)
        case Held() | Asking():
            await runs.set_task(tx, run.id, ending.task.key, state=TaskState.READY, open_attempt="")
        case _:
            assert_never(outcome)


async def _succeed(
    tx: Connection, parts: Parts, run: StoredRun, ending: Ending, outcome: Succeeded
) -> None:
    now = parts.clock.now()
    task, attempt = ending.task, ending.attempt
    digest = await keep_value(tx, parts, run.project, outcome.value)
    if not run.simulated:
        keys = effects.keys_of(run.id, task)
        if keys:
            await effects.done(tx, keys, digest, at=now)
    after_commit(tx, lambda: parts.values.ended(run.id, task.key, digest))
    note = {"note": outcome.note} if outcome.note else {}
    await runs.mark(
        tx,
        run.id,
        task.key,
        **note,
        state=TaskState.SUCCEEDED,
        open_attempt="",
        value_digest=digest,
        finished_at=now,
    )
    await parts.tell(tx, run.project, TaskSucceeded(run=run.id, task=task.key, agent=attempt.agent))
    await parts.record(
        tx, run.project, "task.succeeded", attempt.id, ids={"agent": attempt.agent, "value": digest}
    )


async def _fail(
    tx: Connection, parts: Parts, run: StoredRun, ending: Ending, failed: Failed
) -> None:
    failed, decision = await _decided(tx, parts, run, ending, failed)
    match decision:
        case retry.Again():
            await _again(tx, parts, run, ending, failed, decision)
        case retry.Wait():
            await _wait(tx, parts, run, ending, failed, decision)
        case retry.GiveUp():
            await _give_up(tx, parts, run, ending, failed)
        case _:
            assert_never(decision)
    await parts.record(
        tx,
        run.project,
        "attempt.failed",
        ending.attempt.id,
        ids={"agent": ending.attempt.agent, "code": failed.code},
    )


async def _decided(
    tx: Connection, parts: Parts, run: StoredRun, ending: Ending, failed: Failed
) -> tuple[Failed, retry.Again | retry.Wait | retry.GiveUp]:
    """What follows the failure, which says so where the task may cost no more."""
    task = ending.task
    failures = await attempts.failures(tx, run.id, task.key)
    decision = retry.after_failure(
        failed,
        [agent for agent, _ in failures],
        [name for name in (task.agent, *task.fallbacks) if name in parts.agents],
        retry.of(task, parts.recovery_of(ending.attempt.agent), parts.retry),
        safe=ending.idempotent or not effects.keys_of(run.id, task),
        random=parts.random,
        waited_s=await _waited_s(tx, parts, run, task),
        outages=sum(code in retry.OUTAGE for _, code in failures),
    )
    if isinstance(decision, retry.GiveUp) or not await _used_up(tx, run, task):
        return failed, decision
    reason = text(
        "{reason} It has reached its limit of {limit}, so it isn't tried again.",
        reason=failed.text,
        limit=show_money(task.cost_cap_micro_usd or 0),
    )
    return failed.model_copy(update={"text": reason}), retry.GiveUp()


async def _waited_s(tx: Connection, parts: Parts, run: StoredRun, task: Task) -> float:
    first = await attempts.first_failure(tx, run.id, task.key)
    return (parts.clock.now() - first).total_seconds() if first else 0.0


async def _used_up(tx: Connection, run: StoredRun, task: Task) -> bool:
    """Whether the task has cost what it may cost; this attempt is in the books already."""
    if task.cost_cap_micro_usd is None:
        return False
    return await task_caps.used(tx, run.id, task.key) >= task.cost_cap_micro_usd


async def _again(
    tx: Connection, parts: Parts, run: StoredRun, ending: Ending, failed: Failed, again: retry.Again
) -> None:
    task, attempt = ending.task, ending.attempt
    values: dict[str, str] = {"note": failed.text}
    if again.agent != attempt.agent:
        note = text(
            "moved to {title}: {agent} failed ({code})",
            title=parts.title_of(again.agent),
            agent=parts.title_of(attempt.agent),
            code=failed.code,
        )
        values = {"agent": again.agent, "note": note}
    await runs.set_task(tx, run.id, task.key, state=TaskState.READY, open_attempt="", **values)
    row = await row_of(tx, run.id, task.key)
    await enqueue(tx, parts, run, [row], agent=again.agent, delay_s=again.delay_s)
    await parts.tell(
        tx,
        run.project,
        TaskRetrying(
            run=run.id,
            task=task.key,
            agent=attempt.agent,
            next_agent=again.agent,
            delay_s=again.delay_s,
            reason=failed.text,
        ),
    )


async def _wait(
    tx: Connection, parts: Parts, run: StoredRun, ending: Ending, failed: Failed, wait: retry.Wait
) -> None:
    """Nobody can be reached: the thread is told once, and the task is tried again later."""
    key = ending.task.key
    row = await row_of(tx, run.id, key)
    note = text("waits: {reason}", reason=failed.text)
    await runs.set_task(
        tx, run.id, key, state=TaskState.READY, open_attempt="", agent=wait.agent, note=note
    )
    await enqueue(tx, parts, run, [row], agent=wait.agent, delay_s=wait.delay_s)
    if not row.note.startswith("waits: "):
        waits = TaskWaits(run=run.id, task=key, agent=wait.agent, reason=failed.text)
        await parts.tell(tx, run.project, waits)


async def _give_up(
    tx: Connection, parts: Parts, run: StoredRun, ending: Ending, failed: Failed
) -> None:
    lost = TaskFailed(
        run=run.id, task=ending.task.key, agent=ending.attempt.agent, reason=failed.text
    )
    await failures.fail(tx, parts, run, ending.plan, lost)
