"""`orchestra tools`: which servers of tools there are, what they offer, and what is trusted."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Workspace

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from memory.model.timing.clock import Clock
    from memory.store.engine.database import Database

tools = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Servers of tools (MCP): list, show, trust, refuse.",
)

Name = Annotated[str, typer.Argument(help="The server's name.", show_default=False)]
Serve = Annotated[
    bool, typer.Option("--serve", help="For `orchestra serve`, not for the chat of this folder.")
]


@tools.callback()
def _group() -> None:
    """Servers of tools (MCP): list, show, trust, refuse."""


@tools.command("list")
def list_(
    serve: Serve = False, config: Config = None, data: Data = None, workspace: Workspace = None
) -> None:
    """Say which servers there are and whether their tools are trusted."""

    async def look(settings: "Settings", database: "Database") -> int:
        from memory.store.knowledge import tool_pins

        async with database.reading() as connection:
            pins = {one.server: one for one in await tool_pins.every(connection)}
        for server in settings.external.servers:
            pin = pins.get(server.name)
            told = f"{len(pin.tools)} tools, trusted by {pin.approved_by}" if pin else "not trusted"
            print(f"{server.name:<16} {told}")
        if not settings.external.servers:
            print("No server of tools is set up; add [mcp.NAME] to orchestra.toml.")
        return 0

    _with_database(look, serve=serve, config=config, data=data, workspace=workspace)


@tools.command()
def show(
    name: Name,
    serve: Serve = False,
    config: Config = None,
    data: Data = None,
    workspace: Workspace = None,
) -> None:
    """Ask a server for its tools, and say how they differ from what is trusted."""

    async def look(settings: "Settings", database: "Database") -> int:
        return await _shown(settings, database, name)

    _with_database(look, serve=serve, config=config, data=data, workspace=workspace)


@tools.command()
def trust(
    name: Name,
    serve: Serve = False,
    config: Config = None,
    data: Data = None,
    workspace: Workspace = None,
) -> None:
    """Show a server's tools and let plans use just these."""

    async def approve(settings: "Settings", database: "Database") -> int:
        from bot.cli.local_user import login
        from memory.model.timing.clock import SystemClock

        return await _shown(settings, database, name, trusted_by=login(), clock=SystemClock())

    _with_database(approve, serve=serve, config=config, data=data, workspace=workspace)


@tools.command()
def refuse(
    name: Name,
    serve: Serve = False,
    config: Config = None,
    data: Data = None,
    workspace: Workspace = None,
) -> None:
    """Let no plan use a server's tools any more."""

    async def withdraw(_settings: "Settings", database: "Database") -> int:
        from bot.cli.local_user import login
        from memory.model.timing.clock import SystemClock
        from memory.store.knowledge import tool_pins

        now = SystemClock().now()
        async with database.transaction() as tx:
            was = await tool_pins.withdraw(tx, name.strip().casefold(), by=login(), at=now)
        print(f"{name} is trusted no more." if was else f"{name} was not trusted.")
        return 0

    _with_database(withdraw, serve=serve, config=config, data=data, workspace=workspace)


async def _shown(
    settings: "Settings",
    database: "Database",
    name: str,
    *,
    trusted_by: str = "",
    clock: "Clock | None" = None,
) -> int:
    from bot.checkup.tool_servers import server_named, standing
    from bot.checkup.tool_servers import trust as trusting
    from memory.store.knowledge import tool_pins

    async with database.reading() as connection:
        pins = await tool_pins.every(connection)
    found = await standing(server_named(settings, name), pins)
    print("\n".join(found.lines()) or found.problem or "It offers no tools.")
    if clock is not None:
        await trusting(database, clock, found, by=trusted_by)
        print(
            f"Trusted {len(found.offered)} tools of {name}; they are used from the next start on."
        )
    elif not found.problem:
        told = "trusted" if found.approved else f"not trusted; say `orchestra tools trust {name}`"
        print(f"{name} is {told}.")
    return 1 if found.problem else 0


def _with_database(
    work: "Callable[[Settings, Database], Awaitable[int]]",
    *,
    serve: bool,
    config: Path | None,
    data: Path | None,
    workspace: Path | None,
) -> None:
    from bot.config.settings import load

    settings = load(config=config, data=data, workspace=workspace, per_workspace=not serve)

    async def run() -> int:
        from memory.store.engine import schema
        from memory.store.engine.database import Database, database_url

        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        url = database_url(settings.data, settings.database_url.get_secret_value())
        database = Database(url)
        try:
            await schema.upgrade(database)
            return await work(settings, database)
        finally:
            await database.close()

    raise Ended(asyncio.run(run()))
