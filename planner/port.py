"""What goes into planning and what comes out."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from pydantic import Field, SkipValidation

from memory.model.agents.routing import Routing
from memory.model.agents.spec import Catalogue
from memory.model.base import AgentName, Model, ProjectId, RequestId
from memory.model.identity import Identity
from memory.model.timing.schedule import Schedule
from memory.model.work.conversation import Conversation
from memory.model.work.graph import TaskGraph
from memory.model.work.plan import Plan
from memory.model.work.rule import Rule
from memory.model.work.value import FileInfo, Trial
from planner.template import Library


class Answer(Model):
    """A person's answer to a question; `defaulted` when they kept the default."""

    slot: str
    value: str
    defaulted: bool = False


class Remembered(Model):
    """A plan that was approved before, and the words it was made for. `likeness` is 0..1."""

    text: str
    plan: Plan
    likeness: float = 0.0


class PlanRequest(Model):
    """Everything planning may look at.

    `text` is what people wrote, oldest first, joined by blank lines; `people` are those it
    mentions; `preferences` are answers given before, by slot; `taught` are the facts, preferences
    and rules that hold for the author, oldest first; `base` is the plan to change;
    `conversation` is what was said and done in the thread before; `schedule` is when the work is
    to be done, where that was said and taken out of the text.
    `library`, `past` and `fitting` are added by the planner: templates, plans for requests like
    this, and the tools of a large catalogue that fit the words best.
    Agents are chosen by `routing` and by the rules among what was taught.
    """

    project: ProjectId
    request: RequestId
    text: str
    author: Identity
    people: tuple[Identity, ...] = ()
    files: tuple[FileInfo, ...] = ()
    catalogue: Catalogue
    preferences: dict[str, str] = {}
    taught: tuple[Rule, ...] = ()
    barred: tuple[AgentName, ...] = ()
    """Agents that the words say are not to do the work."""
    answers: tuple[Answer, ...] = ()
    base: Plan | None = None
    conversation: Conversation | None = None
    schedule: Schedule | None = None
    library: Library = Library()
    past: tuple[Remembered, ...] = ()
    fitting: tuple[AgentName, ...] = ()
    routing: Routing = Routing()
    trial: SkipValidation[Trial | None] = Field(default=None, exclude=True, repr=False)
    """Tries queries on the files where there are readings to choose from; None where nobody can."""
    now: datetime

    @property
    def readable(self) -> tuple[FileInfo, ...]:
        """The files that are there and can be read; `files` may name others, with their problem."""
        return tuple(file for file in self.files if not file.problem)


class Question(Model):
    """One thing worth asking, with what is assumed if nobody answers.

    `slot` names the gap so that an answer can be remembered: "sales.csv:revenue column".
    `accepts` are answers beside the options that count too; None where any words do.
    """

    slot: str
    text: str
    options: tuple[str, ...] = Field(max_length=6)
    default: str
    accepts: tuple[str, ...] | None = None


class Ready(Model):
    """A plan that can be shown. `remarks` are shown beside it (why it was planned offline)."""

    kind: Literal["ready"] = "ready"
    plan: Plan
    remarks: tuple[str, ...] = ()


class NeedsAnswers(Model):
    """At most three questions that would change the plan, its cost or its effects."""

    kind: Literal["needs_answers"] = "needs_answers"
    questions: tuple[Question, ...] = Field(min_length=1, max_length=3)
    graph: TaskGraph | None = None
    """What the plan would be if every default held. A value that has none is missing in it."""


class Declined(Model):
    """No plan; `text` says in a sentence or two why, and what to say instead.

    `small_talk`: nothing was asked for, so nothing was refused.
    """

    kind: Literal["declined"] = "declined"
    text: str
    small_talk: bool = False


class Answered(Model):
    """The request was a question that could be answered on the spot; there's nothing to run."""

    kind: Literal["answered"] = "answered"
    text: str


PlanResult = Ready | NeedsAnswers | Declined | Answered

Say = Callable[[str], None]
"""Hears what is being done, in a few words; returns at once."""


def silent(_stage: str) -> None:
    """Says nothing."""
