"""What a drafter may say: a plan in its own words, not yet trusted.

Nothing here decides an effect, a price or a right; the compiler does that from the catalogue.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from memory.model.errors import OrchestraError
from memory.model.limits import JSON_DEPTH
from memory.model.work.graph import Op, Priority
from memory.model.work.plan import OnFailure

TEXT_CHARS = 8_000
"""The longest instruction or value a drafter may give."""

DRAFT_TASKS = 1_000
"""More than a plan may have, so that too many tasks are reported as just that."""

assert JSON_DEPTH > 8  # a draft is five levels deep


class _Untrusted(BaseModel):
    """Read leniently: unknown fields are dropped, never acted on. A number is a finite one: JSON
    would write an infinite cap as null, and so lose it."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", str_strip_whitespace=True, allow_inf_nan=False
    )


class DraftInput(_Untrusted):
    """One input: a constant in `value`, or the output of the task `from_task`, or the `item`.

    Several inputs of one name fill a list, in order. In a task with `each`, `item` is "" for the
    item itself or names a field of it, and a constant may hold {n}, the item's number, and, where
    the items are written in the plan, {item} and {name}, the item as a file name.
    """

    name: str = Field(max_length=64)
    value: Annotated[str, StringConstraints(strip_whitespace=False)] | None = Field(
        default=None, max_length=TEXT_CHARS
    )
    from_task: str | None = Field(default=None, max_length=64)
    item: str | None = Field(default=None, max_length=64)
    open: SkipJsonSchema[str] = Field(default="", max_length=120)
    """The slot of a needed gap: its answer goes here, and without one there is no plan."""


class DraftCondition(_Untrusted):
    """What must hold: `path` of what `task` gave is `op` the `value`."""

    task: str = Field(max_length=64)
    path: str = Field(default="", max_length=200)
    op: Op
    value: str | None = Field(default=None, max_length=500)


class DraftEach(_Untrusted):
    """The list a task goes through: what `from_task` gave, or the `items` that were named."""

    from_task: str | None = Field(default=None, max_length=64)
    items: tuple[str, ...] = Field(default=(), max_length=1_000)
    at_most: int | None = None


class DraftReview(_Untrusted):
    """Another agent looks at what the task gives, and it is done again, so many times at most."""

    agent: str = Field(max_length=64)
    rounds: int = 1
    criteria: str = Field(default="", max_length=500)


class DraftCheck(_Untrusted):
    """What the text that a task gives must be like; an unknown `kind` is reported, not guessed.

    words, chars: `least` and `most`; format: `value` is json, markdown or csv; shape: `value` is a
    JSON schema; contains: `value` is the text; no_secrets; program: `value` is its name.
    """

    kind: str = Field(max_length=64)
    value: str | None = Field(default=None, max_length=TEXT_CHARS)
    least: int | None = None
    most: int | None = None


class DraftTask(_Untrusted):
    """One task. `agent` only where the person named one; otherwise the best is chosen."""

    key: str = Field(max_length=64)
    title: str = Field(max_length=200)
    type: str = Field(max_length=64)
    agent: str | None = Field(default=None, max_length=64)
    instruction: str = Field(default="", max_length=TEXT_CHARS)
    inputs: tuple[DraftInput, ...] = Field(default=(), max_length=200)
    after: tuple[str, ...] = Field(default=(), max_length=200)
    when: tuple[DraftCondition, ...] = Field(default=(), max_length=20)
    each: DraftEach | None = None
    subplan: str | None = Field(default=None, max_length=64)
    """Instead of an agent: the sub-plan of this name stands here."""
    group: str = Field(default="", max_length=200)
    priority: Priority = "normal"
    attempts: int | None = None
    max_cost_usd: float | None = None
    review: DraftReview | None = None
    checks: tuple[DraftCheck, ...] = Field(default=(), max_length=20)


class SubPlan(_Untrusted):
    """Tasks that belong together, under a name; used wherever a task names it.

    A value "{input}" in it stands for the input of that name of the task that uses it. What the
    last task gives is what the sub-plan gives.
    """

    name: str = Field(max_length=64)
    tasks: tuple[DraftTask, ...] = Field(max_length=DRAFT_TASKS)


class Gap(_Untrusted):
    """Something left open, and what the draft took for granted (`default`)."""

    slot: str = Field(max_length=120)
    question: str = Field(max_length=300)
    options: tuple[str, ...] = Field(default=(), max_length=12)
    default: str = Field(default="", max_length=500)
    matters: Literal["plan", "cost", "effects", "wording"] = "plan"
    """What another answer would change."""
    accepts: tuple[str, ...] | None = Field(default=None, max_length=1_000)
    """Answers beside the options that count too, of a question that is not answered freely."""
    needed: SkipJsonSchema[bool] = False
    """Nothing can be assumed: without an answer there is no plan."""

    def takes(self, answer: str) -> bool:
        """Whether this can be an answer."""
        known = (*self.options, self.default, *(self.accepts or ()))
        return bool(answer or not self.needed) and (self.accepts is None or answer in known)


class Draft(_Untrusted):
    """A plan as it was drafted."""

    title: str = Field(max_length=200)
    tasks: tuple[DraftTask, ...] = Field(default=(), max_length=DRAFT_TASKS)
    assumptions: tuple[str, ...] = Field(default=(), max_length=50)
    gaps: tuple[Gap, ...] = Field(default=(), max_length=50)
    subplans: tuple[SubPlan, ...] = Field(default=(), max_length=50)
    on_failure: OnFailure = "continue"
    declined: str = Field(default="", max_length=1_000)
    """Why there is no plan, in a sentence, where there is none."""


class CannotPlan(OrchestraError):
    """The request is out of reach; the message says why and what to do, in a sentence."""
