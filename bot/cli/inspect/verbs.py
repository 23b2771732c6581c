"""The verbs that look on or keep house: runs, tasks, agents, queue, maintain."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Json, OnlyProject, Workspace

if TYPE_CHECKING:
    from bot.config.settings import Settings

Watch = Annotated[bool, typer.Option("--watch", help="Again every two seconds, until Ctrl-C.")]

WATCH_S = 2.0

maintenance = typer.Typer(help="Keep house: sweep.", no_args_is_help=True)


def add_looks(app: typer.Typer) -> None:
    """Give the command line these verbs."""
    app.command()(runs)
    app.command()(tasks)
    app.command()(agents)
    app.command()(queue)
    app.add_typer(maintenance, name="maintain")


def runs(
    project: OnlyProject = "",
    running: Annotated[bool, typer.Option("--running", help="Only those under way.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 20,
    as_json: Json = False,
    watch: Watch = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Show what runs and what ran: state, cost, age."""
    from bot.cli.inspect.runs import runs as show

    code = show(
        settings_of(config, data, workspace),
        project=project,
        running_only=running,
        limit=limit,
        as_json=as_json,
        every_s=WATCH_S if watch else None,
    )
    raise Ended(code)


def tasks(
    run: Annotated[
        str, typer.Argument(help="How its id begins.", show_default="the newest run")
    ] = "",
    as_json: Json = False,
    watch: Watch = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Show the tasks of a run: agent, attempts, note."""
    from bot.cli.inspect.tasks import tasks as show

    settings = settings_of(config, data, workspace)
    raise Ended(show(settings, run=run, as_json=as_json, every_s=WATCH_S if watch else None))


def agents(
    project: OnlyProject = "",
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Look back.")] = 30,
    as_json: Json = False,
    watch: Watch = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Show how the agents do: breaker, work, success rate, cost."""
    from bot.cli.inspect.agents import agents as show

    code = show(
        settings_of(config, data, workspace),
        project=project,
        days=days,
        as_json=as_json,
        every_s=WATCH_S if watch else None,
    )
    raise Ended(code)


def queue(
    project: OnlyProject = "",
    as_json: Json = False,
    watch: Watch = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Show what waits for whom, since when, and which workers live."""
    from bot.cli.inspect.queue import queue as show

    settings = settings_of(config, data, workspace)
    every_s = WATCH_S if watch else None
    raise Ended(show(settings, project=project, as_json=as_json, every_s=every_s))


@maintenance.command()
def sweep(
    now: Annotated[
        bool, typer.Option("--now/--dry-run", help="Clear it, or only say what would go.")
    ] = False,
    days: Annotated[
        int | None,
        typer.Option("--older-than", min=1, help="Days.", show_default="retention_days"),
    ] = None,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Forget values, events and messages of finished runs that are old enough."""
    from bot.cli.inspect.maintain import sweep as clear

    raise Ended(clear(settings_of(config, data, workspace), now=now, days=days))


def settings_of(config: Path | None, data: Path | None, workspace: Path | None) -> "Settings":
    """A server's folder where one was set up, else that of the chat in this workspace."""
    from bot.config.settings import load

    settings = load(config=config, data=data, workspace=workspace)
    served = settings.slack or settings.discord or settings.database_url.get_secret_value()
    if served or (settings.data / "orchestra.db").is_file():
        return settings
    return load(config=config, data=data, workspace=workspace, per_workspace=True)
