"""`orchestra run …`, `stop` and `release`: steering work, beside a running bot or without one."""

from typing import Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.inspect.verbs import settings_of
from bot.cli.options import Config, Data, OnlyProject, Workspace

Run = Annotated[
    str,
    typer.Argument(help="The start of its id, from `orchestra runs`.", show_default=False),
]

run = typer.Typer(help="Pause, resume, cancel, retry, rerun or undo a run.", no_args_is_help=True)


def add_steering(app: typer.Typer) -> None:
    """Give the command line these verbs."""
    app.add_typer(run, name="run")
    app.command()(stop)
    app.command()(release)


@run.command()
def pause(run: Run, workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Pause a run. Tasks already running will finish."""
    from bot.cli.steering.actions import steer

    raise Ended(steer(settings_of(config, data, workspace), what="pause", run=run))


@run.command()
def resume(run: Run, workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Resume a paused run."""
    from bot.cli.steering.actions import steer

    raise Ended(steer(settings_of(config, data, workspace), what="resume", run=run))


@run.command()
def cancel(run: Run, workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Cancel a run for good, with the programs it started."""
    from bot.cli.steering.actions import steer

    raise Ended(steer(settings_of(config, data, workspace), what="cancel", run=run))


@run.command()
def retry(run: Run, workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Retry what failed and keep the rest."""
    from bot.cli.steering.actions import steer

    raise Ended(steer(settings_of(config, data, workspace), what="retry", run=run))


@run.command()
def undo(run: Run, workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Restore the files a run changed, in a git repository."""
    from bot.cli.steering.actions import undo as restore

    raise Ended(restore(settings_of(config, data, workspace), run=run))


@run.command()
def rerun(
    run: Run,
    task: Annotated[
        str, typer.Option("--from", help="Number or title of a task.", show_default="all tasks")
    ] = "",
    change: Annotated[
        str, typer.Option("--but", help="What to change, in words.", show_default=False)
    ] = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Plan a run again in its thread, to be approved there. Results that still hold are kept."""
    from bot.cli.steering.actions import rerun as ask

    raise Ended(ask(settings_of(config, data, workspace), run=run, task=task, change=change))


def stop(
    project: OnlyProject = "",
    reason: Annotated[
        str, typer.Option("--reason", help="Shown to anyone who starts work.", show_default=False)
    ] = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Pause all new work until you run `orchestra release`."""
    from bot.cli.steering.actions import stop as stop_work

    settings = settings_of(config, data, workspace)
    raise Ended(stop_work(settings, project=project, reason=reason))


def release(
    project: OnlyProject = "", workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Let work start again after `orchestra stop`."""
    from bot.cli.steering.actions import release as let_go

    raise Ended(let_go(settings_of(config, data, workspace), project=project))
