"""`orchestra run …`, `stop` and `release`: steering what runs, beside a bot at work or without."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.inspect.verbs import settings_of
from bot.cli.options import Config, Data, OnlyProject, Workspace

Run = Annotated[
    str, typer.Argument(help="How its id begins: `orchestra runs`.", show_default=False)
]

run = typer.Typer(
    help="Steer a run: pause, resume, cancel, retry, rerun, undo.", no_args_is_help=True
)


def add_steering(app: typer.Typer) -> None:
    """Give the command line these verbs."""
    app.add_typer(run, name="run")
    app.command()(stop)
    app.command()(release)


@run.command()
def pause(run: Run, workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Take up no more of its tasks; what is under way ends."""
    _steer("pause", run, config, data, workspace)


@run.command()
def resume(run: Run, workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Let a paused run go on."""
    _steer("resume", run, config, data, workspace)


@run.command()
def cancel(run: Run, workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Stop it for good, with the programs it started."""
    _steer("cancel", run, config, data, workspace)


@run.command()
def retry(run: Run, workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Try again what failed, keeping the rest."""
    _steer("retry", run, config, data, workspace)


@run.command()
def undo(run: Run, workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Put back the files it changed, where git has kept them."""
    _steer("undo", run, config, data, workspace)


@run.command()
def rerun(
    run: Run,
    step: Annotated[
        str, typer.Option("--from", help="Number or title of a step.", show_default="all of it")
    ] = "",
    change: Annotated[
        str, typer.Option("--but", help="What is to be different, in words.", show_default=False)
    ] = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Plan it again in its thread, where it is to be approved; what need not be done is kept."""
    from bot.cli.steering.actions import again

    raise Ended(again(settings_of(config, data, workspace), run=run, step=step, change=change))


def stop(
    project: OnlyProject = "",
    reason: Annotated[str, typer.Option("--reason", help="Said to who asks.")] = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Begin nothing more, until it is released."""
    from bot.cli.steering.actions import switch

    settings = settings_of(config, data, workspace)
    raise Ended(switch(settings, project=project, reason=reason, on=True))


def release(
    project: OnlyProject = "", workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Take `stop` back, and go on."""
    from bot.cli.steering.actions import switch

    settings = settings_of(config, data, workspace)
    raise Ended(switch(settings, project=project, reason="", on=False))


def _steer(
    what: str, run: str, config: Path | None, data: Path | None, workspace: Path | None
) -> None:
    from bot.cli.steering.actions import steer

    raise Ended(steer(settings_of(config, data, workspace), what=what, run=run))
