"""What is seen of an attempt that speaks for or against its result, and what that comes to."""

from enum import StrEnum

from pydantic import Field

from memory.model.base import Model


class SignalKind(StrEnum):
    """One kind of evidence about an attempt."""

    ARRIVED = "arrived"
    """An answer came; nobody has looked at it yet."""
    CHECKED = "checked"
    """It passed the checks of its task."""
    APPROVED = "approved"
    """A reviewer found nothing to change."""
    CHANGED = "changed"
    """A reviewer approved it after rounds of changes; the value says how many."""
    UNAPPROVED = "unapproved"
    """A reviewer still wanted changes when the rounds were used up."""
    INVALID = "invalid"
    """It failed a check, or was of no use."""
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    """The agent didn't answer, or had no time."""
    BROKE = "broke"
    """It refused, crashed or ended in another error."""
    PAUSED = "paused"
    """This failure was the one after which the agent was paused for a while."""
    RERUN = "rerun"
    """Somebody had the task done again."""
    EDITED = "edited"
    """Somebody had it done again with other instructions."""
    MENDED = "mended"
    """Somebody changed by hand, soon after, the file that it wrote."""
    REPLACED = "replaced"
    """Somebody gave the task to another agent after seeing the result."""
    ROLLED_BACK = "rolled_back"
    LIKED = "liked"
    DISLIKED = "disliked"
    TESTED = "tested"
    """It answered a test's question; the value says how well, 0..1."""
    GRADED = "graded"
    """Somebody who knows the right answer said how good it was: the value, 0..1."""


class Signal(Model):
    """One piece of evidence. `source` tells two of a kind apart: the person, the reviewer.

    `value` is a share 0..1 of a verdict on several attempts together, else as its kind says.
    """

    kind: SignalKind
    value: float = 1.0
    source: str = ""


class Quality(Model):
    """How good an attempt's result was, 0..1, and how much that is to be believed, 0..1."""

    value: float = Field(ge=0, le=1)
    strength: float = Field(ge=0, le=1)
    reasons: tuple[str, ...] = ()
    """The kinds of evidence behind it, the heaviest first: ("disliked", "checked")."""
