"""What became of the files that earlier runs wrote: a person who mends one speaks of its author."""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from executor.egress.files import ProjectFiles
from executor.parts import Parts
from executor.runs import inputs
from memory.model.agents.signal import Signal, SignalKind
from memory.model.agents.spec import WRITES, AgentKind
from memory.model.base import ProjectId, TaskKey, sha256
from memory.model.errors import BadInput, NotFound
from memory.model.work.graph import Task, TaskGraph
from memory.model.work.value import File
from memory.store.engine.database import Connection
from memory.store.knowledge import projects, signals
from memory.store.planning import plans
from memory.store.running import runs
from memory.store.running.runs import StoredRun

SOON: Final = timedelta(days=1)
"""What is changed later than this has another occasion than the result."""

RUNS: Final = 10
"""How many runs are looked back at."""


async def notice(parts: Parts, project: ProjectId) -> None:
    """Tell it of the attempts whose words people changed by hand since they were written to a file.

    Looked at when the next run begins, so nothing watches the folder. Twice is as once.
    """
    async with parts.database.reading() as connection:
        written = await _written(connection, parts, project)
        root = await projects.root(connection, project) if written else Path()
    changed = await asyncio.to_thread(_changed, root, [file for _, _, file in written])
    for run, authors, file in written:
        if file.path not in changed:
            continue
        mended = Signal(kind=SignalKind.MENDED, source=file.path)
        async with parts.database.transaction() as tx:
            ended = await signals.succeeded_in(tx, project, run.id)
            seen = {attempt: (mended,) for attempt, key in ended.items() if key in authors}
            await signals.tell(tx, project, seen, at=parts.clock.now())


async def _written(
    connection: Connection, parts: Parts, project: ProjectId
) -> list[tuple[StoredRun, Collection[TaskKey], File]]:
    """The files that runs wrote lately, each as it was written last, and whose words are in it."""
    since, known = parts.clock.now() - SOON, set[str]()
    found: list[tuple[StoredRun, Collection[TaskKey], File]] = []
    for run in await runs.of_project(connection, project, limit=RUNS):
        if run.simulated or run.started_at < since:
            continue
        graph = (await plans.load(connection, project, run.plan)).plan.graph
        done = {task.key: task.value_digest for task in await runs.tasks_of(connection, run.id)}
        for task in reversed(graph.tasks):
            file = await _file(connection, parts, project, task, done)
            if file is not None and file.path not in known:
                known.add(file.path)
                found.append((run, set(_authors(parts, graph, task)), file))
    return found


async def _file(
    connection: Connection,
    parts: Parts,
    project: ProjectId,
    task: Task,
    done: Mapping[TaskKey, str],
) -> File | None:
    """The file that the task wrote, None where it wrote none."""
    digest = done.get(task.key)
    if not digest or not any(effect.effect in WRITES for effect in task.effects):
        return None
    try:
        value = await inputs.value(connection, project, digest, parts.values)
    except NotFound:
        return None  # swept away since
    return value if isinstance(value, File) else None


def _authors(parts: Parts, graph: TaskGraph, task: Task) -> Iterator[TaskKey]:
    """The task itself where a model did it, else the models' tasks whose results it wrote down."""
    agent = parts.agents.get(task.agent)
    if agent is not None and agent.spec.kind is not AgentKind.TOOL:
        yield task.key
        return
    for key in task.needs():
        yield from _authors(parts, graph, graph.task(key))


def _changed(root: Path, files: Collection[File]) -> set[str]:
    """The paths of those that are there and no longer as they were written. For a thread."""
    changed, folder = set[str](), ProjectFiles(root)
    for file in files:
        try:
            if sha256(folder.read(file.path)) != file.digest:
                changed.add(file.path)
        except BadInput:
            continue  # moved, or too large to tell
    return changed
