"""The projects there are."""

from bot.services import Desk
from memory.model.base import ProjectId, name_key
from memory.model.errors import NotFound
from memory.store.knowledge import projects
from memory.store.running import overview


async def project_named(desk: Desk, name: str) -> ProjectId:
    """The project with this id or name, whatever its case. Raises NotFound, naming the others."""
    async with desk.database.reading() as connection:
        project = await overview.project_named(connection, name_key(name))
        known = await projects.names(connection)
    if project is not None:
        return project
    if not known:
        raise NotFound("There's no project {name} here; there are no projects yet.", name=name)
    raise NotFound(
        "There's no project {name} here. You have: {known}.", name=name, known=", ".join(known)
    )
