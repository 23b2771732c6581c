"""What is going on, as the API gives it."""

from datetime import datetime
from typing import Literal

from bot.queries.about.work import Waiting as WaitingRow
from bot.queries.web.callers import Reach
from bot.queries.web.now import Going
from bot.web.shapes.agents import AgentLately, lately
from bot.web.shapes.money import BudgetLine, budget_line
from bot.web.shapes.runs import RunLine, run_line
from memory.model.base import Model, ProjectId


class Waiting(Model):
    """What waits for people. `yours`: whoever asks can end the wait; `who` empty: anybody can."""

    kind: Literal["plan", "question"]
    project: str
    project_name: str
    plan: str
    title: str
    who: tuple[str, ...]
    yours: bool
    since: datetime


class QueueLane(Model):
    """How much waits for an agent, is put off, and is worked on."""

    agent: str
    waiting: int
    later: int
    working: int
    oldest_at: datetime | None


class WorkerLine(Model):
    """A process that works."""

    id: str
    version: str
    started_at: datetime
    beat_at: datetime


class Queue(Model):
    """What waits for whom, and who works."""

    lanes: tuple[QueueLane, ...]
    workers: tuple[WorkerLine, ...]


class Stopped(Model):
    """A project whose work is stopped."""

    project: str
    reason: str


class Now(Model):
    """Everything at once. `cursor`: where to follow the live events from."""

    runs: tuple[RunLine, ...]
    waiting: tuple[Waiting, ...]
    agents: tuple[AgentLately, ...]
    queue: Queue
    budgets: tuple[BudgetLine, ...]
    stopped: tuple[Stopped, ...]
    cursor: int
    at: datetime


def now_shape(found: Going, reach: Reach, at: datetime) -> Now:
    """What is going on."""
    return Now(
        runs=tuple(map(run_line, found.runs)),
        waiting=tuple(waiting_line(reach, *each) for each in found.waiting),
        agents=tuple(lately(row, found.titles) for row in found.agents),
        queue=Queue(
            lanes=tuple(
                QueueLane.model_validate(lane, from_attributes=True) for lane in found.lanes
            ),
            workers=tuple(
                WorkerLine.model_validate(worker, from_attributes=True) for worker in found.workers
            ),
        ),
        budgets=tuple(budget_line(outlook) for outlook in found.budgets),
        stopped=tuple(Stopped(project=project, reason=why) for project, why in found.stopped),
        cursor=found.cursor,
        at=at,
    )


def waiting_line(reach: Reach, project: ProjectId, row: WaitingRow) -> Waiting:
    """One thing that waits."""
    return Waiting(
        kind="plan" if row.plan else "question",
        project=project,
        project_name=reach.name(project),
        plan=row.plan_hash,
        title=row.text,
        who=row.who,
        yours=row.yours,
        since=row.since,
    )
