"""Options that several commands have."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.config.settings import Settings

Config = Annotated[
    Path | None, typer.Option("--config", help="Path of orchestra.toml.", show_default=False)
]
Data = Annotated[
    Path | None, typer.Option("--data", help="Folder for Orchestra's data.", show_default=False)
]
Workspace = Annotated[
    Path | None,
    typer.Option("--workspace", help="Folder of the project's files.", show_default="here"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OnlyProject = Annotated[
    str, typer.Option("--project", help="Only this project.", show_default="every project")
]


def settings_of(config: Path | None, data: Path | None, workspace: Path | None) -> "Settings":
    """A server's folder where one was set up, else that of the chat in this workspace."""
    from bot.config.settings import load

    settings = load(config=config, data=data, workspace=workspace)
    served = (
        settings.slack
        or settings.discord
        or settings.web_serves
        or settings.database_url.get_secret_value()
    )
    if served or (settings.data / "orchestra.db").is_file():
        return settings
    return load(config=config, data=data, workspace=workspace, per_workspace=True)
