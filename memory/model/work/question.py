"""Questions before a plan."""

from datetime import datetime

from memory.model.base import Model, RequestId


class StoredQuestion(Model):
    """A question and its state: open, answered, defaulted, or void (no longer asked).

    `accepts` are answers beside the options that count too; None where any words do.
    """

    id: str
    request: RequestId
    round: int
    slot: str
    text: str
    options: tuple[str, ...]
    default: str
    accepts: tuple[str, ...] | None = None
    state: str = "open"
    answer: str = ""
    answered_by: str = ""
    asked_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.state == "open"
