"""The verbs of `orchestra web`."""

from typing import Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Json, Workspace, settings_of

web = typer.Typer(help="Serve the pages and the API in a browser.", invoke_without_command=True)
token = typer.Typer(help="Tokens by which programs come in.", no_args_is_help=True)
web.add_typer(token, name="token")

Person = Annotated[
    str,
    typer.Option("--as", help="Who comes in: a name, or a whole id.", show_default="you"),
]


@web.callback()
def serve(
    context: typer.Context,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65_535, help="Port to listen on.", show_default="8765"),
    ] = None,
    no_work: Annotated[
        bool, typer.Option("--no-work", help="Leave all tasks to workers (Postgres).")
    ] = False,
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Serve the pages and the API, with all that `orchestra serve` starts."""
    if context.invoked_subcommand is not None:
        return
    from bot.cli.serve import serve as work
    from bot.cli.web.links import on_the_web

    settings = on_the_web(settings_of(config, data, workspace), port)
    raise Ended(work(settings, works=not no_work, link=True))


@web.command()
def login(
    person: Person = "", workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Show a link that lets one browser in, once, within a minute."""
    from bot.cli.web.links import show_link

    raise Ended(show_link(settings_of(config, data, workspace), person))


@token.command()
def create(
    name: Annotated[str, typer.Argument(help="What it's for.", show_default=False)],
    scopes: Annotated[
        str,
        typer.Option("--scopes", help="Of read, work and approve, with commas."),
    ] = "read,work",
    project: Annotated[
        str, typer.Option("--project", help="Only this project.", show_default="all of theirs")
    ] = "",
    days: Annotated[
        int, typer.Option("--days", min=0, max=3650, help="How long it's good; 0: for ever.")
    ] = 0,
    person: Person = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Make a token and show it, this once."""
    from bot.cli.web.tokens import make

    settings = settings_of(config, data, workspace)
    code = make(settings, name=name, scopes=scopes, project=project, days=days, person=person)
    raise Ended(code)


@token.command("list")
def list_(
    as_json: Json = False, workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """List the tokens, without what's secret."""
    from bot.cli.web.tokens import show

    raise Ended(show(settings_of(config, data, workspace), as_json=as_json))


@token.command()
def revoke(
    token_id: Annotated[
        str, typer.Argument(metavar="ID", help="As `token list` shows it.", show_default=False)
    ],
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Have a token be good for nothing from now on."""
    from bot.cli.web.tokens import revoke as end

    raise Ended(end(settings_of(config, data, workspace), token_id))
