"""Looking at servers of tools and programs, and saying which tools may be used."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.config.settings import Settings
from executor.agents.mcp.session import Session
from executor.agents.mcp.specs import WORDS_CHARS, effect_of, usable
from executor.egress.sandbox import REMEDY, Sandbox
from memory.model.agents.external import Program, Server
from memory.model.agents.tools import OfferedTool, ToolPin, tools_digest
from memory.model.errors import Misconfigured, NotFound, OrchestraError
from memory.model.text import text

ASK_S = 25.0


@dataclass(frozen=True)
class Standing:
    """A server as it is now, against what was approved. `problem` says why it cannot be asked."""

    server: Server
    pin: ToolPin | None
    offered: tuple[OfferedTool, ...] = ()
    problem: str = ""

    @property
    def approved(self) -> bool:
        """Whether it offers just what was approved."""
        return self.pin is not None and self.pin.digest == tools_digest(self.offered)

    def lines(self) -> tuple[str, ...]:
        """What its tools do, and how they differ from what was approved."""
        before = {tool.name: tool for tool in self.pin.tools} if self.pin else {}
        now = {tool.name for tool in self.offered}
        shown = [self._line(tool, before.get(tool.name)) for tool in self.offered]
        return (
            *shown,
            *(text("- {name} is gone", name=name) for name in before if name not in now),
        )

    def _line(self, tool: OfferedTool, was: OfferedTool | None) -> str:
        mark = " "
        if self.pin is not None:
            mark = "+" if was is None else "~" if was != tool else " "
        hidden = "" if usable(self.server, tool) else text("; its name can't be used")
        words = _plain(tool.description)[:WORDS_CHARS]
        return f"{mark} {_plain(tool.name)} ({effect_of(self.server, tool)}{hidden}): {words}"


def _plain(words: str) -> str:
    """On one line, and without what could steer a terminal."""
    return "".join(letter for letter in " ".join(words.split()) if letter.isprintable())


async def standing(server: Server, pins: Iterable[ToolPin]) -> Standing:
    """Ask the server for its tools. Raises nothing of ours; changes nothing."""
    pin = next((pin for pin in pins if pin.server == server.name), None)
    async with asyncio.TaskGroup() as group:
        session = Session(server, Sandbox(path=server.path), group)
        try:
            async with asyncio.timeout(ASK_S):
                return Standing(server, pin, await session.offered())
        except TimeoutError:
            return Standing(
                server, pin, problem=text("{server} didn't answer in time.", server=server.title)
            )
        except OrchestraError as error:
            return Standing(server, pin, problem=error.user_text)
        finally:
            await session.close()


async def program_trouble(program: Program) -> str:
    """Why the program cannot be used here, "" where it can."""
    sandbox = Sandbox(path=program.path)
    try:
        sandbox.program(program.command[0])
    except Misconfigured as error:
        return error.user_text
    return (
        "" if await sandbox.way() else text("There's no sandbox for it; {remedy}.", remedy=REMEDY)
    )


def server_named(settings: Settings, name: str) -> Server:
    """The server of this name. Raises NotFound, naming those that are set up."""
    servers: Sequence[Server] = settings.external.servers
    found = next((server for server in servers if server.name == name.strip().casefold()), None)
    if found is None:
        known = ", ".join(server.name for server in servers)
        if not known:
            raise NotFound("No tool server is set up. Add one to orchestra.toml as [mcp.NAME].")
        raise NotFound(
            "There's no tool server {name} in orchestra.toml. You have: {known}.",
            name=name,
            known=known,
        )
    return found
