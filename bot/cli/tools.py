"""`orchestra tools`: which tool servers there are, what they offer, and what is trusted."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Workspace

if TYPE_CHECKING:
    from bot.checkup.tool_servers import Standing
    from bot.services import Desk

tools = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="List, show, trust and refuse tool servers (MCP).",
)

Name = Annotated[str, typer.Argument(help="The server's name.", show_default=False)]
Serve = Annotated[
    bool, typer.Option("--serve", help="For `orchestra serve` instead of this folder's chat.")
]


@tools.callback()
def _group() -> None:
    """List, show, trust and refuse tool servers (MCP)."""


@tools.command("list")
def list_(
    serve: Serve = False, config: Config = None, data: Data = None, workspace: Workspace = None
) -> None:
    """List tool servers and whether you trust their tools."""
    _at_desk(_list, serve=serve, config=config, data=data, workspace=workspace)


@tools.command()
def show(
    name: Name,
    serve: Serve = False,
    config: Config = None,
    data: Data = None,
    workspace: Workspace = None,
) -> None:
    """Show a server's tools, and what changed since you trusted them."""

    async def look(desk: "Desk") -> int:
        server = await _shown(desk, name)
        if server.problem:
            return 1
        _ = desk.locale
        text = (
            _("{name} is trusted.")
            if server.approved
            else _("{name} isn't trusted. To trust it, run `orchestra tools trust {name}`.")
        )
        print(text.format(name=name))
        return 0

    _at_desk(look, serve=serve, config=config, data=data, workspace=workspace)


@tools.command()
def trust(
    name: Name,
    serve: Serve = False,
    config: Config = None,
    data: Data = None,
    workspace: Workspace = None,
) -> None:
    """Show a server's tools and allow exactly these in plans."""

    async def approve(desk: "Desk") -> int:
        from bot.actions.act import perform
        from bot.actions.agents import TrustTools
        from bot.actions.agents import trust as trust_tools
        from bot.cli.desk import actor, project_of

        server = await _shown(desk, name)
        if server.problem:
            return 1
        given = TrustTools(server=server.server.name, tools=server.offered)
        await perform(desk, actor(), await project_of(desk, ""), trust_tools, given)
        text = desk.locale.ngettext(
            "Trusted {count} tool of {name}. Restart Orchestra to use it.",
            "Trusted {count} tools of {name}. Restart Orchestra to use them.",
            len(server.offered),
        )
        print(text.format(count=len(server.offered), name=name))
        return 0

    _at_desk(approve, serve=serve, config=config, data=data, workspace=workspace)


@tools.command()
def refuse(
    name: Name,
    serve: Serve = False,
    config: Config = None,
    data: Data = None,
    workspace: Workspace = None,
) -> None:
    """Stop plans from using a server's tools."""

    async def withdraw(desk: "Desk") -> int:
        from bot.actions.act import perform
        from bot.actions.agents import RefuseTools
        from bot.actions.agents import refuse as refuse_tools
        from bot.cli.desk import actor, project_of

        given = RefuseTools(server=name.strip().casefold())
        result = await perform(desk, actor(), await project_of(desk, ""), refuse_tools, given)
        _ = desk.locale
        text = _("{name} is no longer trusted.") if result.done else _("{name} wasn't trusted.")
        print(text.format(name=name))
        return 0

    _at_desk(withdraw, serve=serve, config=config, data=data, workspace=workspace)


async def _list(desk: "Desk") -> int:
    from bot.cli.desk import looking
    from bot.queries.agents import trusted_tools

    _ = desk.locale
    async with looking(desk) as asking:
        pins = {pin.server: pin for pin in await trusted_tools(asking)}
    for server in desk.settings.external.servers:
        text, pin = _("not trusted"), pins.get(server.name)
        if pin:
            text = _.ngettext(
                "{count} tool, trusted by {person}",
                "{count} tools, trusted by {person}",
                len(pin.tools),
            ).format(count=len(pin.tools), person=pin.approved_by.rpartition(":")[2])
        print(f"{server.name:<16} {text}")
    if not desk.settings.external.servers:
        print(_("No tool server is set up. Add one to orchestra.toml as [mcp.NAME]."))
    return 0


async def _shown(desk: "Desk", name: str) -> "Standing":
    """The server as it is now, printed. Raises NotFound."""
    from bot.checkup.tool_servers import server_named, standing
    from bot.cli.desk import looking
    from bot.queries.agents import trusted_tools

    async with looking(desk) as asking:
        pins = await trusted_tools(asking)
    server = await standing(server_named(desk.settings, name), pins)
    print("\n".join(server.lines()) or server.problem or desk.locale("It offers no tools."))
    return server


def _at_desk(
    work: "Callable[[Desk], Awaitable[int]]",
    *,
    serve: bool,
    config: Path | None,
    data: Path | None,
    workspace: Path | None,
) -> None:
    from bot.cli.desk import at_desk
    from bot.config.settings import load

    settings = load(config=config, data=data, workspace=workspace, per_workspace=not serve)

    async def run() -> int:
        async with at_desk(settings, make=True) as desk:
            return await work(desk)

    raise Ended(asyncio.run(run()))
