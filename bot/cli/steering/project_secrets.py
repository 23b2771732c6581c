"""`orchestra secret …`: keep, list and forget a project's secrets, where nobody reads along."""

import asyncio
import sys
from typing import Annotated

import typer

from bot.cli.desk import actor, at_desk, looking, project_of
from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Workspace, settings_of
from bot.config.settings import Settings

secret = typer.Typer(help="Keep, list and forget a project's secrets.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Such as stripe.", show_default=False)]
Project = Annotated[
    str, typer.Option("--project", help="The project's name.", show_default="the workspace's")
]


@secret.command()
def keep(
    name: Name,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Keep a secret: asked for at the terminal, or read from standard input."""
    given = _typed(name)
    asyncio.run(_keep(settings_of(config, data, workspace), project, name, given))
    raise Ended(0)


@secret.command("list")
def list_(
    project: Project = "", workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """List the names of the secrets, never their values."""
    asyncio.run(_list(settings_of(config, data, workspace), project))
    raise Ended(0)


@secret.command()
def forget(
    name: Name,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Delete a secret."""
    asyncio.run(_forget(settings_of(config, data, workspace), project, name))
    raise Ended(0)


def _typed(name: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(f"secret:{name}", hide_input=True))
    return sys.stdin.read()


async def _keep(settings: Settings, named: str, name: str, value: str) -> None:
    from pydantic import SecretStr

    from bot.actions.act import perform
    from bot.actions.keys.project_secrets import KeepSecrets, NewSecret, keep
    from memory.model.agents.handles import handle

    async with at_desk(settings, make=True) as desk:
        project = await project_of(desk, named)
        given = KeepSecrets(secrets=(NewSecret(name=name, value=SecretStr(value)),))
        kept = await perform(desk, actor(), project, keep, given)
        print(desk.locale("I stored it as {name}.").format(name=handle(kept.names[0])))


async def _list(settings: Settings, named: str) -> None:
    from bot.platforms.console.markup import message_lines
    from bot.queries.project_secrets import kept
    from bot.queries.roles import members
    from bot.render.project_secrets import secrets_list

    async with at_desk(settings, make=True) as desk:
        project = await project_of(desk, named)
        async with looking(desk, project) as asking:
            known, people = await kept(asking), (await members(asking)).people
    called = {person.key: person.display for person in people}
    message = secrets_list(desk.locale, known, called)
    print("\n".join(message_lines(message, styled=False, columns=100)))


async def _forget(settings: Settings, named: str, name: str) -> None:
    from bot.actions.act import perform
    from bot.actions.keys.project_secrets import ForgetSecret, forget
    from bot.render.project_secrets import secret_forgotten

    async with at_desk(settings) as desk:
        project = await project_of(desk, named)
        gone = await perform(desk, actor(), project, forget, ForgetSecret(name=name))
        print(secret_forgotten(desk.locale, gone.name))
