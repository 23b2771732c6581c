"""A job that a worker has claimed."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue


@dataclass(frozen=True)
class Claimed:
    """An event somebody is working on. `attempts` counts this one."""

    seq: int
    event_id: str
    thread_key: str
    body: JsonValue
    attempts: int
    received_at: datetime
