"""What a drafter may say: a plan in its own words, not yet believed.

Nothing here decides an effect, a price or a right; compile.py does that from the catalogue.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from memory.model.limits import JSON_DEPTH

TEXT_CHARS = 8_000
"""The longest instruction or value a drafter may give."""

DRAFT_TASKS = 1_000
"""More than a plan may have, so that too many tasks are told as that and not as nonsense."""

assert JSON_DEPTH > 8  # a draft is five levels deep


class _Said(BaseModel):
    """Read leniently: fields nobody asked for are dropped, never acted on."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)


class DraftInput(_Said):
    """One input: a constant in `value`, or the output of the task `from_task`.

    Several inputs of one name fill a list, in order.
    """

    name: str = Field(max_length=64)
    value: str | None = Field(default=None, max_length=TEXT_CHARS)
    from_task: str | None = Field(default=None, max_length=64)


class DraftTask(_Said):
    """One step. `agent` only where the person named one; otherwise the best is chosen."""

    key: str = Field(max_length=64)
    title: str = Field(max_length=200)
    type: str = Field(max_length=64)
    agent: str | None = Field(default=None, max_length=64)
    instruction: str = Field(default="", max_length=TEXT_CHARS)
    inputs: tuple[DraftInput, ...] = Field(default=(), max_length=200)
    after: tuple[str, ...] = Field(default=(), max_length=200)


class Gap(_Said):
    """Something left open, and what the draft took for granted (`default`)."""

    slot: str = Field(max_length=120)
    question: str = Field(max_length=300)
    options: tuple[str, ...] = Field(default=(), max_length=12)
    default: str = Field(default="", max_length=500)
    matters: Literal["plan", "cost", "effects", "wording"] = "plan"
    """What another answer would change."""


class Draft(_Said):
    """A plan as it was drafted."""

    title: str = Field(max_length=200)
    tasks: tuple[DraftTask, ...] = Field(default=(), max_length=DRAFT_TASKS)
    assumptions: tuple[str, ...] = Field(default=(), max_length=50)
    gaps: tuple[Gap, ...] = Field(default=(), max_length=50)
    declined: str = Field(default="", max_length=1_000)
    """Why there is no plan, in a sentence, where there is none."""
