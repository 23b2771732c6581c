"""Conditions and maps as a run goes on: tasks skipped, items opened, lists put together.

All in the transaction that made the tasks ready, from stored values alone, so that whoever does
it again after a death does the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from executor.parts import Parts
from executor.policy import conditions, lists, scheduling
from executor.policy.literals import require_literals
from executor.runs import failures, inputs
from memory.model.base import TaskKey
from memory.model.crash import crashpoint, declare
from memory.model.errors import BadInput
from memory.model.events import TaskFailed, TaskSkipped, TaskSucceeded
from memory.model.limits import SENTENCES
from memory.model.text import text
from memory.model.work.graph import FromItem, FromTask, Item, Task, item_key, item_text
from memory.model.work.plan import Plan
from memory.model.work.run import TaskState
from memory.model.work.value import Json, Value
from memory.store.engine.database import Connection
from memory.store.running import runs
from memory.store.running.runs import StoredRun, StoredTask

declare("after_expand")

NOTE_CHARS = 120


@dataclass(frozen=True)
class _Scene:
    """A run as it is now, and what it takes to change it."""

    tx: Connection
    parts: Parts
    run: StoredRun
    plan: Plan
    rows: dict[TaskKey, StoredTask]

    @property
    def states(self) -> dict[TaskKey, TaskState]:
        return {key: row.state for key, row in self.rows.items()}

    async def value(self, key: TaskKey) -> Value:
        return await inputs.value(self.tx, self.run.project, self.rows[key].value_digest)


async def unfold(
    tx: Connection, parts: Parts, run: StoredRun, plan: Plan
) -> tuple[StoredTask, ...]:
    """Skip, open and close whatever can be; gives back the run's tasks as they then are.

    The caller holds the run's lock.
    """
    while True:
        rows = await runs.tasks_of(tx, run.id)
        if plan.graph.plain and not any(row.state is TaskState.SKIPPED for row in rows):
            return rows  # nothing is skipped in it, unless a person skipped what had failed
        scene = _Scene(tx, parts, run, plan, {row.key: row for row in rows})
        if not await _changed(scene):
            return rows


async def _changed(scene: _Scene) -> bool:
    """Make one change; False if there's none to make."""
    graph = scene.plan.graph
    for key, missed in scheduling.passed_over(graph, scene.states).items():
        await _skip(scene, key, text("{task} was skipped", task=graph.task(missed).title))
        return True
    for key in scheduling.closing_maps(graph, scene.states):
        await _close(scene, graph.task(key))
        return True
    ready = [graph.task(key) for key in scheduling.newly_ready(graph, scene.states)]
    for task in ready:
        if task.when and await _ruled_out(scene, task):
            return True
    for task in ready:
        if task.is_map:
            await _open(scene, task)
            return True
    return False


async def _ruled_out(scene: _Scene, task: Task) -> bool:
    """Whether a condition keeps the task from being done; it is skipped then, or failed.

    A dry run has no values to look at: it shows what is done where all holds.
    """
    if scene.run.simulated:
        return False
    for condition in task.when:
        try:
            verdict = conditions.check(condition, await scene.value(condition.task))
        except BadInput as error:
            reason = text("The condition can't be checked. {reason}", reason=error.user_text)
            await _fail(scene, task, reason)
            return True
        if not verdict.holds:
            await _skip(scene, task.key, verdict.why)
            return True
    return False


async def _skip(scene: _Scene, key: TaskKey, why: str) -> None:
    now = scene.parts.clock.now()
    note = text("skipped: {reason}", reason=why)[:NOTE_CHARS]
    await runs.set_task(
        scene.tx, scene.run.id, key, state=TaskState.SKIPPED, note=note, finished_at=now
    )
    skipped = TaskSkipped(run=scene.run.id, task=key, reason=note)
    await scene.parts.tell(scene.tx, scene.run.project, skipped)


async def _fail(scene: _Scene, task: Task, reason: str) -> None:
    failed = TaskFailed(run=scene.run.id, task=task.key, agent=task.agent, reason=reason)
    await failures.fail(scene.tx, scene.parts, scene.run, scene.plan, failed)


async def _open(scene: _Scene, task: Task) -> None:
    """A row for every item, in one transaction with the map's own turn to running."""
    try:
        items = await _items(scene, task)
    except BadInput as error:
        await _fail(scene, task, error.user_text)
        return
    now = scene.parts.clock.now()
    rows = []
    for number, item in enumerate(items, start=1):
        state, note = _beginning(scene, task, number)
        key = item_key(task.key, number)
        rows.append((key, task.agent, state, note or item_text(item)[:NOTE_CHARS]))
    place = [planned.key for planned in scene.plan.graph.tasks].index(task.key)
    await runs.add_items(scene.tx, scene.run, place, rows, at=now)
    await runs.set_task(scene.tx, scene.run.id, task.key, state=TaskState.RUNNING, started_at=now)
    crashpoint("after_expand")


async def _items(scene: _Scene, task: Task) -> Sequence[JsonValue]:
    """The list, checked. Raises BadInput: not a list, too long, or without a field that is needed."""
    values = {}
    if isinstance(task.each, FromTask):
        values[task.each.task] = await scene.value(task.each.task)
    if scene.run.simulated and task.listed is None:
        return (text("each item"),)
    items = lists.of_task(task, values)
    if len(items) > task.times:
        raise BadInput(SENTENCES["map_items"], most=task.times)
    fields = [given.field for given in task.singles() if isinstance(given, Item)]
    if missing := lists.missing_field(items, fields):
        raise BadInput("Not every item of the list has {field}.", field=missing)
    agent = scene.parts.agents.get(task.agent)
    if agent is not None:
        require_literals(task, agent.spec)
    return items


def _beginning(scene: _Scene, task: Task, number: int) -> tuple[TaskState, str]:
    """An item begins, unless the map before it failed or skipped this item."""
    for given in task.singles():
        if not isinstance(given, FromItem):
            continue
        before = scene.rows.get(item_key(given.task, number))
        if before is not None and before.state is TaskState.SKIPPED:
            return TaskState.SKIPPED, text("skipped: what it needs was skipped")
        if before is not None and before.state in scheduling.LOST:
            return TaskState.CANCELLED, text("something it needs failed")
    return TaskState.READY, ""


async def _close(scene: _Scene, task: Task) -> None:
    """Every item is over: the map has its list, unless nothing succeeded at all."""
    rows = await runs.items_of(scene.tx, scene.run.id, task.key)
    done = [row for row in rows if row.state is TaskState.SUCCEEDED]
    lost = [row for row in rows if row.state in scheduling.LOST]
    if lost and not done:
        await _set_over(scene, task, TaskState.FAILED, _all_failed(lost), None)
        return
    values = [await inputs.value(scene.tx, scene.run.project, row.value_digest) for row in done]
    note = _note(len(lost), len(rows))
    await _set_over(scene, task, TaskState.SUCCEEDED, note, lists.gathered(values))


def _all_failed(lost: Sequence[StoredTask]) -> str:
    notes = [row.note for row in lost if row.state is TaskState.FAILED] or [lost[0].note]
    return text("all {n} failed: {reason}", n=len(lost), reason=notes[0])


def _note(lost: int, total: int) -> str:
    if lost:
        return text("{lost} of {total} failed", lost=lost, total=total)
    return "" if total else text("the list was empty")


async def _set_over(
    scene: _Scene, task: Task, state: TaskState, note: str, value: Json | None
) -> None:
    now, run = scene.parts.clock.now(), scene.run
    digest = ""
    if value is not None:
        digest = await inputs.keep(scene.tx, run.project, value, at=now)
    await runs.set_task(
        scene.tx,
        run.id,
        task.key,
        state=state,
        note=note[: NOTE_CHARS * 2],
        value_digest=digest,
        finished_at=now,
    )
    if value is not None:
        succeeded = TaskSucceeded(run=run.id, task=task.key, agent=task.agent)
        await scene.parts.tell(scene.tx, run.project, succeeded)
