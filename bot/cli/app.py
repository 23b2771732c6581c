"""The commands of `orchestra`; what they do lives in one file each."""

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from bot.cli.budget import budget
from bot.cli.evaluation.verbs import evaluation
from bot.cli.exit_status import Ended, ended
from bot.cli.inspect.verbs import add_looks
from bot.cli.options import Config, Data, Workspace
from bot.cli.places import place
from bot.cli.projects.verbs import project
from bot.cli.schedules import schedule
from bot.cli.steering.policy import policy
from bot.cli.steering.verbs import add_steering
from bot.cli.templates import templates
from bot.cli.tools import tools
from bot.cli.web.verbs import web


class InOrder(TyperGroup):
    """Verbs as they are written below, not by the alphabet."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer types it loosely
        """The verbs in order of use."""
        del ctx
        return list(self.commands)


app = typer.Typer(
    cls=InOrder,
    add_completion=False,
    rich_markup_mode=None,  # rich's help costs 100 ms
    pretty_exceptions_enable=False,
    help="Plan work in chat, approve it with a reaction, and run it with AI agents and tools.",
    epilog="To get started: orchestra chat",
)


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        from bot.cli.version import version_line

        print(version_line())
    elif context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def chat(
    workspace: Workspace = None,
    data: Data = None,
    script: Annotated[
        Path | None,
        typer.Option("--script", help="Read messages from this file.", show_default=False),
    ] = None,
    name: Annotated[
        str, typer.Option("--as", help="Your name in the chat.", show_default="login name")
    ] = "",
    config: Config = None,
) -> None:
    """Chat with Orchestra in this terminal, or from a script."""
    from bot.cli.chat import chat as talk
    from bot.config.settings import load

    settings = load(config=config, data=data, workspace=workspace, per_workspace=True)
    raise Ended(talk(settings, script=script, name=name))


@app.command()
def serve(
    workspace: Workspace = None,
    data: Data = None,
    no_work: Annotated[
        bool, typer.Option("--no-work", help="Leave all tasks to workers (Postgres).")
    ] = False,
    config: Config = None,
) -> None:
    """Connect to Slack and Discord, wherever you set their tokens."""
    from bot.cli.serve import serve as work
    from bot.config.settings import load

    settings = load(config=config, data=data, workspace=workspace)
    raise Ended(work(settings, works=not no_work))


@app.command()
def worker(
    drain_s: Annotated[
        float,
        typer.Option("--drain", min=0, help="Seconds to let tasks finish when stopping."),
    ] = 30,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Run tasks only, next to `serve` and other workers (Postgres)."""
    from bot.cli.worker import worker as work
    from bot.config.settings import load

    raise Ended(work(load(config=config, data=data, workspace=workspace), drain_s=drain_s))


@app.command()
def doctor(workspace: Workspace = None, data: Data = None, config: Config = None) -> None:
    """Check tokens, models, database and disk, and say what to fix."""
    from bot.cli.doctor import checkup

    raise Ended(checkup(config=config, data=data, workspace=workspace))


add_looks(app)
add_steering(app)


app.add_typer(web, name="web")
app.add_typer(budget, name="budget")
app.add_typer(policy, name="policy")
app.add_typer(templates, name="template")
app.add_typer(place, name="place")
app.add_typer(project, name="project")
app.add_typer(tools, name="tools")
app.add_typer(schedule, name="schedule")
app.add_typer(evaluation, name="eval")


@app.command()
def version() -> None:
    """Show the version."""
    from bot.cli.version import version_line

    print(version_line())


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say and give back the exit code."""
    logging.raiseExceptions = False  # a log that can't be written must not write to the terminal
    command: Callable[..., object] = typer.main.get_command(app)
    try:
        command(list(arguments), prog_name="orchestra", standalone_mode=False)
    except Exception as error:  # noqa: BLE001 - the outermost edge: a sentence, not a traceback
        return ended(error)
    except KeyboardInterrupt:
        print("Stopped. Running work continues when you start again.", file=sys.stderr)
        return 130
    return 0
