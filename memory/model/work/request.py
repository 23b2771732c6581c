"""Requests: what somebody asked for, and what became of it."""

from datetime import datetime
from enum import StrEnum

from memory.model.base import Model, PlanHash, ProjectId, RequestId, sha256
from memory.model.identity import Identity


class RequestState(StrEnum):
    """The state a request is in."""

    PLANNING = "planning"
    ASKING = "asking"
    PLANNED = "planned"
    DECLINED = "declined"
    DROPPED = "dropped"


def request_id(event: str) -> RequestId:
    """The id of the request that begins with this event."""
    return RequestId(f"req_{sha256(event.encode())[:20]}")


class Spoken(Model):
    """Words that approved a part of a plan: whose, and the message they were said in."""

    by: Identity
    message: str


class StoredRequest(Model):
    """A request. `base` is the plan it changes ("" for a fresh one); `people` are those it
    mentions; `attachments` are paths beneath the project's folder. `what_if`: only to be compared
    with `base`. `spoken`: words that approve the change where it only takes away.
    `changed_by`: the key of whoever made it of another one, in whose author's name it stands.
    `schedule`: the id of the schedule whose plan it makes anew. `instead_of`: the plan of what its
    message said before it was edited.
    """

    id: RequestId
    project: ProjectId
    thread_key: str
    author: Identity
    text: str
    people: tuple[Identity, ...] = ()
    attachments: tuple[str, ...] = ()
    base: PlanHash = PlanHash("")
    instead_of: PlanHash = PlanHash("")
    what_if: bool = False
    spoken: Spoken | None = None
    changed_by: str = ""
    state: RequestState = RequestState.PLANNING
    round: int = 0
    schedule: str = ""
    asked_at: datetime | None = None
