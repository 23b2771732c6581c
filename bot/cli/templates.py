"""`orchestra template`: list, show, use, export, import and check templates."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Data, Workspace
from bot.language.catalogue import ENGLISH

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from planner.template import Library, Template

templates = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="List, use and share plan templates.",
)

Name = Annotated[str, typer.Argument(help="The template's name.", show_default=False)]


@templates.callback()
def _group() -> None:
    """List, use and share plan templates."""


@templates.command("list")
def list_(workspace: Workspace = None) -> None:
    """List the templates that ship with Orchestra and the project's own."""
    from bot.render.templates import library_message

    _print(library_message(ENGLISH, _library(workspace)))
    raise Ended(0)


@templates.command()
def show(name: Name, workspace: Workspace = None) -> None:
    """Show a template's tasks and parameters."""
    from bot.render.templates import template_message

    _print(template_message(ENGLISH, _found(name, workspace)))
    raise Ended(0)


@templates.command()
def use(
    name: Name,
    words: Annotated[
        list[str] | None, typer.Argument(help="Anything else to say.", show_default=False)
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help="Set a parameter: --set words=700.", show_default=False),
    ] = None,
    workspace: Workspace = None,
    data: Data = None,
) -> None:
    """Plan from a template, as in chat. Nothing runs until you approve the plan."""
    from bot.cli.chat import say_once
    from bot.config.settings import load

    template = _found(name, workspace)
    settings = load(data=data, workspace=workspace, per_workspace=True)
    settings_text = ", ".join(_pair(template, value) for value in values or ())
    text = f"use the {template.name} template {' '.join(words or ())}".strip()
    raise Ended(say_once(settings, f"{text}{', ' if settings_text else ''}{settings_text}"))


@templates.command()
def export(
    name: Name,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write.", show_default="stdout")
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Print a template as YAML, or write it to a file."""
    from bot.cli.desk import write_file
    from planner.templates.writing import written_template

    text = written_template(_found(name, workspace))
    if out is None:
        print(text, end="")
    else:
        write_file(out, text.encode())
        print(ENGLISH("Wrote {file}.").format(file=out))
    raise Ended(0)


@templates.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The YAML file.", show_default=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite a template of the same name.")
    ] = False,
    workspace: Workspace = None,
) -> None:
    """Check a template and add it to the project."""
    template, text = _checked(file)
    asyncio.run(_import(_settings(workspace), text, replace=replace))
    print(
        ENGLISH("Imported {title}. To use it, say `use the {name} template`.").format(
            title=template.title, name=template.name
        )
    )
    raise Ended(0)


@templates.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="YAML files.", show_default="every template")
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Check that templates can be read and turned into plans."""
    from bot.queries.templates import problems_anywhere

    for file in files or ():
        template, _text = _checked(file)
        print(ENGLISH("{file}: {title} is fine.").format(file=file, title=template.title))
    if files:
        raise Ended(0)
    known = _library(workspace)
    bad = list(known.problems)
    for template in known.templates:
        bad += [f"{template.name}: {problem}" for problem in problems_anywhere(template)]
    fine = ENGLISH("{count} templates are fine.").format(count=len(known.templates))
    print("\n".join(bad) or fine)
    raise Ended(1 if bad else 0)


async def _import(settings: "Settings", text: str, *, replace: bool) -> None:
    from bot.actions.act import perform
    from bot.actions.templates import SaveTemplate, save
    from bot.cli.desk import actor, at_desk, project_of
    from memory.model.errors import Conflict

    async with at_desk(settings, make=True) as desk:
        project = await project_of(desk, "")
        given = SaveTemplate(text=text, replace=replace)
        try:
            await perform(desk, actor(), project, save, given)
        except Conflict as error:
            raise Conflict(
                "{reason} To overwrite it, use --replace.", reason=error.user_text
            ) from error


def _checked(file: Path) -> "tuple[Template, str]":
    """The template in the file and its text. Raises BadInput."""
    from bot.queries.templates import problems_anywhere
    from memory.model.errors import BadInput
    from planner.templates.reading import FILE_CHARS, read_template

    if not file.is_file():
        raise BadInput("There's no file {file}.", file=file)
    with file.open("rb") as opened:
        text = opened.read(4 * FILE_CHARS + 1).decode("utf-8", "replace")
    template = read_template(text, file=file.name, own=True)
    problems = problems_anywhere(template)
    if problems:
        raise BadInput(
            "The template {name} can't become a plan: {problem}",
            name=file.name,
            problem=problems[0],
        )
    return template, text


def _settings(workspace: Path | None) -> "Settings":
    from bot.config.settings import load

    return load(workspace=workspace, per_workspace=True)


def _library(workspace: Path | None) -> "Library":
    from planner.templates.library import library

    return library(_settings(workspace).workspace)


def _found(name: str, workspace: Path | None) -> "Template":
    from memory.model.errors import NotFound
    from planner.templates.matching import no_such

    found = _library(workspace)
    template = found.find(name)
    if template is None:
        raise NotFound("{reason}", reason=no_such(name, found))
    return template


def _pair(template: "Template", text: str) -> str:
    from memory.model.errors import BadInput
    from planner.names import listed

    name, equals, value = text.partition("=")
    if not equals or name.strip() not in template.properties:
        known = listed(template.properties, word="and")
        raise BadInput(
            "--set takes NAME=VALUE. The parameters of {name} are {known}.",
            name=template.name,
            known=known,
        )
    return f"{name.strip()} = {value.strip()}"


def _print(message: object) -> None:
    from bot.chat import Outgoing
    from bot.platforms.console.markup import message_lines

    assert isinstance(message, Outgoing)
    print("\n".join(message_lines(message, styled=False, columns=100)))
