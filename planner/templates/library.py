"""Where templates lie: those that ship with the program, and the project's own."""

from contextlib import suppress
from functools import cache
from pathlib import Path

from planner.template import Library, Template
from planner.templates.reading import FILE_CHARS, FILES, collect, read_template

FOLDER = "templates"
"""The folder of a project in which its own templates are."""


def library(root: Path | None) -> Library:
    """The templates a project in this folder can use. Blocking; never raises for what a file holds."""
    return collect(shipped(), own_files(root) if root is not None else ())


@cache
def shipped() -> tuple[Template, ...]:
    """The templates that ship. They never change while the program runs."""
    return tuple(
        read_template(path.read_text("utf-8"), file=path.name)
        for path in sorted(shipped_folder().glob("*.yaml"))
    )


def shipped_folder() -> Path:
    """Inside the package where it is installed, else where the sources have it."""
    here = Path(__file__).parent / "library"
    return here if here.is_dir() else Path(__file__).parents[2] / "deploy" / "templates"


def own_files(root: Path) -> tuple[tuple[str, str], ...]:
    """Path and text of each template file of the project; links that lead out are left alone."""
    sources: list[tuple[str, str]] = []
    with suppress(OSError):
        base = root.resolve()
        for path in sorted((base / FOLDER).glob("*.y*ml"))[: FILES + 1]:
            if path.is_file() and path.resolve().is_relative_to(base):
                with path.open("rb") as file:
                    data = file.read(4 * FILE_CHARS)
                sources.append((f"{FOLDER}/{path.name}", data.decode("utf-8", "replace")))
    return tuple(sources)
