"""Who one is, and which projects one is in."""

from typing import Literal

from bot.queries.web.callers import Reach
from memory.model.access.caller import Scope
from memory.model.base import Model, ProjectId
from memory.model.identity import Role


class Mine(Model):
    """A project one may see. `role` null: an admin who isn't in it, and looks."""

    id: str
    name: str
    role: Role | None
    archived: bool
    sandbox: bool
    here: bool


class Me(Model):
    """Whoever calls. `offline`: no model is connected."""

    person: str
    name: str
    admin: bool
    door: Literal["web", "api"]
    scopes: tuple[Scope, ...]
    projects: tuple[Mine, ...]
    version: str
    language: str
    offline: bool


def mine_of(reach: Reach, here: ProjectId | None) -> tuple[Mine, ...]:
    """The projects of whoever calls, by name."""
    return tuple(
        Mine(
            id=line.id, name=line.name, role=line.role, archived=line.archived_at is not None,
            sandbox=line.sandbox, here=line.id == here,
        )
        for line in reach.lines.values()
    )  # fmt: skip
