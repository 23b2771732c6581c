"""Who may handle a project as a whole, and what can't be handled."""

from bot.actions.act import Act
from bot.actions.projects.naming import project_name
from memory.model.authority import About, Right
from memory.model.base import ProjectId, name_key
from memory.model.errors import Conflict, NotAllowed
from memory.model.identity import Role
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.knowledge.projects import StoredProject


async def managed(act: Act) -> StoredProject:
    """The act's project, for its owner or an admin. Raises NotAllowed with names, Conflict."""
    stored = await projects.load(act.tx, act.project)
    try:
        act.must(Right.MANAGE_PROJECT, About(admin=act.admin))
    except NotAllowed as denied:
        owners = await _owners(act.tx, act.project)
        if not owners:
            raise
        raise NotAllowed(
            "Only an owner of project {project} ({owners}) or an admin of this installation can do "
            "that.",
            project=stored.name,
            owners=", ".join(owners),
        ) from denied
    if stored.sandbox:
        raise Conflict(
            "This is the sandbox of somebody's direct messages; it stays as it is. Say `create "
            "project NAME` to have one that others can join."
        )
    return stored


async def free_name(act: Act, said: str) -> str:
    """The name, where no project has it or will have it. Raises BadInput, Conflict."""
    name = project_name(said)
    taken = await projects.named(act.tx, name)
    if taken is not None:
        stored = await projects.load(act.tx, taken)
        if stored.archived_at is not None:
            raise Conflict(
                "There's already a project {name}, and it's archived. Restore it, or use another "
                "name.",
                name=stored.name,
            )
        raise Conflict(
            "There's already a project {name}; names that differ in case only are the same. Use "
            "another one.",
            name=stored.name,
        )
    if any(name_key(fixed.name) == name_key(name) for fixed in act.desk.settings.projects):
        raise Conflict(
            "orchestra.toml has settings for a project {name}, so its channels make it. Use "
            "another name.",
            name=name,
        )
    return name


async def _owners(connection: Connection, project: ProjectId) -> list[str]:
    known = await projects.members_of(connection, project)
    return [display or key.rpartition(":")[2] for key, display, role in known if role is Role.OWNER]
