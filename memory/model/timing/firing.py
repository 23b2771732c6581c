"""One time that a schedule was due."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memory.model.base import RunId
from memory.model.timing.schedule import Firing
from memory.model.work.run import RunState


class FiringState(StrEnum):
    """What became of one time that a schedule was due. How its run ended is the run's to say."""

    CLAIMED = "claimed"
    """It is to be started."""
    WAITING = "waiting"
    """For the run before, or for work to be released."""
    STARTED = "started"
    SKIPPED = "skipped"
    ASKED = "asked"
    FAILED = "failed"


@dataclass(frozen=True)
class StoredFiring:
    """One time it was due, with its run's state where there is one (dry runs aside)."""

    firing: Firing
    state: FiringState
    reason: str
    run: RunId
    run_state: RunState | None
    fired_at: datetime
    ended_at: datetime | None
