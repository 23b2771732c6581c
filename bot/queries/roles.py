"""The people of a project."""

from bot.queries.asking import Asking
from memory.model.base import Model
from memory.model.identity import Role
from memory.store.knowledge import projects


class Member(Model):
    """Somebody known in the project. `key` is their identity's."""

    key: str
    display: str
    role: Role


class Members(Model):
    """Everyone known in the project, by display name."""

    project: str
    """What people call the project."""
    people: tuple[Member, ...]


async def members(asking: Asking) -> Members:
    """Who is known in the project, and as what."""
    asking.must_see()
    rows = await projects.members_of(asking.connection, asking.project)
    return Members(
        project=await projects.name(asking.connection, asking.project),
        people=tuple(Member(key=key, display=display, role=role) for key, display, role in rows),
    )
