"""A person's decision about a failed task: retry it, skip it, or stop the run."""

from typing import Literal

from executor.parts import Parts
from executor.policy.scheduling import not_begun
from executor.runs.advance import go_on, row_of
from executor.runs.failures import QUESTION, stop
from memory.model.base import ProjectId, TaskKey, name_key
from memory.model.errors import BadInput
from memory.model.events import RunResumed, TaskSkipped
from memory.model.identity import Identity
from memory.model.text import text as say
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, TaskState
from memory.store.engine.database import Connection
from memory.store.running import runs, waits
from memory.store.running.runs import StoredRun

Decision = Literal["retry", "skip", "stop"]

WORDS: dict[Decision, frozenset[str]] = {
    "retry": frozenset({"retry", "again", "try", "repeat", "redo", "yes"}),
    "skip": frozenset({"skip", "leave", "ignore", "without", "omit"}),
    "stop": frozenset({"stop", "cancel", "abort", "end", "quit"}),
}


def is_decision(wait: str) -> bool:
    """Whether the question is one about a failed task."""
    return wait.rsplit("_", 2)[-2:-1] == [QUESTION]


def read(text: str) -> Decision:
    """What was decided. Raises BadInput where the words do not say exactly one of the three."""
    words = {name_key(word.strip(".,!?;:“”\"'")) for word in text.split()}
    decisions = [decision for decision, known in WORDS.items() if words & known]
    if len(decisions) != 1:
        raise BadInput("Say `retry`, `skip` or `stop`.")
    return decisions[0]


async def answer(
    tx: Connection, parts: Parts, project: ProjectId, wait: str, text: str, *, by: Identity
) -> bool:
    """Do as decided and let the run go on; False when somebody decided before.

    Raises BadInput for an answer that isn't a decision; the question stays open.
    """
    decision = read(text)
    now = parts.clock.now()
    asked = await waits.answer(tx, project, wait, text, by=by.key, at=now)
    if asked is None:
        return await waits.took(tx, project, wait, text, by=by.key)
    run = await runs.lock(tx, project, asked.run)
    plan = await parts.plans.get(tx, project, run.plan)
    ids: dict[str, str] = {"decision": decision, "task": asked.task}
    await parts.record(tx, project, "task.decided", run.id, by=by.key, ids=ids)
    run = await _resumed(tx, parts, run)
    await _do(tx, parts, run, plan, asked.task, decision)
    await go_on(tx, parts, run, plan)
    return True


async def _resumed(tx: Connection, parts: Parts, run: StoredRun) -> StoredRun:
    """The question had paused the run. Another that still waits for an answer keeps its task."""
    if await runs.move(tx, run.id, RunState.RUNNING, only_from=[RunState.PAUSED]):
        await parts.tell(tx, run.project, RunResumed(run=run.id))
    return await runs.get(tx, run.project, run.id)


async def _do(
    tx: Connection, parts: Parts, run: StoredRun, plan: Plan, key: TaskKey, decision: Decision
) -> None:
    now = parts.clock.now()
    match decision:
        case "retry":
            row = await row_of(tx, run.id, key)
            # What never began failed at its condition or its list: look at those again.
            state = TaskState.READY if row.attempts else TaskState.WAITING
            await runs.begin_afresh(tx, run.id, [key], state)
        case "skip":
            note = say("skipped: it had failed")
            await runs.set_task(
                tx, run.id, key, state=TaskState.SKIPPED, note=note, finished_at=now
            )
            await parts.tell(tx, run.project, TaskSkipped(run=run.id, task=key, reason=note))
        case "stop":
            await runs.set_task(tx, run.id, key, state=TaskState.FAILED, finished_at=now)
            rows = {row.key: row for row in await runs.tasks_of(tx, run.id)}
            await stop(tx, parts, run, not_begun({key: row.state for key, row in rows.items()}))
            problem = f"{plan.graph.task(key).title}: {rows[key].note}"
            await runs.move(tx, run.id, run.state, only_from=[run.state], problem=problem)
