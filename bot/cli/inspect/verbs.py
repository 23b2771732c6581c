"""The commands that show what's going on, and maintenance."""

from typing import Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.inspect.audit import audit
from bot.cli.options import Config, Data, Json, OnlyProject, Workspace, settings_of

Watch = Annotated[bool, typer.Option("--watch", help="Refresh every 2 seconds until Ctrl-C.")]

WATCH_S = 2.0

maintenance = typer.Typer(help="Maintenance: delete old data.", no_args_is_help=True)


def add_looks(app: typer.Typer) -> None:
    """Give the command line these verbs."""
    for verb in (runs, tasks, agents, queue, ask):
        app.command()(verb)
    app.add_typer(audit, name="audit")
    app.add_typer(maintenance, name="maintain")


def ask(
    question: Annotated[str, typer.Argument(help="For example: what did it cost yesterday")],
    project: OnlyProject = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Ask about the work: its cost, what waits, who is good at what."""
    from bot.cli.inspect.ask import ask as answer

    code = answer(settings_of(config, data, workspace), question=question, project=project)
    raise Ended(code)


def runs(
    project: OnlyProject = "",
    running: Annotated[bool, typer.Option("--running", help="Only running ones.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 20,
    as_json: Json = False,
    watch: Watch = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """List runs with their state, cost and age."""
    from bot.cli.inspect.runs import runs as show

    code = show(
        settings_of(config, data, workspace),
        project=project,
        running_only=running,
        limit=limit,
        as_json=as_json,
        every_s=_every(watch),
    )
    raise Ended(code)


def tasks(
    run: Annotated[
        str, typer.Argument(help="The start of a run's id.", show_default="the newest run")
    ] = "",
    as_json: Json = False,
    watch: Watch = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """List a run's tasks with their agents, attempts and notes."""
    from bot.cli.inspect.tasks import tasks as show

    settings = settings_of(config, data, workspace)
    raise Ended(show(settings, run=run, as_json=as_json, every_s=_every(watch)))


def agents(
    project: OnlyProject = "",
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How far back.")] = 30,
    as_json: Json = False,
    watch: Watch = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """List agents with their health, work, success rate and cost."""
    from bot.cli.inspect.agents import agents as show

    settings = settings_of(config, data, workspace)
    every_s = _every(watch)
    raise Ended(show(settings, project=project, days=days, as_json=as_json, every_s=every_s))


def queue(
    project: OnlyProject = "",
    as_json: Json = False,
    watch: Watch = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Show what is waiting for which agent, and the workers."""
    from bot.cli.inspect.queue import queue as show

    settings = settings_of(config, data, workspace)
    raise Ended(show(settings, project=project, as_json=as_json, every_s=_every(watch)))


@maintenance.command()
def sweep(
    now: Annotated[
        bool, typer.Option("--now/--dry-run", help="Delete it, or only show what would go.")
    ] = False,
    days: Annotated[
        int | None,
        typer.Option("--older-than", min=1, help="Days.", show_default="retention_days"),
    ] = None,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Delete results, events and messages of runs that finished long ago."""
    from bot.cli.inspect.maintain import sweep as clear

    raise Ended(clear(settings_of(config, data, workspace), now=now, days=days))


def _every(watch: bool) -> float | None:  # noqa: FBT001 - the option as it is
    return WATCH_S if watch else None
