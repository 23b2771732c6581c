"""What `orchestra doctor` says about programs, servers of tools and webhooks."""

import asyncio
from typing import TYPE_CHECKING, Literal

from bot.checkup.stored import stored
from bot.config.settings import Settings
from memory.model.agents.external import Hook, Program, Server
from memory.model.text import text

if TYPE_CHECKING:
    from memory.model.agents.tools import ToolPin

Line = tuple[str, Literal["ok", "broken", "absent"], str, str]
"""What it is, its state, in words, and what to do."""


async def external_agents(settings: Settings) -> tuple[Line, ...]:
    """A line for each, asked side by side. Servers are started and asked for their tools."""
    external = settings.external
    if not (external.programs or external.servers or external.hooks):
        return ()
    pins = await _pins(settings) if external.servers else ()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_program(program)) for program in external.programs]
        tasks += [group.create_task(_server(server, pins)) for server in external.servers]
    return (*(task.result() for task in tasks), *(_hook(hook) for hook in external.hooks))


async def _program(program: Program) -> Line:
    from bot.checkup.tool_servers import program_trouble  # noqa: PLC0415 - only where some are set up
    from executor.egress.sandbox import Sandbox  # noqa: PLC0415 - see above

    trouble = await program_trouble(program)
    if trouble:
        return ("agent", "broken", text("{program}: can't be used", program=program.title), trouble)
    way = await Sandbox(path=program.path).way()
    parts = [
        text("{program}: in a sandbox ({way})", program=program.title, way=way),
        _network(program),
        text("can change the project folder") if program.writable else text("can only read"),
    ]
    return ("agent", "ok", ", ".join(parts), "")


def _network(program: Program) -> str:
    if program.hosts is None:
        return text("with network") if program.network else text("without network")
    return text("may reach {hosts}", hosts=", ".join((*program.hosts, *program.inject)))


async def _server(server: Server, pins: "tuple[ToolPin, ...]") -> Line:
    from bot.checkup.tool_servers import standing  # noqa: PLC0415 - only where some are set up

    found = await standing(server, pins)
    if found.problem:
        return ("tools", "broken", text("{server}: no answer", server=server.title), found.problem)
    names = ", ".join(tool.name for tool in found.offered)
    number = len(found.offered)
    tools = text("{server}: {n} tools ({names})", server=server.title, n=number, names=names[:200])
    if found.approved:
        return ("tools", "ok", tools, "")
    why = text("changed since you trusted them") if found.pin else text("not trusted yet")
    remedy = text(
        "Look at them with `orchestra tools show {server}`, then run "
        "`orchestra tools trust {server}`.",
        server=server.name,
    )
    return ("tools", "broken", f"{tools}; {why}", remedy)


def _hook(hook: Hook) -> Line:
    if hook.secret.get_secret_value():
        words = text("{hook}: a signed webhook, not called by this check", hook=hook.title)
        return ("agent", "ok", words, "")
    words = text("{hook}: an unsigned webhook, not called by this check", hook=hook.title)
    return ("agent", "ok", words, text("Set signing_env in [agents.{hook}].", hook=hook.name))


async def _pins(settings: Settings) -> "tuple[ToolPin, ...]":
    """What is trusted; nothing where there is no database yet, or it cannot be asked."""
    from memory.store.knowledge import tool_pins  # noqa: PLC0415 - SQLAlchemy takes 0.6 s

    return await stored(settings, tool_pins.every) or ()
