"""Messages on their way out."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from memory.model.base import ProjectId
from memory.model.identity import MessageRef, ThreadRef


@dataclass(frozen=True)
class Waiting:
    """A message that is not out yet. `doubtful`: it was being sent when the process died."""

    seq: int
    key: str
    project: ProjectId
    thread: ThreadRef
    body: JsonValue
    edits: str
    doubtful: bool
    attempts: int
    since: datetime


@dataclass(frozen=True)
class Sent:
    """What became of the message with a key. `message` is "" until it is out."""

    key: str
    project: ProjectId
    thread: ThreadRef
    body: JsonValue
    state: str
    message: str
    sent_at: datetime | None

    @property
    def ref(self) -> MessageRef | None:
        """The message on the platform, once it is out."""
        return MessageRef(where=self.thread, message=self.message) if self.message else None
