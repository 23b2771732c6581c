"""What is done around a task by the owner's settings: redaction, and checks by programs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from executor.agents.port import Call
from executor.egress import process
from memory.model.agents.external import Checker
from memory.model.agents.spec import AgentSpec
from memory.model.base import canonical_json, name_key
from memory.model.errors import AgentMisbehaved, Misconfigured, OrchestraError
from memory.model.work.check import ByProgram
from memory.model.work.graph import Task
from memory.model.work.value import File, Text, Value
from memory.privacy.redaction import redact

SAID_CHARS = 500


@dataclass(frozen=True)
class Hooks:
    """What holds for every task here: the redactor with our secrets, and the owner's programs."""

    redact: Callable[[str], str] = redact
    checkers: Sequence[Checker] = ()


async def by_programs(hooks: Hooks, value: Value, task: Task, spec: AgentSpec, call: Call) -> None:
    """Have the owner's programs look at the value, on their standard input.

    Those are the ones for its type of task, and those that its plan names.
    Raises AgentMisbehaved with what a program wrote where it ends with another code than 0, and
    Misconfigured where it cannot be run: what could not be checked does not pass.
    """
    named = {name_key(one.name): one.name for one in task.checks if isinstance(one, ByProgram)}
    gone = [name for key, name in named.items() if key not in _names(hooks)]
    if gone:
        raise Misconfigured(
            "There is no check {gone} in the settings any more; set up [checks.{gone}], or "
            "ask for the work without it.",
            gone=gone[0],
        )
    for checker in hooks.checkers:
        types = {name_key(one) for one in checker.task_types}
        if name_key(task.type) not in types and name_key(checker.name) not in named:
            continue
        try:
            ended = await process.run(
                checker.command,
                cwd=Path(call.files.resolve(".")),
                env={"PATH": checker.path, "LANG": "C.UTF-8"},
                timeout_s=checker.timeout_s,
                given=_bytes(value, call),
                title=f"The check {checker.name}",
            )
        except OrchestraError as error:
            raise Misconfigured(
                "The check {name} could not be made: {user_text}",
                name=checker.name,
                user_text=error.user_text,
            ) from error
        if ended.code:
            said = (ended.out or ended.err).decode(errors="replace").strip()[:SAID_CHARS]
            raise AgentMisbehaved(
                "{title} gave back what the check {name} refuses: {said}",
                title=spec.title,
                name=checker.name,
                said=hooks.redact(said) or "it gives no reason.",
            )


def _names(hooks: Hooks) -> frozenset[str]:
    return frozenset(name_key(one.name) for one in hooks.checkers)


def _bytes(value: Value, call: Call) -> bytes:
    if isinstance(value, Text):
        return value.text.encode()
    if isinstance(value, File):
        return call.files.read(value.path)
    return canonical_json(value.model_dump(mode="json"))
