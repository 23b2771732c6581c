"""Where templates lie: those that ship with the program, and the project's own."""

import fnmatch
import os
import stat
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path

from planner.template import Library, Template
from planner.templates.reading import FILE_CHARS, FILES, collect, read_template

FOLDER = "templates"
"""The folder of a project in which its own templates are."""

_PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


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
    """Path and text of each template file of the project; links are left alone.

    By the folder's handle, so that nobody can exchange it for a link to elsewhere meanwhile.
    """
    sources: list[tuple[str, str]] = []
    with suppress(OSError), ExitStack() as held:
        folder = os.open(root / FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        held.callback(os.close, folder)
        names = sorted(fnmatch.filter(os.listdir(folder), "[!.]*.y*ml"))  # noqa: PTH208 - by handle
        for name in names[: FILES + 1]:
            with suppress(OSError), os.fdopen(os.open(name, _PLAIN, dir_fd=folder), "rb") as file:
                if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    data = file.read(4 * FILE_CHARS)
                    sources.append((f"{FOLDER}/{name}", data.decode("utf-8", "replace")))
    return tuple(sources)
