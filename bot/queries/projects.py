"""The projects there are, as far as whoever asks may know of them."""

from datetime import datetime

from bot.config.projects import is_admin
from bot.config.settings import Settings
from bot.queries.asking import Asking
from bot.services import Desk
from memory.model.base import Model, ProjectId, name_key
from memory.model.errors import NotFound
from memory.model.identity import Identity, Role
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.knowledge.projects import StoredProject
from memory.store.running import overview


class ProjectLine(Model):
    """A project in a list. `role` is that of whoever asks, None for an admin who isn't in it.

    `sandbox`: it's that of their own direct messages; `here`: this place is about it.
    """

    id: ProjectId
    name: str
    role: Role | None
    archived_at: datetime | None
    sandbox: bool
    here: bool


class ProjectDetails(Model):
    """One project: where its files are, which channels are about it, and who is in it."""

    line: ProjectLine
    folder: str
    created_at: datetime
    channels: tuple[str, ...]
    people: tuple[tuple[str, Role], ...]


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


async def visible(asking: Asking) -> tuple[ProjectLine, ...]:
    """The projects that the person is in, archived ones too; an admin sees all that are shared.

    By whichever of their accounts they are in them.
    """
    settings = asking.desk.settings
    admin = is_admin(settings, asking.person)
    return tuple(
        _line(asking, stored, role)
        for stored, role in await _every(asking.connection, settings, asking.person)
        if role is not None or (admin and not stored.sandbox)
    )


async def projects_in_use(
    connection: Connection, settings: Settings, person: Identity
) -> dict[ProjectId, tuple[str, Role]]:
    """Names of the projects that the person is in and that aren't archived, and their role there."""
    return {
        stored.id: (stored.name, role)
        for stored, role in await _every(connection, settings, person)
        if role is not None and stored.archived_at is None
    }


async def _every(
    connection: Connection, settings: Settings, person: Identity
) -> list[tuple[StoredProject, Role | None]]:
    """Every project, and what the person is in it."""
    mine = await projects.projects_of(connection, person)
    return [
        (stored, _fixed(settings, stored.name, person.key) or mine.get(stored.id))
        for stored in await projects.listed(connection)
    ]


async def project_meant(asking: Asking, name: str) -> ProjectId:
    """The project they call so, of those they may know of; "" is this one. Raises NotFound."""
    if not name.strip():
        return asking.project
    known, key = await visible(asking), name_key(name)
    found = next((line for line in known if key in {name_key(line.name), line.id}), None)
    if found is not None:
        return found.id
    raise NotFound(
        "There's no project {name} that you're in. Say `projects` to see yours; its owner can make "
        "you a member.",
        name=name,
    )


async def details(asking: Asking, project: ProjectId) -> ProjectDetails:
    """The project's folder, channels and people. It has to be one that `project_meant` gave."""
    stored = await projects.load(asking.connection, project)
    line = next((line for line in await visible(asking) if line.id == project), None)
    channels = await projects.channels_of(asking.connection, project)
    known = await projects.members_of(asking.connection, project)
    return ProjectDetails(
        line=line or _line(asking, stored, None),
        folder=stored.root.name,
        created_at=stored.created_at,
        channels=tuple(channel.key.rstrip(":") for channel in channels),
        people=tuple((display or key.rpartition(":")[2], role) for key, display, role in known),
    )


def _fixed(settings: Settings, name: str, person: str) -> Role | None:
    fixed = settings.project(name)
    if fixed is None:
        return None
    if person in fixed.owners:
        return Role.OWNER
    return Role.APPROVER if person in fixed.approvers else None


def _line(asking: Asking, stored: StoredProject, role: Role | None) -> ProjectLine:
    return ProjectLine(
        id=stored.id,
        name=stored.name,
        role=role,
        archived_at=stored.archived_at,
        sandbox=stored.sandbox,
        here=stored.id == asking.project,
    )
