"""What a failed task means for its run: go on with the rest, stop, or ask a person."""

from executor.parts import Parts
from memory.model.base import RunId, TaskKey
from memory.model.events import PersonAsked, TaskFailed
from memory.model.identity import Identity
from memory.model.text import text
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, TaskState
from memory.model.work.wait import WaitView
from memory.store.engine.database import Connection
from memory.store.running import attempts, runs, waits
from memory.store.running.attempts import AttemptState
from memory.store.running.runs import StoredRun

UNDER_WAY = (RunState.RUNNING, RunState.PAUSED)
QUESTION = "failed"
"""Marks the ids of these questions: an answer to one is a decision, not a task's value."""


async def fail(
    tx: Connection, parts: Parts, run: StoredRun, plan: Plan, failed: TaskFailed
) -> None:
    """The task has no attempt left. Where the plan says so, a person is asked what to do.

    The caller holds the run's lock, and lets the run go on afterwards.
    """
    now = parts.clock.now()
    task = plan.graph.task(failed.task)
    asks = plan.on_failure == "ask" and not run.simulated
    await runs.set_task(
        tx,
        run.id,
        task.key,
        state=TaskState.ASKING if asks else TaskState.FAILED,
        open_attempt="",
        note=failed.reason,
        finished_at=None if asks else now,
    )
    problem = f"{task.title}: {failed.reason}"
    if not run.problem or run.state is RunState.PAUSED:
        await runs.move(tx, run.id, run.state, only_from=UNDER_WAY, problem=problem)
    await parts.tell(tx, run.project, failed)
    if asks:
        await _ask(tx, parts, run, failed, problem)


async def stop(tx: Connection, parts: Parts, run: StoredRun, keys: tuple[TaskKey, ...]) -> None:
    """Cancel what nobody works on yet, and the questions that wait for people."""
    now = parts.clock.now()
    await runs.set_tasks(
        tx,
        run.id,
        keys,
        TaskState.CANCELLED,
        open_attempt="",
        note=text("another task failed"),
        finished_at=now,
    )
    await close_questions(tx, parts, run.id)


async def close_questions(tx: Connection, parts: Parts, run: RunId) -> None:
    """Nobody waits any more for the answers that the run's tasks asked people for."""
    now = parts.clock.now()
    await waits.cancel_of(tx, run, at=now)
    for name in await attempts.asking(tx, run):
        await attempts.end(tx, name, AttemptState.LOST, only_from=[AttemptState.ASKING], at=now)


async def _ask(
    tx: Connection, parts: Parts, run: StoredRun, failed: TaskFailed, problem: str
) -> None:
    """Pause the run and ask whoever started it: retry, skip or stop."""
    now = parts.clock.now()
    who = _starter(run)
    wait = WaitView(
        id=f"wait_{run.id}_{failed.task}_{QUESTION}_{now.timestamp() * 1000:.0f}",
        project=run.project,
        run=run.id,
        task=failed.task,
        thread_key=run.thread_key,
        name=who.user_id if who else text("somebody"),
        who=who,
        question=text("{problem} Retry it, skip it, or stop the run?", problem=problem),
        asked_at=now,
    )
    if not await waits.ask(tx, wait):
        return
    if await runs.move(tx, run.id, RunState.PAUSED, only_from=[RunState.RUNNING], problem=problem):
        # The question itself tells of the pause.
        await parts.record(tx, run.project, "run.paused", run.id)
    asked = PersonAsked(run=run.id, task=failed.task, wait_id=wait.id)
    await parts.tell(tx, run.project, asked)


def _starter(run: StoredRun) -> Identity | None:
    match run.started_by.split(":", 2):
        case [platform, workspace, user_id]:
            return Identity(platform=platform, workspace=workspace, user_id=user_id)
        case _:
            return None
