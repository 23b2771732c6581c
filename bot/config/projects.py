"""What the settings fix for a project."""

import re

from bot.config.settings import ProjectSettings, Settings
from memory.model.agents.routing import Routing
from memory.model.authority import CONSOLE, Rules
from memory.model.base import ProjectId, name_key
from memory.model.identity import Identity
from memory.store.engine.database import Connection
from memory.store.knowledge import projects


def readable(text: str) -> str:
    """What of the text can stand in the name of a folder everywhere; "" where nothing can."""
    return re.sub(r"[^a-z0-9]+", "-", name_key(text)).strip("-")[:40]


async def settings_of(
    connection: Connection, settings: Settings, project: ProjectId
) -> ProjectSettings | None:
    """What is set for the project, by its name, if anything."""
    if not settings.projects:
        return None
    called = await projects.called(connection, project)
    return settings.project(called) if called else None


async def routing_of(connection: Connection, settings: Settings, project: ProjectId) -> Routing:
    """On which terms the project chooses agents."""
    fixed = await settings_of(connection, settings, project)
    return fixed.routing if fixed else Routing()


def is_admin(settings: Settings, person: Identity) -> bool:
    """Whether the person may decide for the whole installation.

    Those whom the settings name, by whole keys; and whoever sits at its own terminal, where none are.
    """
    if settings.admins:
        return person.key in settings.admins
    return person.platform == CONSOLE


async def rules_of(settings: Settings, connection: Connection, project: ProjectId) -> Rules:
    """What the project asks of an approval."""
    fixed = await settings_of(connection, settings, project)
    if fixed is None:
        return Rules(sandbox=await projects.is_sandbox(connection, project))
    return Rules(
        quorum=fixed.quorum,
        requester_may_approve=fixed.requester_may_approve,
        owners=frozenset(fixed.owners),
        approvers=frozenset(fixed.approvers),
    )
