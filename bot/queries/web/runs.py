"""Runs for pages: lists over several projects, and one with all there is to it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from bot.queries.asking import Asking
from bot.queries.plans.approval import names_of
from bot.queries.plans.cards import agent_names
from bot.queries.web.callers import Reach
from memory.model.audit import AuditRow
from memory.model.base import AgentName, ProjectId, RunId, TaskKey
from memory.model.errors import NotFound
from memory.model.overview import AttemptRow, RunRow
from memory.model.work.plan import Plan
from memory.model.work.run import RunView
from memory.model.work.value import File
from memory.model.work.wait import WaitView
from memory.store.engine.database import Connection
from memory.store.planning import plans
from memory.store.running import artifacts, overview, runs, waits
from memory.store.traffic import audit, news

AUDITED = 100


@dataclass(frozen=True)
class RunDetails:
    """A run, its plan and its tries. `seq`: of the newest event when this was read."""

    row: RunRow
    view: RunView
    plan: Plan
    thread: str
    seq: int
    titles: dict[AgentName, str]
    people: dict[str, str]
    attempts: tuple[AttemptRow, ...]
    waits: tuple[WaitView, ...]
    audit: tuple[AuditRow, ...]

    @property
    def files(self) -> tuple[tuple[TaskKey, File], ...]:
        """The files that its tasks gave, each with its task."""
        return tuple(_files(self.view))


async def run_page(
    connection: Connection,
    reach: Reach,
    *,
    project: ProjectId | None,
    running: bool | None,
    before: tuple[datetime, str] | None,
    limit: int,
) -> tuple[RunRow, ...]:
    """The newest runs of the projects they may see, or of one."""
    seen = [project] if project else list(reach.lines)
    return await overview.run_page(connection, seen, running=running, before=before, limit=limit)


async def project_of_run(connection: Connection, reach: Reach, run: str) -> ProjectId:
    """Where the run is, if they may see it. Raises NotFound, the same for others' runs."""
    row = await overview.run_with(connection, run)
    if row is None or row.project not in reach.lines:
        raise NotFound("There's no such run among yours.")
    return ProjectId(row.project)


async def run_details(asking: Asking, run: str) -> RunDetails:
    """All of a run of the project. Raises NotFound."""
    asking.must_see()
    connection = asking.connection
    row = await overview.run_with(connection, run)
    if row is None:
        raise NotFound("There's no such run among yours.")
    _, newest = await news.bounds(connection)  # before the rest: nothing that follows is missed
    stored = await runs.get(connection, asking.project, RunId(run))
    view = await asking.desk.executor.view(asking.project, RunId(run))
    plan = (await plans.load(connection, asking.project, view.plan_hash)).plan
    return RunDetails(
        row=replace(row, state=view.state),
        view=view,
        plan=plan,
        thread=stored.thread_key,
        seq=newest,
        titles=agent_names(asking.desk),
        people=await names_of(connection, asking.project),
        attempts=await overview.attempt_rows(connection, run),
        waits=await waits.open_of(connection, RunId(run)),
        audit=await audit.listed(
            connection, project=asking.project, on=(run, view.plan_hash), limit=AUDITED
        ),
    )


async def artifact(asking: Asking, run: str, digest: str) -> tuple[File, bytes]:
    """A file that the run gave, with its bytes. Raises NotFound."""
    asking.must_see()
    view = await asking.desk.executor.view(asking.project, RunId(run))
    found = next((file for _, file in _files(view) if file.digest == digest), None)
    if found is None:
        raise NotFound("That run gave no such file.")
    return found, await artifacts.get(asking.connection, asking.project, digest)


def _files(view: RunView) -> Iterator[tuple[TaskKey, File]]:
    for task in chain.from_iterable((task, *task.items) for task in view.tasks):
        if isinstance(task.value, File):
            yield task.key, task.value
