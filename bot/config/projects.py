"""What the settings fix for a project."""

import re

from bot.config.settings import ProjectSettings, Settings
from memory.model.agents.routing import Routing
from memory.model.authority import CONSOLE, Rules
from memory.model.base import ProjectId, name_key
from memory.model.identity import Identity


def slug(text: str) -> str:
    """The text as part of a path or an id."""
    return re.sub(r"[^a-z0-9]+", "-", name_key(text)).strip("-") or "x"


def settings_of(settings: Settings, project: ProjectId) -> ProjectSettings | None:
    """What is set for the project, if anything."""
    return next((named for named in settings.projects if slug(named.name) == project), None)


def routing_of(settings: Settings, project: ProjectId) -> Routing:
    """On which terms the project chooses agents."""
    fixed = settings_of(settings, project)
    return fixed.routing if fixed else Routing()


def is_admin(settings: Settings, person: Identity) -> bool:
    """Whether the person may decide for the whole installation.

    Those whom the settings name, by whole keys; and whoever sits at its own terminal, where none are.
    """
    if settings.admins:
        return person.key in settings.admins
    return person.platform == CONSOLE


def rules_of(settings: Settings, project: ProjectId) -> Rules:
    """What the project asks of an approval."""
    fixed = settings_of(settings, project)
    if fixed is None:
        return Rules()
    return Rules(
        quorum=fixed.quorum,
        requester_may_approve=fixed.requester_may_approve,
        owners=frozenset(fixed.owners),
        approvers=frozenset(fixed.approvers),
    )
