"""Questions that running tasks ask of people."""

from datetime import datetime

from memory.model.base import Model, ProjectId, RunId, TaskKey
from memory.model.identity import Identity


class WaitView(Model):
    """A question to a person. `who` is None where only a name is known."""

    id: str
    project: ProjectId
    run: RunId
    task: TaskKey
    thread_key: str
    name: str
    who: Identity | None
    question: str
    asked_at: datetime
