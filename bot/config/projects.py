"""What the settings fix for a project."""

import re
from datetime import datetime
from typing import Final

from bot.config.settings import ProjectSettings, Settings
from memory.model.agents.routing import Routing
from memory.model.authority import CONSOLE, Rules
from memory.model.base import ProjectId, name_key
from memory.model.errors import NotAllowed
from memory.model.identity import Identity, Standing, account, admits
from memory.store.engine.database import Connection
from memory.store.knowledge import groups, projects

LOCAL: Final = "local"
"""The workspace of people at a terminal."""

_GUESTS: Final = frozenset({Standing.GUEST, Standing.EXTERNAL})


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


async def rules_of(
    settings: Settings, connection: Connection, project: ProjectId, *, now: datetime
) -> Rules:
    """What the project asks of an approval, and who may give one by the settings.

    Those are named, or in a group that's named; guests have nothing of a group, and whoever is in
    one of viewers doesn't either.
    """
    fixed = await settings_of(connection, settings, project)
    if fixed is None:
        sandbox = await projects.is_sandbox(connection, project)
        return Rules(sandbox=sandbox, listed=listed(settings))
    owners, approvers = frozenset(fixed.owners), frozenset(fixed.approvers)
    viewers = await groups.ever(connection, fixed.viewer_groups)
    if named := {*fixed.owner_groups, *fixed.approver_groups}:
        theirs = await groups.members(connection, named, now=now)
        barred = (await projects.roles_of(connection, project)).outsiders | viewers
        owners |= frozenset().union(*map(theirs.__getitem__, fixed.owner_groups)) - barred
        approvers |= frozenset().union(*map(theirs.__getitem__, fixed.approver_groups)) - barred
    return Rules(
        quorum=fixed.quorum,
        requester_may_approve=fixed.requester_may_approve,
        owners=owners,
        approvers=approvers,
        viewers=viewers,
        listed=listed(settings),
    )


def listed(settings: Settings) -> frozenset[str]:
    """The people and workspaces that may work here, none where everybody may.

    Whoever the settings give something is among them, and so is the terminal.
    """
    if not settings.people:
        return frozenset()
    named = {key for known in settings.projects for key in (*known.owners, *known.approvers)}
    return frozenset({*settings.people, *settings.admins, *named, f"{CONSOLE}:{LOCAL}"})


def refuse_strangers(settings: Settings, person: Identity, standing: Standing | None) -> None:
    """Raises NotAllowed for somebody who isn't to be heard at all."""
    known = listed(settings)
    if not admits(known, person.key):
        raise NotAllowed(
            "You aren't among the people I work for. Whoever runs me can add you to `people` in "
            "orchestra.toml."
        )
    named = any(account(key) == account(person.key) for key in known)
    if settings.guests == "refuse" and standing in _GUESTS and not named:
        raise NotAllowed("I don't work for guests and people of other organisations here.")


def groups_named(settings: Settings, platform: str) -> frozenset[str]:
    """The groups of this platform that give somebody a role in any project."""
    every = {
        group
        for project in settings.projects
        for group in (*project.owner_groups, *project.approver_groups, *project.viewer_groups)
    }
    return frozenset(group for group in every if group.startswith(f"{platform}:"))
