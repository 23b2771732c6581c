"""`orchestra place …`: the channels in which the bot may work."""

import asyncio
from typing import Annotated

import typer

from bot.cli.desk import actor, at_desk, looking
from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Workspace, settings_of
from bot.config.settings import Settings
from memory.model.errors import BadInput, NotFound
from memory.model.identity import Identity, ThreadRef

place = typer.Typer(help="List and set up new channels.", no_args_is_help=True)


@place.command("list")
def list_(workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """List the channels that wait to be set up."""
    asyncio.run(_list(settings_of(config, data, workspace)))
    raise Ended(0)


@place.command()
def confirm(
    channel: Annotated[
        str, typer.Argument(help="Such as slack:T01:C01, from `place list`.", show_default=False)
    ],
    owner: Annotated[
        str, typer.Option("--owner", help="Who owns it, such as slack:T01:U01.", show_default="you")
    ] = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let Orchestra work in a channel."""
    asyncio.run(_confirm(settings_of(config, data, workspace), channel, owner))
    raise Ended(0)


async def _list(settings: Settings) -> None:
    from bot.queries.roles import waiting_channels

    async with at_desk(settings) as desk, looking(desk) as asking:
        found = await waiting_channels(asking)
        names = [where.key.rstrip(":") for where in found]
        print("\n".join(names) or desk.locale("No channel waits to be set up."))


async def _confirm(settings: Settings, channel: str, owner: str) -> None:
    from bot.actions.act import perform
    from bot.actions.roles import ConfirmPlace, confirm_place
    from bot.places import known
    from bot.render.settings import place_confirmed

    where = channel_of(channel)
    given = ConfirmPlace(channel=where, owner=Identity.of(owner) if owner else None)
    async with at_desk(settings) as desk:
        async with desk.database.reading() as connection:
            project = await known(connection, desk.settings, where)
        if project is None:
            raise NotFound(
                "Nobody has spoken to me in {channel} yet; `orchestra place list` shows where "
                "somebody has.",
                channel=channel,
            )
        done = await perform(desk, actor(), project, confirm_place, given)
        print(place_confirmed(desk.locale, done.owner))


def channel_of(text: str) -> ThreadRef:
    """The channel with this whole id. Raises BadInput."""
    platform, _, rest = text.strip().partition(":")
    workspace, _, channel = rest.partition(":")
    if not (platform and workspace and channel) or ":" in channel:
        raise BadInput(
            "{channel} isn't a channel's whole id; give platform, workspace and channel, such as "
            "slack:T01:C01.",
            channel=text,
        )
    return ThreadRef(platform=platform, workspace=workspace, channel=channel)
