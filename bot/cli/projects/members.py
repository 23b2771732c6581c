"""`orchestra project members`: who is in a project, and as what; the same actions as in the chat."""

import asyncio
from typing import Annotated

import typer

from bot.cli.desk import actor, at_desk, looking, you
from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Json, Workspace, settings_of
from bot.config.settings import Settings
from memory.model.errors import BadInput
from memory.model.identity import Identity, Role

members = typer.Typer(help="List, add and remove a project's members.", no_args_is_help=True)

Project = Annotated[
    str, typer.Argument(help="Its name, or its id from `project list --json`.", show_default=False)
]
Person = Annotated[
    str,
    typer.Argument(help="A name from the list, or a whole id: slack:T01:U01.", show_default=False),
]


@members.command("list")
def list_(
    project: Project,
    as_json: Json = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """List everyone in the project and what they may do."""
    asyncio.run(_list(settings_of(config, data, workspace), project, as_json=as_json))
    raise Ended(0)


@members.command()
def add(
    project: Project,
    person: Person,
    role: Annotated[
        str, typer.Option("--role", help="owner, approver, member or viewer.")
    ] = "member",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Give somebody a role in the project, or another one."""
    if role not in set(Role):
        raise BadInput("--role has to be owner, approver, member or viewer.")
    asyncio.run(_set(settings_of(config, data, workspace), project, person, Role(role)))
    raise Ended(0)


@members.command()
def remove(
    project: Project,
    person: Person,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let somebody only look from now on."""
    asyncio.run(_set(settings_of(config, data, workspace), project, person, Role.VIEWER))
    raise Ended(0)


async def _list(settings: Settings, named: str, *, as_json: bool) -> None:
    from bot.queries.projects import project_meant
    from bot.queries.roles import members as known_in
    from bot.render.settings import roles_message

    async with at_desk(settings) as desk:
        async with looking(desk) as asking:
            project = await project_meant(asking, named)
        async with looking(desk, project) as asking:
            known = await known_in(asking)
    if as_json:
        print(known.model_dump_json(indent=2))
    else:
        print(roles_message(desk.locale, known, you=you().key).replace("**", ""))


async def _set(settings: Settings, named: str, said: str, role: Role) -> None:
    from bot.actions.act import perform
    from bot.actions.roles import SetRole, set_role
    from bot.queries.projects import project_meant
    from bot.queries.roles import member_called
    from bot.render.settings import role_given

    async with at_desk(settings) as desk:
        async with looking(desk) as asking:
            project = await project_meant(asking, named)
        async with looking(desk, project) as asking:
            known = await member_called(asking, said)
        person = Identity.of(known.key if known else said)
        if known:
            person = person.model_copy(update={"display": known.display})
        done = await perform(desk, actor(), project, set_role, SetRole(person=person, role=role))
        print(role_given(desk.locale, done.person, done.role))
