"""What the inbox holds: things people did, and work that a decision put off (law 2).

A decision and the long work it leads to are two rows: the decision's transaction stores the
second one, so that a crash between them loses neither and repeats neither.
"""

from datetime import datetime
from typing import Annotated, Literal, assert_never

from pydantic import Field, TypeAdapter

from bot.chat import Incoming
from memory.model.base import Model, PlanHash, ProjectId, RequestId, RunId
from memory.model.identity import Identity, ThreadRef
from memory.model.timing.schedule import Firing
from memory.store.engine.database import Connection
from memory.store.traffic import jobs


class EventJob(Model):
    """Somebody did something."""

    kind: Literal["heard"] = "heard"
    incoming: Incoming

    @property
    def thread(self) -> ThreadRef:
        """Where."""
        return self.incoming.thread


class PlanJob(Model):
    """A request is to be planned, in this round of its questions. `by`: whose words led to it."""

    kind: Literal["plan_due"] = "plan_due"
    project: ProjectId
    thread: ThreadRef
    request: RequestId
    round: int
    by: Identity | None = None


class StartJob(Model):
    """An approved plan is to be started, or a dry run of any plan."""

    kind: Literal["start_due"] = "start_due"
    project: ProjectId
    thread: ThreadRef
    plan: PlanHash
    by: Identity
    simulated: bool = False


class RerunJob(Model):
    """A finished run is to be planned again: from a step on, with a change, or all of it."""

    kind: Literal["again_due"] = "again_due"
    project: ProjectId
    thread: ThreadRef
    run: RunId
    step: str = ""
    change: str = ""
    by: Identity


class FiringJob(Model):
    """A schedule's time has come: its plan is to be started."""

    kind: Literal["firing_due"] = "firing_due"
    project: ProjectId
    thread: ThreadRef
    firing: Firing


class MeantJob(Model):
    """Words that could mean several things are to be read as the one that was chosen."""

    kind: Literal["meant_due"] = "meant_due"
    incoming: Incoming
    name: str

    @property
    def thread(self) -> ThreadRef:
        """Where."""
        return self.incoming.thread


Due = PlanJob | StartJob | RerunJob | FiringJob | MeantJob
Job = EventJob | Due
JOBS: TypeAdapter[Job] = TypeAdapter(Annotated[Job, Field(discriminator="kind")])


async def enqueue_job(tx: Connection, job: Due, key: str, *, at: datetime) -> bool:
    """Have it done next in its thread, once per key; False where it was queued before."""
    return await jobs.put(
        tx,
        key,
        thread_key=job.thread.key,
        body=job.model_dump(mode="json"),
        at=at,
        author=author_of(job),
    )


def author_of(job: Job) -> str:
    """The key of the person whom it's done for, "" for a schedule."""
    match job:
        case EventJob() | MeantJob():
            return job.incoming.author.key
        case PlanJob():
            return job.by.key if job.by else ""
        case StartJob() | RerunJob():
            return job.by.key
        case FiringJob():
            return ""
        case _:
            assert_never(job)
