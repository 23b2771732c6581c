"""What was said and done in a thread before: what a follow-up is read against."""

from typing import Literal

from pydantic import JsonValue

from memory.model.base import Model
from memory.model.work.graph import constants
from memory.model.work.plan import Plan

TURNS = 3
"""As many earlier requests are told."""

HEAD_ROWS = 5
HEAD_CHARS = 600

Stage = Literal["", "asking", "waiting", "running", "done", "failed", "dropped"]


class Head(Model):
    """The beginning of what a task of the newest run gave: rows of a table, or words."""

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[JsonValue, ...], ...] = ()
    total_rows: int = 0
    text: str = ""


class Conversation(Model):
    """The thread before this request. `asked` are the words of requests, oldest first.

    `plan` is the newest plan, whether it waits, ran or was dropped, as `stage` says; `results`
    are heads of what its run gave; `questions` are open.
    """

    asked: tuple[str, ...] = ()
    plan: Plan | None = None
    stage: Stage = ""
    results: tuple[Head, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the newest plan reads."""
        return read_by(self.plan) if self.plan else ()


def read_by(plan: Plan) -> tuple[str, ...]:
    """Paths of the files that a plan's tasks read, each once."""
    return tuple(
        dict.fromkeys(
            path
            for task in plan.graph.tasks
            if not task.effects
            for name in ("sources", "path")
            if name in task.inputs
            for path in constants(task.inputs[name])
        )
    )
