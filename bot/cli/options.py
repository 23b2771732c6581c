"""Options that several verbs have."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[Path | None, typer.Option("--config", help="Settings file.", show_default=False)]
Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the state.", show_default=False)
]
Workspace = Annotated[
    Path | None,
    typer.Option("--workspace", help="Folder of the project's files.", show_default="here"),
]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]
OnlyProject = Annotated[
    str, typer.Option("--project", help="Only this project.", show_default="every one")
]
