"""A program as an agent: its task as text, its answer from what it writes, held in a sandbox."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from functools import partial
from pathlib import Path, PurePath

from pydantic import SecretStr

from executor.agents.command.reaching import out_of_reach
from executor.agents.command.reading import Listener
from executor.agents.command.repository import git_kept
from executor.agents.command.turns import keeping, turn
from executor.completions.prompt import CONTEXT, Prompt, prompt
from executor.egress.credentials import credentials
from executor.egress.masking import masked
from executor.egress.process import Finished
from executor.egress.proxy import Outside
from executor.egress.sandbox import Cell, Sandbox
from executor.policy import spending
from executor.port import Call, Reply
from memory.model.agents.external import Program
from memory.model.agents.spec import AgentKind, AgentSpec, EffectClass
from memory.model.errors import (
    AgentRejected,
    AgentUnavailable,
    BadInput,
    Misconfigured,
    OrchestraError,
)
from memory.model.text import text
from memory.model.work.value import Text

ITEM_BYTES = 120_000
"""Linux takes 128 KB in one argument."""

BUSY = re.compile(r"rate.?limit|too many requests|overloaded|\b(429|502|503|529)\b", re.IGNORECASE)
LINE_CHARS = 300
SLOT = re.compile(r"\{(?:instruction|context)\}")


class CommandAgent:
    """Runs the program once for each task. Keeps nothing between calls."""

    def __init__(self, program: Program, sandbox: Sandbox) -> None:
        self._program = program
        self._sandbox = sandbox
        self.spec = AgentSpec(
            name=program.name,
            kind=AgentKind.COMMAND,
            title=program.title,
            description=program.description or _description(program),
            task_types=program.task_types,
            parameters=(CONTEXT,),
            output="text",
            effect=EffectClass.EXEC if program.writable else EffectClass.READ,
            target=_target(program),
            idempotent=not program.writable,
            price_model="local" if program.free else "",
            task_micro_usd=program.task_micro_usd,
            aliases=program.aliases,
            local=not (program.network or program.hosts),
            limits=program.limits,
            recovery=program.recovery,
        )

    async def run(self, call: Call) -> Reply:
        """What the program answered. See the port for what it raises."""
        root = self._root(call)
        question = await asyncio.to_thread(prompt, call)
        argv, given = _filled(self._program, question)
        secrets = self._program.secrets | await credentials(self._program.env, call.fill)
        outside = await self._outside(call)
        cell = self._cell(call, outside)
        hide = partial(masked, secrets=(*secrets.values(), *_given(outside)))
        listener = Listener(lambda words: call.say(hide(words)))
        timeout_s = min(call.timeout_s, self._program.timeout_s)
        try:
            async with (
                asyncio.timeout(timeout_s),
                turn(root, alone=self._program.writable),
                call.watched(root) if self._program.writable else nullcontext(),
                keeping(self._program.kept, inside=root, title=self.spec.title),
                git_kept(root) if self._program.writable else nullcontext(),
            ):
                ended = await self._sandbox.run(
                    argv,
                    cell,
                    env=self._env(secrets),
                    timeout_s=timeout_s,
                    given=given,
                    title=self.spec.title,
                    heard=listener.hear,
                )
        except TimeoutError as error:
            raise AgentUnavailable(
                "{title} didn't finish within {timeout_s:,.0f} s.",
                title=self.spec.title,
                timeout_s=timeout_s,
            ) from error
        except Misconfigured as error:
            raise AgentRejected("{reason}", reason=error.user_text) from error
        if ended.code or listener.problem:
            raise self._trouble(ended, cell) or self._failure(
                hide(ended.err.decode(errors="replace")), ended.code, hide(listener.problem)
            )
        answer = listener.answer(ended.out) or text(
            "{title} finished without an answer.", title=self.spec.title
        )
        usage = spending.told(listener.usage, self.spec)
        return Reply(value=Text(text=hide(answer)), usage=usage)

    async def healthy(self) -> bool:
        """Whether the program is installed and a sandbox can hold it."""
        try:
            self._sandbox.program(self._program.command[0])
        except Misconfigured:
            return False
        return bool(await self._sandbox.way())

    def _root(self, call: Call) -> Path:
        """The folder that it works in. Raises BadInput where there is none."""
        root = call.files.resolve(self._program.folder)
        if not root.is_dir():
            raise BadInput(
                "The folder {folder} that {title} works in doesn't exist.",
                folder=self._program.folder,
                title=self.spec.title,
            )
        return root

    def _env(self, secrets: Mapping[str, SecretStr]) -> dict[str, str]:
        held = {name: value.get_secret_value() for name, value in secrets.items()}
        return {**self._program.env, **held}

    async def _outside(self, call: Call) -> Outside | None:
        """What it may reach, with the project's secrets in it."""
        if self._program.hosts is None:
            return None
        filled = {
            host: {
                name: await call.fill(value.get_secret_value()) for name, value in headers.items()
            }
            for host, headers in self._program.inject.items()
        }
        return Outside(self._program.hosts, filled)

    def _cell(self, call: Call, outside: Outside | None) -> Cell:
        return Cell(
            root=call.files.resolve(self._program.folder),
            writable=self._program.writable,
            network=self._program.network,
            memory_bytes=self._program.memory_bytes,
            written_bytes=self._program.written_bytes,
            reads=self._program.reads,
            writes=self._program.writes,
            outside=outside,
        )

    def _trouble(self, ended: Finished, cell: Cell) -> AgentRejected | None:
        """What the program needed and may not see, where that is why it failed."""
        if not ended.code:
            return None
        seen = self._sandbox.seen(self._program.command[0], cell)
        unseen = out_of_reach(ended.err.decode(errors="replace"), seen)
        if unseen is None:
            return None
        return AgentRejected(
            "{title} ended with code {code}, because it can't see {path}. If it should, add that, or "
            "the folder it's in, to its `reads` in orchestra.toml.",
            title=self.spec.title,
            code=ended.code,
            path=unseen,
        )

    def _failure(self, errors: str, code: int, problem: str) -> OrchestraError:
        lines = [line.strip() for line in errors.splitlines() if line.strip()]
        reason = problem or (lines[-1] if lines else text("it gave no reason"))
        reason = " ".join(reason[:LINE_CHARS].split()).rstrip(".")
        if BUSY.search(reason):
            return AgentUnavailable(
                "{title} is too busy right now: {reason}.", title=self.spec.title, reason=reason
            )
        return AgentRejected(
            "{title} ended with code {code}: {reason}.",
            detail=errors[-2000:],
            title=self.spec.title,
            code=code,
            reason=reason,
        )


def _given(outside: Outside | None) -> Iterator[SecretStr]:
    """Every credential that the proxy puts in."""
    for headers in outside.credentials.values() if outside else ():
        yield from headers.values()


def _filled(program: Program, question: Prompt) -> tuple[list[str], bytes]:
    """The arguments, and what comes on standard input. Raises BadInput for too long a text."""
    rules = f"{question.system}\n\n{question.task}"
    material = "\n\n".join(question.quoted)
    slots = {"{instruction}": rules, "{context}": material}
    used = {slot for slot in slots for item in program.command if slot in item}
    argv = [SLOT.sub(lambda found: slots[found[0]], item) for item in program.command]
    if any(len(item.encode()) > ITEM_BYTES for item in argv):
        raise BadInput(
            "{title} can take at most 120 KB as an argument. Leave the slot out of its command to "
            "get the text on standard input instead.",
            title=program.title,
        )
    rest = [given for slot, given in slots.items() if slot not in used and given]
    return argv, "\n\n".join(rest).encode()


def _target(program: Program) -> str:
    name = PurePath(program.command[0]).name
    if program.folder in {"", "."}:
        return text("{name} in the project folder", name=name)
    return text("{name} in {folder}", name=name, folder=program.folder)


def _description(program: Program) -> str:
    does = "works in the project's folder" if program.writable else "reads the project's folder"
    return f"The program {program.command[0]}: {does} and runs what it needs."
