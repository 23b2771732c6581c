"""`orchestra policy`: who has to approve what in a project, and who approves for you."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Workspace

if TYPE_CHECKING:
    from bot.config.settings import Settings

Project = Annotated[
    str, typer.Option("--project", help="The project's name.", show_default="the workspace's")
]
Words = Annotated[list[str], typer.Argument(show_default=False)]

policy = typer.Typer(
    no_args_is_help=True,
    help="Show, explain or change who has to approve what.",
    epilog="For example: orchestra policy set publishing to blog/ needs 2 approvers",
)


@policy.command()
def show(
    project: Project = "", workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Show every rule, with who set it."""
    _do(config, data, workspace, project, "show", ())


@policy.command()
def explain(
    what: Words,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Say who has to approve something, and why: explain publishing to blog/post.md."""
    _do(config, data, workspace, project, "explain", what)


@policy.command("set")
def set_(
    rule: Words,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Set a rule: set publishing to blog/ needs 2 approvers."""
    _do(config, data, workspace, project, "set", rule)


@policy.command()
def remove(
    number: Annotated[int, typer.Argument(help="From `orchestra policy show`.")],
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Take a rule away."""
    _do(config, data, workspace, project, "remove", (str(number),))


@policy.command()
def delegate(
    who: Annotated[str, typer.Argument(help="Somebody of the project.", show_default=False)],
    until: Annotated[str, typer.Option("--until", help="For example Friday, or 2026-12-24 18:00.")],
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let somebody approve for you while you're away."""
    _do(config, data, workspace, project, "delegate", (who, until))


@policy.command("end-delegation")
def end_delegation(
    who: Annotated[str, typer.Argument(help="Somebody of the project.")] = "",
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let nobody, or not this person, approve for you any more."""
    _do(config, data, workspace, project, "end", (who,))


def _do(
    config: Config,
    data: Data,
    workspace: Workspace,
    project: str,
    what: str,
    words: "tuple[str, ...] | list[str]",
) -> None:
    from bot.config.settings import load

    settings = load(config=config, data=data, workspace=workspace, per_workspace=not project)
    asyncio.run(_done(settings, project, what, tuple(words)))
    raise Ended(0)


async def _done(settings: "Settings", named: str, what: str, words: tuple[str, ...]) -> None:
    from bot.cli.desk import at_desk, project_of
    from bot.cli.steering.policy_verbs import VERBS
    from bot.platforms.console.markup import message_lines

    async with at_desk(settings, make=True) as desk:
        project = await project_of(desk, named)
        said = await VERBS[what](desk, project, words)
    print("\n".join(message_lines(said, styled=False, columns=100)))
