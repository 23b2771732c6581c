"""Which project a visitor means who names none."""

from bot import places
from bot.config.projects import LOCAL
from bot.services import Desk
from memory.model.authority import CONSOLE
from memory.model.base import ProjectId
from memory.model.identity import ThreadRef
from memory.store.engine.database import Connection

HERE = ThreadRef(platform=CONSOLE, workspace=LOCAL, channel="chat")
"""Where `orchestra chat` talks: its project is the one of the workspace."""


async def workspace_project(connection: Connection, desk: Desk) -> ProjectId | None:
    """The project of the folder that this program works in, if it was ever talked about."""
    return await places.known(connection, desk.settings, HERE)
