"""`orchestra template`: list, show, use, export, import and check templates."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Workspace
from bot.language.catalogue import ENGLISH

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from memory.model.agents.spec import Catalogue
    from planner.template import Library, Template

templates = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Plans with blanks: list, show, use, export, import, check.",
)

Name = Annotated[str, typer.Argument(help="The template's name.", show_default=False)]


@templates.callback()
def _group() -> None:
    """Plans with blanks: list, show, use, export, import, check."""


@templates.command("list")
def list_(workspace: Workspace = None) -> None:
    """Say what templates there are, those that ship and the project's own."""
    from bot.render.templates import library_message

    _print(library_message(ENGLISH, _library(workspace)))
    raise Ended(0)


@templates.command()
def show(name: Name, workspace: Workspace = None) -> None:
    """Say what a template does, step by step, and what it takes."""
    from bot.render.templates import template_message

    _print(template_message(ENGLISH, _found(name, workspace)))
    raise Ended(0)


@templates.command()
def use(
    name: Name,
    words: Annotated[
        list[str] | None, typer.Argument(help="What else you would say.", show_default=False)
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter, for example --set words=700.", show_default=False),
    ] = None,
    workspace: Workspace = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of the state.", show_default=False)
    ] = None,
) -> None:
    """Ask for it as in the chat; the plan is shown, and nothing is done before it is approved."""
    from bot.cli.chat import say_once
    from bot.config.settings import load

    template = _found(name, workspace)
    settings = load(data=data, workspace=workspace, per_workspace=True)
    said = ", ".join(_pair(template, one) for one in values or ())
    text = f"use the {template.name} template {' '.join(words or ())}".strip()
    raise Ended(say_once(settings, f"{text}{', ' if said else ''}{said}"))


@templates.command()
def export(
    name: Name,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write.", show_default="printed")
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Print a template as YAML, or write it into a file."""
    from executor.egress.files import ProjectFiles
    from planner.templates.writing import written_template

    text = written_template(_found(name, workspace))
    if out is None:
        print(text, end="")
    else:
        ProjectFiles(out.absolute().parent).write(out.name, text.encode())
        print(f"Wrote {out}.")
    raise Ended(0)


@templates.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The YAML file.", show_default=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of the one that is there.")
    ] = False,
    workspace: Workspace = None,
) -> None:
    """Check a template and put it into the project's templates folder."""
    from executor.egress.files import ProjectFiles
    from memory.model.errors import Conflict
    from planner.templates.library import FOLDER

    template, text = _checked(file)
    files = ProjectFiles(_settings(workspace).workspace)
    path = f"{FOLDER}/{template.name}.yaml"
    there = _library(workspace).find(template.name)
    taken = there is not None and there.source == "project"
    if (taken or files.resolve(path).exists()) and not replace:
        raise Conflict(
            "The project has a template {name} already; --replace takes its place.",
            name=template.name,
        )
    files.write(path, text.encode())
    print(f"Imported {template.title}: say `use the {template.name} template`.")
    raise Ended(0)


@templates.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="YAML files.", show_default="every template")
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Check that templates can be read and become plans."""
    for file in files or ():
        template, _ = _checked(file)
        print(f"{file}: {template.title} is fine.")
    if files:
        raise Ended(0)
    found = _library(workspace)
    catalogue, bad = _catalogue(), list(found.problems)
    for one in found.templates:
        bad += [f"{one.name}: {text}" for text in _problems(one, catalogue)]
    print("\n".join(bad) if bad else f"{len(found.templates)} templates are fine.")
    raise Ended(1 if bad else 0)


def _checked(file: Path) -> "tuple[Template, str]":
    """The template in the file and its text. Raises BadInput."""
    from memory.model.errors import BadInput
    from planner.templates.reading import FILE_CHARS, read_template

    if not file.is_file():
        raise BadInput("There is no file {file}.", file=file)
    with file.open("rb") as opened:
        text = opened.read(4 * FILE_CHARS + 1).decode("utf-8", "replace")
    template = read_template(text, file=file.name, own=True)
    problems = _problems(template, _catalogue())
    if problems:
        raise BadInput(
            "The template {name} is no plan: {problems}", name=file.name, problems=problems[0]
        )
    return template, text


def _problems(template: "Template", catalogue: "Catalogue") -> tuple[str, ...]:
    from planner.templates.check import problems_of

    return problems_of(template, catalogue)


def _catalogue() -> "Catalogue":
    """The built-in tools, a person, and a model that stands for whichever is connected."""
    from executor.agents.person import PERSON
    from executor.agents.registry import load
    from memory.model.agents.endpoint import ModelEndpoint
    from memory.model.agents.spec import Catalogue
    from memory.model.base import AgentName

    stand_in = ModelEndpoint(
        name=AgentName("model"),
        title="a model",
        provider="local",
        base_url="http://127.0.0.1/",
        model="any",
        price_model="local",
    )
    return Catalogue(agents=(*(one.spec for one in load((stand_in,))), PERSON))


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
        raise NotFound(no_such(name, found))
    return template


def _pair(template: "Template", text: str) -> str:
    from memory.model.errors import BadInput
    from planner.names import listed

    name, equals, value = text.partition("=")
    if not equals or name.strip() not in template.properties:
        known = listed(template.properties, word="and")
        raise BadInput(
            "--set takes NAME=VALUE; {name} has {known}.", name=template.name, known=known
        )
    return f"{name.strip()} = {value.strip()}"


def _print(message: object) -> None:
    from bot.chat import Outgoing
    from bot.platforms.console.markup import message_lines

    assert isinstance(message, Outgoing)
    print("\n".join(message_lines(message, styled=False, columns=100)))
