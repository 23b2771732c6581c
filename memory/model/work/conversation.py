"""What was said and done in a thread before: what a follow-up is read against."""

from typing import Literal

from pydantic import JsonValue

from memory.model.base import Model
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
    found: list[str] = []
    for task in plan.graph.tasks:
        for name, given in task.inputs.items():
            if name in {"sources", "path"} and not task.effects:
                singles = given.items if given.kind == "many" else (given,)
                found += (
                    part for single in singles if single.kind == "const"
                    for part in _paths(single.value)
                )  # fmt: skip
    return tuple(dict.fromkeys(found))


def _paths(value: JsonValue) -> list[str]:
    if isinstance(value, list):
        return [str(part) for part in value]
    return [str(value)]
