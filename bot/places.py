"""Which project a place of talk is about, and what a person is in it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.config.projects import is_admin, readable, rules_of, settings_of
from bot.config.settings import ProjectSettings, Settings
from bot.services import Desk
from memory.model.authority import CONSOLE
from memory.model.base import ProjectId, sha256
from memory.model.budget import OWN, Budget, budget_id
from memory.model.identity import Identity, Role, Standing, ThreadRef
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.money import budgets


@dataclass(frozen=True)
class Place:
    """What a place's project is called; with its fixed settings, if it has any.

    `root` None: the project has a folder of its own in the workspace.
    """

    name: str
    root: Path | None
    settings: ProjectSettings | None


def place_of(settings: Settings, thread: ThreadRef) -> Place:
    """The project that talk in this channel is about: the one set for it, or one of its own."""
    named = next((known for known in settings.projects if _is_for(known, thread, settings)), None)
    if named is not None:
        return Place(named.name, named.root, named)
    if thread.platform == CONSOLE:
        folder = settings.workspace
        mark = sha256(str(folder).encode())[:8]
        return Place("-".join([CONSOLE, readable(folder.name) or "x", mark]), folder, None)
    return Place("-".join((thread.platform, thread.workspace, thread.channel)), None, None)


async def known(connection: Connection, settings: Settings, thread: ThreadRef) -> ProjectId | None:
    """The project of the channel, if it was ever talked in."""
    if thread.platform == CONSOLE:
        return await projects.named(connection, place_of(settings, thread).name)
    return await projects.of_channel(connection, thread)


async def settle(
    tx: Connection, settings: Settings, thread: ThreadRef, *, at: datetime
) -> ProjectId:
    """The channel's project, made on first use; direct messages make a sandbox with a budget."""
    bound = await projects.of_channel(tx, thread)
    place = place_of(settings, thread)
    if bound is not None and place.settings is None and thread.platform != CONSOLE:
        return bound
    sandbox = place.settings is None and thread.direct
    project = await _made(tx, settings, place, at=at, sandbox=sandbox)
    if project != bound:
        await projects.bind_channel(tx, thread.channel_ref(), project)
    if sandbox:
        limit = settings.direct_budget_micro_usd
        own = Budget(id=budget_id(project, OWN), project=project, name=OWN, limit_micro_usd=limit)
        await budgets.keep(tx, own, at=at)
    return project


async def is_open(connection: Connection, settings: Settings, thread: ThreadRef) -> bool:
    """Whether the bot may work here: by the settings, by somebody's word, or for one person alone."""
    if thread.platform == CONSOLE or thread.direct or place_of(settings, thread).settings:
        return True
    return await projects.confirmed(connection, thread)


async def make(
    tx: Connection, settings: Settings, fixed: ProjectSettings, *, at: datetime
) -> ProjectId:
    """The project that the settings name, made before anybody talks about it."""
    return await _made(tx, settings, Place(fixed.name, fixed.root, fixed), at=at)


async def enter(
    desk: Desk, thread: ThreadRef, person: Identity, standing: Standing | None = None
) -> tuple[ProjectId, Role]:
    """The thread's project, made on first use, and what the person is in it."""
    async with desk.database.transaction() as tx:
        now = desk.clock.now()
        project = await settle(tx, desk.settings, thread, at=now)
        return project, await role_of(tx, desk.settings, project, person, at=now, standing=standing)


async def role_of(
    tx: Connection,
    settings: Settings,
    project: ProjectId,
    person: Identity,
    *,
    at: datetime,
    standing: Standing | None = None,
) -> Role:
    """What the person is in the project: as set, as given, or as newcomers are.

    Where there is no owner, an admin of the installation becomes it, and so does the person at a
    terminal and the one whose sandbox it is; nobody else does by speaking first. Guests and
    people of other organisations only look, unless the settings name them.
    """
    fixed = (await rules_of(settings, tx, project)).fixed_role(person.key)
    default = fixed or await _newcomer(tx, settings, project, person)
    stored = await projects.seen(
        tx, project, person, default_role=default, at=at, standing=standing
    )
    if fixed is not None and stored is not fixed:
        await projects.set_role(tx, project, person, fixed, at=at)
    return fixed or stored


async def _newcomer(
    tx: Connection, settings: Settings, project: ProjectId, person: Identity
) -> Role:
    trusted = (
        person.platform == CONSOLE
        or is_admin(settings, person)
        or await projects.is_sandbox(tx, project)
    )
    if trusted and not await _has_owner(tx, settings, project):
        return Role.OWNER
    return Role.MEMBER


async def _has_owner(tx: Connection, settings: Settings, project: ProjectId) -> bool:
    named = await settings_of(tx, settings, project)
    if named is not None and named.owners:
        return True
    return any(role is Role.OWNER for _, _, role in await projects.members_of(tx, project))


def _is_for(named: ProjectSettings, thread: ThreadRef, settings: Settings) -> bool:
    if thread.platform == CONSOLE:
        return named.root == settings.workspace
    return thread.channel in named.channels


async def _made(
    tx: Connection, settings: Settings, place: Place, *, at: datetime, sandbox: bool = False
) -> ProjectId:
    """The place's project and its folder; a new one has an id that nothing can be told from."""
    mark = secrets.token_hex(6)
    usual = settings.workspace / "-".join(filter(None, (readable(place.name), mark)))
    project = await projects.make(
        tx,
        ProjectId(f"prj_{mark}"),
        name=place.name,
        root=place.root or usual,
        at=at,
        sandbox=sandbox,
    )
    root = await projects.root(tx, project)
    if place.root is not None and place.root != root:
        await projects.move(tx, project, place.root)
        root = place.root
    if not root.is_dir():
        root.mkdir(parents=True, exist_ok=True)
    return project
