"""The commands of `orchestra project`: what may be said, and what does it."""

from typing import Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Json, Workspace, settings_of
from bot.cli.projects.members import members

Named = Annotated[
    str, typer.Argument(help="Its name, or its id from `project list --json`.", show_default=False)
]
Name = Annotated[str, typer.Argument(help="What to call it.", show_default=False)]
Channel = Annotated[
    str, typer.Argument(help="Its whole id, such as slack:T01:C01.", show_default=False)
]

project = typer.Typer(
    help="List, create, switch, rename and archive projects.", no_args_is_help=True
)


project.add_typer(members, name="members")


@project.command("list")
def list_(
    as_json: Json = False, workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """List your projects, archived ones too."""
    from bot.cli.projects.commands import list_projects

    raise Ended(list_projects(settings_of(config, data, workspace), as_json=as_json))


@project.command()
def show(
    name: Named, workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Show a project's folder, channels and people."""
    from bot.cli.projects.commands import show_project

    raise Ended(show_project(settings_of(config, data, workspace), name))


@project.command()
def create(
    name: Name, workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Create a project that you own."""
    from bot.cli.projects.commands import create_project

    raise Ended(create_project(settings_of(config, data, workspace), name))


@project.command()
def rename(
    name: Named, to: Name, workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Call a project something else."""
    from bot.cli.projects.commands import rename_project

    raise Ended(rename_project(settings_of(config, data, workspace), name, to))


@project.command()
def clone(
    name: Named, to: Name, workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Make a project with another one's budgets, policies, templates and rules about agents."""
    from bot.cli.projects.commands import clone_project

    raise Ended(clone_project(settings_of(config, data, workspace), name, to))


@project.command()
def archive(
    name: Named,
    cancel: Annotated[
        bool, typer.Option("--cancel-runs", help="End what is at work there.")
    ] = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let a project only be looked at: nothing new starts, schedules stop."""
    from bot.cli.projects.commands import archive_project

    raise Ended(archive_project(settings_of(config, data, workspace), name, cancel=cancel))


@project.command()
def restore(
    name: Named, workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Let work begin in an archived project again."""
    from bot.cli.projects.commands import restore_project

    raise Ended(restore_project(settings_of(config, data, workspace), name))


@project.command()
def switch(
    name: Annotated[
        str, typer.Argument(help="Its name; without one, the workspace's own.", show_default=False)
    ] = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Work in another project in this terminal."""
    from bot.cli.projects.commands import bind_channel

    raise Ended(bind_channel(settings_of(config, data, workspace), name, ""))


@project.command()
def bind(
    name: Named,
    channel: Channel,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let a channel be about a project."""
    from bot.cli.projects.commands import bind_channel

    raise Ended(bind_channel(settings_of(config, data, workspace), name, channel))


@project.command()
def unbind(
    channel: Channel, workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Give a channel its own project back."""
    from bot.cli.projects.commands import bind_channel

    raise Ended(bind_channel(settings_of(config, data, workspace), "", channel))
