"""Putting ready tasks on the queue: always in the transaction that made them ready."""

from collections.abc import Sequence

from executor.engine.port import Ticket
from executor.parts import Parts
from executor.policy import scheduling
from executor.policy.scheduling import States
from executor.runs import failures, fanout
from memory.model.base import AgentName, RunId, TaskKey
from memory.model.crash import crashpoint, declare
from memory.model.events import RunFinished
from memory.model.text import text
from memory.model.work.graph import map_key
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, TaskState
from memory.store.engine.database import Connection
from memory.store.engine.deferred import Step, at_end
from memory.store.running import attempts, runs
from memory.store.running.attempts import attempt_id
from memory.store.running.runs import StoredRun, StoredTask

declare("after_enqueue")


async def go_on(tx: Connection, parts: Parts, run: StoredRun, plan: Plan) -> None:
    """Bring the run as far as it can go now: doom, make ready, enqueue, or finish.

    The caller holds the run's lock.
    """
    tasks = await fanout.unfold(tx, parts, run, plan)
    states = {task.key: task.state for task in tasks}
    states |= await _cancelled(tx, parts, run, plan, states)
    states |= await _made_ready(tx, run, plan, states)
    ending = scheduling.verdict(states)
    if ending is not None:
        await finish(tx, parts, run, ending)
    elif run.state is RunState.RUNNING:
        await enqueue(tx, parts, run, _chosen(plan, tasks, states))


async def _cancelled(
    tx: Connection, parts: Parts, run: StoredRun, plan: Plan, states: States
) -> dict[TaskKey, TaskState]:
    """Cancel what can't begin any more after a failure."""
    unbegun: tuple[TaskKey, ...] = ()
    if plan.on_failure == "stop" and TaskState.FAILED in states.values():
        unbegun = scheduling.not_begun(states)
        await failures.stop(tx, parts, run, unbegun)
        states = {**states, **dict.fromkeys(unbegun, TaskState.CANCELLED)}
    doomed = scheduling.doomed(plan.graph, states)
    await runs.set_tasks(
        tx,
        run.id,
        doomed,
        TaskState.CANCELLED,
        note=text("something it needs failed"),
        finished_at=parts.clock.now(),
    )
    return dict.fromkeys((*unbegun, *doomed), TaskState.CANCELLED)


async def _made_ready(
    tx: Connection, run: StoredRun, plan: Plan, states: States
) -> dict[TaskKey, TaskState]:
    ready = scheduling.newly_ready(plan.graph, states)
    await runs.set_tasks(tx, run.id, ready, TaskState.READY)
    return dict.fromkeys(ready, TaskState.READY)


def _chosen(plan: Plan, tasks: Sequence[StoredTask], states: States) -> list[StoredTask]:
    """The ready tasks that may begin now."""
    idle = [task for task in tasks if states[task.key] is TaskState.READY and not task.open_attempt]
    busy = sum(1 for task in tasks if task.open_attempt and not states[task.key].over)
    chosen = scheduling.startable(plan.graph, [task.key for task in idle], under_way=busy)
    return [task for task in idle if task.key in chosen]


async def row_of(tx: Connection, run: RunId, key: TaskKey) -> StoredTask:
    """The task's row, which is there."""
    return next(row for row in await runs.tasks_of(tx, run) if row.key == key)


async def follow(tx: Connection, parts: Parts, run: StoredRun, plan: Plan) -> None:
    """Let the run go on before the commit: once for all of its tasks that end in it."""
    await at_end(tx, _follow, (parts, run, plan), Step.FOLLOW)


async def _follow(tx: Connection, asked: Sequence[tuple[Parts, StoredRun, Plan]]) -> None:
    # The last to ask for a run has seen what those before it did to the run.
    for parts, run, plan in {run.id: (parts, run, plan) for parts, run, plan in asked}.values():
        await go_on(tx, parts, run, plan)


async def enqueue(
    tx: Connection,
    parts: Parts,
    run: StoredRun,
    tasks: list[StoredTask],
    *,
    agent: AgentName | None = None,
    delay_s: float = 0.0,
) -> None:
    """Open the next attempt of each task, by its agent or by another one, and enqueue it."""
    if not tasks:
        return
    opened = [(task.key, task.attempts + 1, agent or task.agent) for task in tasks]
    here = parts.engine.room(len(opened)) if delay_s <= 0 else 0
    await attempts.add(tx, run.project, run.id, opened[:here], worker=parts.engine.worker)
    await attempts.add(tx, run.project, run.id, opened[here:])
    named: dict[TaskKey, tuple[str, int]] = {
        key: (attempt_id(run.id, key, number), number) for key, number, _ in opened
    }
    await runs.enqueued(tx, run.id, named)
    plan, now = await parts.plans.get(tx, run.project, run.plan), parts.clock.now()
    urgency = {task.key: task.priority for task in plan.graph.tasks}
    tickets = [
        Ticket(
            named[key][0],
            lane=who,
            delay_s=delay_s,
            turn=scheduling.turn(urgency[map_key(key)], now),
        )
        for key, _, who in opened
    ]
    parts.engine.begin(tx, tickets[:here])
    await parts.engine.enqueue(tx, tickets[here:])
    crashpoint("after_enqueue")


async def finish(
    tx: Connection, parts: Parts, run: StoredRun, ending: RunState, *, by: str = "system"
) -> None:
    """The run is over, with the reason it already has. `by`: whose word ended it."""
    now = parts.clock.now()
    problem = ""
    if ending is not RunState.SUCCEEDED:
        problem = (await runs.get(tx, run.project, run.id)).problem
    done = await runs.move(
        tx, run.id, ending, only_from=failures.UNDER_WAY, problem=problem, at=now
    )
    if not done:
        return
    assert ending.value in {"succeeded", "failed", "cancelled"}
    await parts.tell(
        tx, run.project, RunFinished.model_validate({"run": run.id, "state": ending.value})
    )
    await parts.record(tx, run.project, f"run.{ending.value}", run.id, by=by)
