"""A program as an agent: its task as text, its answer from what it writes, held in a sandbox."""

import asyncio
import re
from contextlib import nullcontext
from pathlib import PurePath

from executor.agents.command.reading import Listener
from executor.agents.command.turns import keeping, turn
from executor.agents.port import Call, Reply
from executor.completions.prompt import Prompt, prompt
from executor.egress.process import Finished
from executor.egress.sandbox import Cell, Sandbox
from memory.model.agents.external import Program
from memory.model.agents.spec import (
    AgentKind,
    AgentSpec,
    EffectClass,
    Parameter,
)
from memory.model.errors import (
    AgentRejected,
    AgentUnavailable,
    BadInput,
    Misconfigured,
    OrchestraError,
)
from memory.model.work.run import Usage
from memory.model.work.value import Text

ITEM_BYTES = 120_000
"""Linux takes 128 KB in one argument."""

BUSY = re.compile(r"rate.?limit|too many requests|overloaded|\b(429|502|503|529)\b", re.IGNORECASE)
LINE_CHARS = 300
HIDDEN = "•••"
SLOT = re.compile(r"\{(?:instruction|context)\}")


class CommandAgent:
    """Runs the program once for a task. Keeps nothing between calls."""

    def __init__(self, program: Program, sandbox: Sandbox) -> None:
        self._program = program
        self._sandbox = sandbox
        self.spec = AgentSpec(
            name=program.name,
            kind=AgentKind.COMMAND,
            title=program.title,
            description=program.description or _description(program),
            task_types=program.task_types,
            parameters=(
                Parameter(
                    name="context",
                    description="What the task is about: texts, tables, files",
                    type="list",
                    required=False,
                ),
            ),
            output="text",
            effect=EffectClass.EXEC if program.writable else EffectClass.READ,
            target=_target(program),
            idempotent=not program.writable,
            price_model="local" if program.free else "",
            aliases=program.aliases,
            local=not program.network,
            limits=program.limits,
            recovery=program.recovery,
        )

    async def run(self, call: Call) -> Reply:
        """What the program answered. See the port for what it raises."""
        root = call.files.resolve(self._program.folder)
        if not root.is_dir():
            raise BadInput(
                "The folder {folder} of {title} is not there.",
                folder=self._program.folder,
                title=self.spec.title,
            )
        said = await asyncio.to_thread(prompt, call)
        argv, given = _filled(self._program, said)
        listener = Listener(lambda words: call.say(self._hidden(words)))
        timeout_s = min(call.timeout_s, self._program.timeout_s)
        try:
            async with (
                asyncio.timeout(timeout_s),
                turn(root, alone=self._program.writable),
                call.watched(root) if self._program.writable else nullcontext(),
                keeping(self._program.kept, inside=root, title=self.spec.title),
            ):
                ended = await self._sandbox.run(
                    argv,
                    self._cell(call),
                    env=self._env(),
                    timeout_s=timeout_s,
                    given=given,
                    title=self.spec.title,
                    heard=listener.hear,
                )
        except TimeoutError as error:
            raise AgentUnavailable(
                "{title} did not finish within {timeout_s:,.0f} s.",
                title=self.spec.title,
                timeout_s=timeout_s,
            ) from error
        except Misconfigured as error:
            raise AgentRejected(error.user_text) from error
        if ended.code or listener.problem:
            raise self._failure(ended, listener.problem)
        answer = listener.answer(ended.out) or f"{self.spec.title} finished and said nothing."
        return Reply(value=Text(text=self._hidden(answer)), usage=self._paid(listener.usage))

    async def healthy(self) -> bool:
        """Whether the program is there and can be held."""
        try:
            self._sandbox.program(self._program.command[0])
        except Misconfigured:
            return False
        return bool(await self._sandbox.way())

    def _env(self) -> dict[str, str]:
        secrets = self._program.secrets.items()
        return {**self._program.env, **{name: one.get_secret_value() for name, one in secrets}}

    def _cell(self, call: Call) -> Cell:
        return Cell(
            root=call.files.resolve(self._program.folder),
            writable=self._program.writable,
            network=self._program.network,
            memory_bytes=self._program.memory_bytes,
            reads=self._program.reads,
            writes=self._program.writes,
        )

    def _paid(self, usage: Usage) -> Usage:
        return usage.model_copy(update={"cost_micro_usd": 0}) if self._program.free else usage

    def _failure(self, ended: Finished, problem: str) -> OrchestraError:
        errors = self._hidden(ended.err.decode(errors="replace"))
        last = next((one.strip() for one in reversed(errors.splitlines()) if one.strip()), "")
        told = (self._hidden(problem) or last or "it gave no reason")[:LINE_CHARS]
        told = " ".join(told.split()).rstrip(".")
        if BUSY.search(told):
            return AgentUnavailable(
                "{title} has too much to do just now: {told}.", title=self.spec.title, told=told
            )
        return AgentRejected(
            "{title} ended with code {code}: {told}.",
            detail=errors[-2000:],
            title=self.spec.title,
            code=ended.code,
            told=told,
        )

    def _hidden(self, text: str) -> str:
        """The text without our secrets, whatever the program did with them."""
        for secret in self._program.secrets.values():
            value = secret.get_secret_value()
            text = text.replace(value, HIDDEN) if len(value) > 3 else text
        return text


def _filled(program: Program, said: Prompt) -> tuple[list[str], bytes]:
    """The arguments, and what comes on standard input. Raises BadInput for too long a text."""
    rules = f"{said.system}\n\n{said.task}"
    material = "\n\n".join(said.quoted)
    slots = {"{instruction}": rules, "{context}": material}
    used = {slot for slot in slots for item in program.command if slot in item}
    argv = [SLOT.sub(lambda found: slots[found[0]], item) for item in program.command]
    if any(len(item.encode()) > ITEM_BYTES for item in argv):
        raise BadInput(
            "{title} takes 120 KB as an argument; leave the slot out of its command, and it "
            "comes on standard input.",
            title=program.title,
        )
    rest = [text for slot, text in slots.items() if slot not in used and text]
    return argv, "\n\n".join(rest).encode()


def _target(program: Program) -> str:
    where = "the project folder" if program.folder in {"", "."} else program.folder
    return f"{PurePath(program.command[0]).name} in {where}"


def _description(program: Program) -> str:
    does = "works in the project's folder" if program.writable else "reads the project's folder"
    return f"The program {program.command[0]}: {does} and runs what it needs."
