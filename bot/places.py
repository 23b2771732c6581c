"""Which project a place of talk is about, and what a person is in it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.config.projects import is_admin, readable, rules_of, settings_of
from bot.config.settings import ProjectSettings, Settings
from bot.services import Desk
from memory.model.authority import CONSOLE, role_now
from memory.model.base import ProjectId, sha256
from memory.model.budget import OWN, Budget, budget_id
from memory.model.errors import NotAllowed
from memory.model.identity import Identity, Role, Standing, ThreadRef, admits
from memory.store.engine.database import Connection
from memory.store.knowledge import people, projects
from memory.store.money import budgets
from memory.store.traffic import threads


@dataclass(frozen=True)
class Place:
    """What a place's project is called; with its fixed settings, if it has any.

    `root` None: the project has a folder of its own in the workspace.
    """

    name: str
    root: Path | None
    settings: ProjectSettings | None


@dataclass(frozen=True)
class Entered:
    """The project that a person speaks in, and what they are in it."""

    project: ProjectId
    role: Role
    archived: bool


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
        return await _of_console(connection, thread, place_of(settings, thread))
    return await projects.of_channel(connection, thread)


async def of_thread(
    connection: Connection, settings: Settings, thread: ThreadRef
) -> ProjectId | None:
    """The project of the thread: the one it began in, else that of its channel."""
    begun = None if _follows(thread) else await threads.get(connection, thread.key)
    return begun.project if begun else await known(connection, settings, thread)


def _follows(thread: ThreadRef) -> bool:
    """Whether it's about whatever its channel is about: no thread, or the one of a terminal."""
    return thread.platform == CONSOLE or not thread.thread


async def settle(
    tx: Connection, settings: Settings, thread: ThreadRef, *, at: datetime
) -> ProjectId:
    """The channel's project: the one chosen for it, else its own, made on first use."""
    place = place_of(settings, thread)
    if thread.platform == CONSOLE:
        bound = await projects.chosen(tx, thread, place.name)
    else:
        bound = None if place.settings else await projects.of_channel(tx, thread)
    return bound or await at_home(tx, settings, thread, at=at)


async def at_home(
    tx: Connection, settings: Settings, thread: ThreadRef, *, at: datetime
) -> ProjectId:
    """The project of the channel's own; direct messages make a sandbox with a budget."""
    bound, place = await projects.of_channel(tx, thread), place_of(settings, thread)
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


async def make_named(tx: Connection, settings: Settings, name: str, *, at: datetime) -> ProjectId:
    """A project that no place stands for. The name has to be free."""
    mark = secrets.token_hex(6)
    root = await _apart(tx, settings, _usual_root(settings, name, mark))
    project = await projects.make(tx, ProjectId(f"prj_{mark}"), name=name, root=root, at=at)
    root.mkdir(parents=True, exist_ok=True)
    return project


async def enter(
    desk: Desk, thread: ThreadRef, person: Identity, standing: Standing | None = None
) -> Entered:
    """The thread's project, made on first use, and what the person is in it.

    A thread stays with the project it began in, whatever its channel is about now; then only
    those who are in it may speak there. Raises NotAllowed.
    """
    async with desk.database.transaction() as tx:
        now = desk.clock.now()
        here = await settle(tx, desk.settings, thread, at=now)
        project = await of_thread(tx, desk.settings, thread) or here
        if project != here and not await _is_in(tx, desk.settings, project, person, at=now):
            raise NotAllowed(
                "This thread belongs to a project that this channel isn't about any more, and you "
                "aren't in it. Its owner can make you a member."
            )
        role = await role_of(tx, desk.settings, project, person, at=now, standing=standing)
        return Entered(project, role, archived=await projects.is_archived(tx, project))


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
    people of other organisations only look, unless the settings name them. Roles are a person's,
    whichever of their identities they were given to.
    """
    default = await _newcomer(tx, settings, project, person)
    stored = await projects.seen(
        tx, project, person, default_role=default, at=at, standing=standing
    )
    rules = await rules_of(settings, tx, project, now=at)  # guests are known as such by now
    fixed = rules.fixed_role(person.key)
    if fixed is not None and stored is not fixed:
        await projects.set_role(tx, project, person, fixed, at=at, by_settings=True)
    if not admits(rules.listed, person.key):
        return Role.VIEWER
    if fixed or not await people.has_others(tx, person.key):
        return fixed or stored
    return role_now(person.key, await projects.roles_of(tx, project), rules)


async def _is_in(
    connection: Connection,
    settings: Settings,
    project: ProjectId,
    person: Identity,
    *,
    at: datetime,
) -> bool:
    """Whether the person, by any of their accounts, is known in the project or set for it."""
    roles = await projects.roles_of(connection, project)
    known = any(roles.people.are_one(key, person.key) for key in roles.given)
    rules = await rules_of(settings, connection, project, now=at)
    fixed = rules.fixed_role(person.key, roles.people)
    return known or fixed not in {None, Role.VIEWER} or is_admin(settings, person)


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
    return bool(named is not None and named.owners) or await projects.owned(tx, project)


async def _of_console(connection: Connection, thread: ThreadRef, place: Place) -> ProjectId | None:
    """The project chosen at this terminal, else that of the folder it works in."""
    chosen = await projects.chosen(connection, thread, place.name)
    return chosen or await projects.of_place(connection, place.name)


def _is_for(named: ProjectSettings, thread: ThreadRef, settings: Settings) -> bool:
    if thread.platform == CONSOLE:
        return named.root == settings.workspace
    return thread.channel in named.channels


async def _made(
    tx: Connection, settings: Settings, place: Place, *, at: datetime, sandbox: bool = False
) -> ProjectId:
    """The place's project and its folder; a new one has an id that nothing can be told from."""
    mark = secrets.token_hex(6)
    project = await projects.make(
        tx,
        ProjectId(f"prj_{mark}"),
        name=place.name,
        root=place.root or _usual_root(settings, place.name, mark),
        at=at,
        sandbox=sandbox,
        place=place.name,
    )
    root = await projects.root(tx, project)
    if place.root is not None and place.root != root:
        await projects.move(tx, project, place.root)
        root = place.root
    if not root.is_dir():
        root.mkdir(parents=True, exist_ok=True)
    return project


async def _apart(connection: Connection, settings: Settings, root: Path) -> Path:
    """The folder, beneath the data where it would lie in that of another project.

    The folder of a terminal's project is the workspace itself.
    """
    others = [stored.root for stored in await projects.listed(connection)]
    inside = any(root.is_relative_to(other) for other in others)
    return settings.data / "projects" / root.name if inside else root


def _usual_root(settings: Settings, name: str, mark: str) -> Path:
    """A folder of the workspace that begins as people call the project."""
    return settings.workspace / "-".join(filter(None, (readable(name), mark)))
