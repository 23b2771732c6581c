"""`orchestra run …`, `stop` and `release`: steering work, beside a running bot or without one."""

from typing import Annotated, Final

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, OnlyProject, Workspace, settings_of
from bot.cli.steering.project_secrets import secret

Run = Annotated[
    str,
    typer.Argument(help="The start of its id, from `orchestra runs`.", show_default=False),
]

run = typer.Typer(help="Pause, resume, cancel, retry, rerun or undo a run.", no_args_is_help=True)

_STEERING: Final = {
    "pause": "Pause a run. Tasks already running will finish.",
    "resume": "Resume a paused run.",
    "cancel": "Cancel a run for good, with the programs it started.",
    "retry": "Retry what failed and keep the rest.",
}


def add_steering(app: typer.Typer) -> None:
    """Give the command line these verbs."""
    app.add_typer(run, name="run")
    app.add_typer(secret, name="secret")
    app.command()(link)
    app.command()(unlink)
    app.command()(stop)
    app.command()(release)
    app.command()(quota)


def quota(
    counted: Annotated[
        str, typer.Argument(help="messages, plans, runs or storage.", show_default=False)
    ] = "",
    most: Annotated[
        str, typer.Argument(help="How many, “none” or “usual”.", show_default=False)
    ] = "usual",
    scope: Annotated[
        str, typer.Option("--for", help="person, place, project or installation.")
    ] = "project",
    whom: Annotated[
        str, typer.Option("--whom", help="Whose: slack:T01ABCD:U01ANA.", show_default=False)
    ] = "",
    project: OnlyProject = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Show or set how much people, channels and projects may take up."""
    from bot.cli.steering.quotas import quota as set_or_show

    settings = settings_of(config, data, workspace)
    raise Ended(set_or_show(settings, counted, most, scope=scope, whom=whom, project=project))


def _add_steer(what: str, text: str) -> None:
    @run.command(what, help=text)
    def steer_it(
        run: Run, workspace: Workspace = None, data: Data = None, config: Config = None
    ) -> None:
        from bot.cli.steering.actions import steer

        raise Ended(steer(settings_of(config, data, workspace), what=what, run=run))


for _what, _text in _STEERING.items():
    _add_steer(_what, _text)


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


def link(
    code: Annotated[
        str, typer.Argument(help="The code your other account was given.", show_default="a new one")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask whether it's you.")] = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Make you here and your account on another platform one person."""
    from bot.cli.steering.linking import link as link_accounts

    raise Ended(link_accounts(settings_of(config, data, workspace), code=code, sure=yes))


def unlink(
    account: Annotated[
        str, typer.Argument(help="Such as slack:T01:U01.", show_default="you here")
    ] = "",
    forget: Annotated[
        bool, typer.Option("--forget", help="As if it had never been linked (admins only).")
    ] = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let an account stand for itself again."""
    from bot.cli.steering.linking import unlink as part

    raise Ended(part(settings_of(config, data, workspace), account=account, forget=forget))


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
