"""The state of a circuit breaker: whether an agent is paused after failures in a row."""

from datetime import datetime
from enum import StrEnum

from memory.model.base import Model


class BreakerState(StrEnum):
    """Closed lets calls through, open none, half-open one."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker(Model):
    """The breaker of one agent with one credential. `failures` counts those in a row."""

    agent: str
    credential: str
    state: BreakerState = BreakerState.CLOSED
    failures: int = 0
    opened_at: datetime | None = None
    updated_at: datetime | None = None
