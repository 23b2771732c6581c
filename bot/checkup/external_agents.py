"""What `orchestra doctor` says of programs, servers of tools and webhooks."""

import asyncio
from typing import TYPE_CHECKING, Literal

from bot.config.settings import Settings
from memory.model.agents.external import Hook, Program, Server
from memory.model.errors import OrchestraError

if TYPE_CHECKING:
    from memory.model.agents.tools import ToolPin

Line = tuple[str, Literal["ok", "broken", "absent"], str, str]
"""What it is, how it stands, in words, and what to do."""


async def external_agents(settings: Settings) -> tuple[Line, ...]:
    """A line for each, asked side by side. Servers are started and asked for their tools."""
    external = settings.external
    if not (external.programs or external.servers or external.hooks):
        return ()
    pins = await _pins(settings) if external.servers else ()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_program(one)) for one in external.programs]
        tasks += [group.create_task(_server(one, pins)) for one in external.servers]
    return (*(one.result() for one in tasks), *(_hook(one) for one in external.hooks))


async def _program(program: Program) -> Line:
    from bot.checkup.tool_servers import program_trouble  # noqa: PLC0415 - only where some are set up
    from executor.egress.sandbox import Sandbox  # noqa: PLC0415 - see above

    trouble = await program_trouble(program)
    if trouble:
        return ("agent", "broken", f"{program.title}: cannot be used", trouble)
    way = await Sandbox(path=program.path).way()
    network = "with" if program.network else "without"
    may = "may change the project folder" if program.writable else "may only read"
    return ("agent", "ok", f"{program.title}: in a sandbox ({way}), {network} network, {may}", "")


async def _server(server: Server, pins: "tuple[ToolPin, ...]") -> Line:
    from bot.checkup.tool_servers import standing  # noqa: PLC0415 - only where some are set up

    found = await standing(server, pins)
    if found.problem:
        return ("tools", "broken", f"{server.title}: no answer", found.problem)
    names = ", ".join(one.name for one in found.offered)
    text = f"{server.title}: {len(found.offered)} tools ({names[:200]})"
    if found.approved:
        return ("tools", "ok", text, "")
    why = "they changed since they were trusted" if found.pin else "they are not trusted yet"
    remedy = (
        f"See `orchestra tools show {server.name}`, then `orchestra tools trust {server.name}`."
    )
    return ("tools", "broken", f"{text}; {why}", remedy)


def _hook(hook: Hook) -> Line:
    signed = "signed" if hook.secret.get_secret_value() else "not signed"
    remedy = "" if signed == "signed" else f"Set signing_env in [agents.{hook.name}]."
    return ("agent", "ok", f"{hook.title}: a webhook, {signed}; it is not called here", remedy)


async def _pins(settings: Settings) -> "tuple[ToolPin, ...]":
    """What is trusted; nothing where there is no database yet, or it cannot be asked."""
    from memory.store.engine.database import Database, database_url  # noqa: PLC0415 - see above
    from memory.store.knowledge import tool_pins  # noqa: PLC0415 - SQLAlchemy takes 0.6 s

    url = settings.database_url.get_secret_value()
    if not url and not (settings.data / "orchestra.db").is_file():
        return ()
    database = Database(database_url(settings.data, url))
    try:
        async with database.reading() as connection:
            return await tool_pins.every(connection)
    except OrchestraError:
        return ()
    finally:
        await database.close()
