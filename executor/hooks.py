"""What is done around a task by the owner's settings: redaction, and checks by programs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from executor.egress import process
from executor.port import Call
from memory.model.agents.external import Checker
from memory.model.agents.spec import AgentSpec
from memory.model.base import canonical_json, name_key
from memory.model.errors import AgentMisbehaved, Misconfigured, OrchestraError
from memory.model.text import text
from memory.model.work.check import ByProgram, OwnerCheck
from memory.model.work.graph import Task
from memory.model.work.value import File, Text, Value
from memory.privacy.redaction import Redactor

REASON_CHARS = 500


@dataclass(frozen=True)
class Hooks:
    """What holds for every task here: the redactor with our secrets, and the owner's programs."""

    redact: Redactor = field(default_factory=Redactor)
    checkers: Sequence[Checker] = ()

    @property
    def checks(self) -> tuple[OwnerCheck, ...]:
        """The owner's programs as plans know them."""
        return tuple(
            OwnerCheck(name=checker.name, task_types=checker.task_types)
            for checker in self.checkers
        )


async def by_programs(hooks: Hooks, value: Value, task: Task, spec: AgentSpec, call: Call) -> None:
    """Have the owner's programs check the value, which they get on their standard input.

    Those are the ones for the task's type, and those that its plan names.
    Raises AgentMisbehaved with what a program wrote when it exits with anything but 0, and
    Misconfigured when it can't be run: what can't be checked doesn't pass.
    """
    for checker in _chosen(hooks.checkers, task):
        ended = await _run(checker, value, call)
        if ended.code:
            words = (ended.out or ended.err).decode(errors="replace").strip()[:REASON_CHARS]
            raise AgentMisbehaved(
                "{title}: the check {name} refused the result: {reason}",
                title=spec.title,
                name=checker.name,
                reason=hooks.redact(words) or text("it gave no reason."),
            )


def _chosen(checkers: Sequence[Checker], task: Task) -> list[Checker]:
    """The programs for the task. Raises Misconfigured where one that it names isn't there."""
    named = {
        name_key(check.name): check.name for check in task.checks if isinstance(check, ByProgram)
    }
    for key in named.keys() - {name_key(checker.name) for checker in checkers}:
        raise Misconfigured(
            "There's no check {name} in the settings any more. Set up [checks.{name}], or ask "
            "for the work without it.",
            name=named[key],
        )
    kind = name_key(task.type)
    return [
        checker
        for checker in checkers
        if name_key(checker.name) in named or kind in map(name_key, checker.task_types)
    ]


async def _run(checker: Checker, value: Value, call: Call) -> process.Finished:
    try:
        return await process.run(
            checker.command,
            cwd=Path(call.files.resolve(".")),
            env={"PATH": checker.path, "LANG": "C.UTF-8"},
            timeout_s=checker.timeout_s,
            given=_bytes(value, call),
            title=text("The check {name}", name=checker.name),
        )
    except OrchestraError as error:
        raise Misconfigured(
            "The check {name} couldn't be run: {reason}", name=checker.name, reason=error.user_text
        ) from error


def _bytes(value: Value, call: Call) -> bytes:
    if isinstance(value, Text):
        return value.text.encode()
    if isinstance(value, File):
        return call.files.read(value.path)
    return canonical_json(value.model_dump(mode="json"))
