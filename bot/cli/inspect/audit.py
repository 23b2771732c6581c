"""`orchestra audit`: check, list, export, seal and anchor the record of who did what."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Json, OnlyProject, Workspace, settings_of

if TYPE_CHECKING:
    from bot.cli.inspect.tables import Shown
    from bot.config.settings import Settings
    from bot.queries.asking import Asking

HEADER = ("row", "time (UTC)", "project", "who", "action", "on")

audit = typer.Typer(help="Check, list and export the audit log.", no_args_is_help=True)


@audit.command()
def verify(
    anchors: Annotated[
        Path | None,
        typer.Option(
            "--anchors", help="Ends that were noted, as JSON Lines.", show_default="anchor_file"
        ),
    ] = None,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Check that no row of the audit log and no approval was changed, added or removed."""
    import asyncio

    raise Ended(asyncio.run(_verify(settings_of(config, data, workspace), anchors)))


@audit.command("rotate-key")
def rotate_key(workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Seal approvals and the audit log with a new key; older keys still check."""
    import asyncio

    raise Ended(asyncio.run(_rotate(settings_of(config, data, workspace))))


@audit.command()
def anchor(workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Note the end of the audit log now, in anchor_file and at anchor_url."""
    import asyncio

    raise Ended(asyncio.run(_anchor(settings_of(config, data, workspace))))


@audit.command("list")
def list_(
    project: OnlyProject = "",
    action: Annotated[
        str, typer.Option("--action", help="For example run.cancelled.", show_default="every one")
    ] = "",
    actor: Annotated[
        str, typer.Option("--actor", help="For example slack:T1:U1.", show_default="everyone")
    ] = "",
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="A day (UTC).", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many rows.")] = 50,
    as_json: Json = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """List the newest rows of the audit log, newest last."""

    from bot.cli.inspect.tables import Shown, show, table

    async def look(asking: "Asking") -> "Shown":
        from bot.queries.audit import newest, project_names

        rows = await newest(
            asking,
            everywhere=not project,
            action=action,
            actor=actor,
            since=since.replace(tzinfo=UTC) if since else None,
            limit=limit,
        )
        names = await project_names(asking, rows)
        cells = [
            (str(row.seq), f"{row.at:%Y-%m-%d %H:%M:%S}", names[row.project_id], row.actor, row.action, row.object)
            for row in rows
        ]  # fmt: skip
        lines = table(HEADER, cells) if rows else (asking.desk.locale("No rows match."),)
        return Shown(lines, [row.model_dump(mode="json") for row in rows])

    settings = settings_of(config, data, workspace)
    raise Ended(show(settings, look, project=project, as_json=as_json, every_s=None))


@audit.command()
def export(workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Write every row to stdout as JSON Lines, oldest first."""
    import asyncio

    raise Ended(asyncio.run(_export(settings_of(config, data, workspace))))


async def _verify(settings: "Settings", anchors: Path | None) -> int:
    from bot.cli.desk import at_desk, looking
    from bot.queries.audit import verdict
    from bot.render.audit import chain_verdict
    from memory.model.audit import Intact

    async with at_desk(settings) as desk, looking(desk) as asking:
        found = await verdict(asking, anchors)
    print(chain_verdict(desk.locale, found))
    if isinstance(found, Intact) and found.rows:
        _ = desk.locale
        print(_("Newest row: {hash}").format(hash=found.newest))
    return 0 if isinstance(found, Intact) else 1


async def _rotate(settings: "Settings") -> int:
    from bot.actions.act import perform
    from bot.actions.maintenance import Nothing, rotate_key
    from bot.cli.desk import actor, at_desk, project_of
    from memory.privacy.seals import make

    lost = make(settings.seal_keys)
    async with at_desk(settings) as desk:
        project = await project_of(desk, "")
        done = await perform(desk, actor(), project, rotate_key, Nothing())
        _ = desk.locale
        if lost:
            print(
                _("There was no file of keys, so plans that wait or run have to be approved again.")
            )
        print(
            _(
                "Key {key} seals from now on. {path} holds it; copy that file to every worker."
            ).format(key=done.key, path=settings.seal_keys)
        )
    return 0


async def _anchor(settings: "Settings") -> int:
    from bot.actions.maintenance import note_end
    from bot.cli.desk import at_desk, you

    async with at_desk(settings) as desk:
        noted = await note_end(desk, you())
    print(noted.model_dump_json() if noted else desk.locale("Nothing was recorded yet."))
    return 0


async def _export(settings: "Settings") -> int:
    from bot.cli.desk import at_desk, looking
    from bot.queries.audit import every_row

    async with at_desk(settings) as desk, looking(desk) as asking:
        async for row in every_row(asking):
            print(row.model_dump_json())
    return 0
