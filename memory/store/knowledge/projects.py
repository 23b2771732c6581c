"""Projects, the channels bound to them, and their members."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from memory.model.authority import Roles
from memory.model.base import Model, ProjectId, name_key
from memory.model.errors import NotFound
from memory.model.identity import OUTSIDERS, Identity, Role, Standing, ThreadRef
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.knowledge import people
from memory.store.tables import channels, members, projects


async def make(
    tx: Connection,
    project: ProjectId,
    *,
    name: str,
    root: Path,
    at: datetime,
    sandbox: bool = False,
    place: str = "",
) -> ProjectId:
    """The project of this name or place: the one there is, else a new one with this id and folder."""
    row = {
        "id": project,
        "name": name,
        "name_key": name_key(name),
        "root": str(root),
        "created_at": at,
        "sandbox": sandbox,
        "place_key": name_key(place) or None,
    }
    await insert_once(tx, projects, row)
    return await of_place(tx, place or name) or project


async def of_place(connection: Connection, place: str) -> ProjectId | None:
    """The project that was made for the place of this name, whatever it's called now; else the
    one that is called so.
    """
    key = name_key(place)
    ours = projects.c.place_key == key
    query = sa.select(projects.c.id).where(ours | (projects.c.name_key == key))
    found = await connection.execute(query.order_by(sa.case((ours, 0), else_=1)).limit(1))
    project = found.scalar_one_or_none()
    return ProjectId(project) if project else None


async def named(connection: Connection, name: str) -> ProjectId | None:
    """The project that people call so, whatever the case."""
    found = await connection.execute(
        sa.select(projects.c.id).where(projects.c.name_key == name_key(name))
    )
    project = found.scalar_one_or_none()
    return ProjectId(project) if project else None


async def move(tx: Connection, project: ProjectId, root: Path) -> None:
    """From now on, the project's files live beneath this folder."""
    await tx.execute(sa.update(projects).where(projects.c.id == project).values(root=str(root)))


async def root(connection: Connection, project: ProjectId) -> Path:
    """The folder beneath which the project's files live. Raises NotFound."""
    return Path(await _column(connection, projects.c.root, project))


async def folders(connection: Connection) -> dict[ProjectId, Path]:
    """Where the files of each project live that is not archived."""
    rows = await connection.execute(
        sa.select(projects.c.id, projects.c.root).where(projects.c.archived_at.is_(None))
    )
    return {ProjectId(row.id): Path(row.root) for row in rows}


async def name(connection: Connection, project: ProjectId) -> str:
    """What people call the project. Raises NotFound."""
    return await _column(connection, projects.c.name, project)


async def called(connection: Connection, project: ProjectId) -> str:
    """What people call the project; "" where there is none."""
    query = sa.select(projects.c.name).where(projects.c.id == project)
    return (await connection.execute(query)).scalar_one_or_none() or ""


async def names(connection: Connection) -> tuple[str, ...]:
    """What people call every project that is not archived."""
    rows = await connection.execute(
        sa.select(projects.c.name).where(projects.c.archived_at.is_(None)).order_by(projects.c.name)
    )
    return tuple(rows.scalars())


async def bind_channel(
    tx: Connection, channel: ThreadRef, project: ProjectId, *, chosen_in: str = ""
) -> None:
    """From now on, messages in this channel belong to this project.

    `chosen_in`: the name of the place for which somebody chose the project, if anybody did.
    """
    where = _is_channel(channel)
    values = {"project_id": project, "chosen_in": chosen_in}
    moved = await tx.execute(sa.update(channels).where(where).values(**values))
    if moved.rowcount == 0:
        await tx.execute(
            sa.insert(channels).values(
                platform=channel.platform,
                workspace=channel.workspace,
                channel=channel.channel,
                **values,
            )
        )


async def chosen(connection: Connection, channel: ThreadRef, place: str) -> ProjectId | None:
    """The project that somebody chose for this channel while it was the place of this name."""
    where = _is_channel(channel) & (channels.c.chosen_in == place)
    found = await connection.execute(sa.select(channels.c.project_id).where(where))
    project = found.scalar_one_or_none()
    return ProjectId(project) if project else None


async def of_channel(connection: Connection, channel: ThreadRef) -> ProjectId | None:
    """The project this channel (or the channel of this thread) is about."""
    found = await connection.execute(sa.select(channels.c.project_id).where(_is_channel(channel)))
    project = found.scalar_one_or_none()
    return ProjectId(project) if project else None


async def without_owner(connection: Connection) -> tuple[tuple[str, ThreadRef], ...]:
    """Channels at work whose project nobody was made owner of, each with the project's name."""
    owned = sa.select(members.c.project_id).where(members.c.role == Role.OWNER)
    rows = await connection.execute(
        sa.select(channels, projects.c.name)
        .join(projects, projects.c.id == channels.c.project_id)
        .where((channels.c.confirmed_by != "") & projects.c.archived_at.is_(None))
        .where(channels.c.project_id.not_in(owned) & ~projects.c.sandbox)
        .order_by(projects.c.name, channels.c.channel)
    )
    return tuple(
        (row.name, ThreadRef(platform=row.platform, workspace=row.workspace, channel=row.channel))
        for row in rows
    )


async def confirm_channel(tx: Connection, channel: ThreadRef, by: str) -> bool:
    """Let work begin in the channel; False where somebody did so before."""
    waits = _is_channel(channel) & (channels.c.confirmed_by == "")
    changed = await tx.execute(sa.update(channels).where(waits).values(confirmed_by=by))
    return changed.rowcount > 0


async def confirmed(connection: Connection, channel: ThreadRef) -> bool:
    """Whether somebody who may has let work begin in the channel."""
    query = sa.select(channels.c.confirmed_by).where(_is_channel(channel))
    return bool((await connection.execute(query)).scalar_one_or_none())


async def unconfirmed(connection: Connection) -> tuple[ThreadRef, ...]:
    """Channels in which the bot was spoken to and may not work yet."""
    rows = await connection.execute(
        sa.select(channels).where(channels.c.confirmed_by == "").order_by(channels.c.channel)
    )
    return tuple(map(_channel, rows))


async def is_sandbox(connection: Connection, project: ProjectId) -> bool:
    """Whether the project is what one person does in direct messages."""
    query = sa.select(projects.c.sandbox).where(projects.c.id == project)
    return bool((await connection.execute(query)).scalar_one_or_none())


async def owners(connection: Connection) -> dict[str, str]:
    """Key and display name of everyone who owns a project that several people share."""
    rows = await connection.execute(
        sa.select(members.c.person, members.c.display)
        .join(projects, projects.c.id == members.c.project_id)
        .where(members.c.role == Role.OWNER)
        .where(members.c.standing.not_in(OUTSIDERS) & (members.c.source == ""))
        .where(projects.c.sandbox.is_(False) & projects.c.archived_at.is_(None))
        .order_by(members.c.display, members.c.person)
    )
    return {row.person: row.display for row in rows}


async def channels_of(connection: Connection, project: ProjectId) -> tuple[ThreadRef, ...]:
    """Every channel that is about the project."""
    rows = await connection.execute(
        sa.select(channels).where(channels.c.project_id == project).order_by(channels.c.channel)
    )
    return tuple(map(_channel, rows))


async def seen(
    tx: Connection,
    project: ProjectId,
    person: Identity,
    *,
    default_role: Role,
    at: datetime,
    standing: Standing | None = None,
) -> Role:
    """Note that the person spoke in the project, and give back their role there.

    `standing` None leaves what was known; UNKNOWN holds only for somebody new.
    """
    where = (members.c.project_id == project) & (members.c.person == person.key)
    query = sa.select(members.c.role, members.c.standing, members.c.source).where(where)
    found = (await tx.execute(query)).first()
    if found is None:
        await tx.execute(
            sa.insert(members).values(
                project_id=project,
                person=person.key,
                display=person.display,
                role=default_role,
                seen_at=at,
                standing=standing or "",
            )
        )
        return _effective(default_role, standing or "")
    known = found.standing if standing in {None, Standing.UNKNOWN} else standing
    values = {"display": person.display, "seen_at": at, "standing": known}
    await tx.execute(sa.update(members).where(where).values(**values))
    return _effective(found.role, known, found.source)


async def is_outsider(connection: Connection, project: ProjectId, person: Identity) -> bool:
    """Whether the person may only look, being a guest or of another organisation."""
    where = (members.c.project_id == project) & (members.c.person == person.key)
    found = await connection.execute(sa.select(members.c.standing).where(where))
    return found.scalar_one_or_none() in OUTSIDERS


_SETTINGS: Final = "settings"


def _effective(role: str, standing: str, source: str = "") -> Role:
    """What counts of the row: a role the settings gave is theirs to say each time."""
    if standing in OUTSIDERS:
        return Role.VIEWER
    return Role.MEMBER if source == _SETTINGS else Role(role)


async def set_role(
    tx: Connection,
    project: ProjectId,
    person: Identity,
    role: Role,
    *,
    at: datetime,
    by_settings: bool = False,
) -> None:
    """Give the person this role in the project; `by_settings` one counts as long as they say so."""
    await seen(tx, project, person, default_role=role, at=at)
    await tx.execute(
        sa.update(members)
        .where((members.c.project_id == project) & (members.c.person == person.key))
        .values(role=role, source=_SETTINGS if by_settings else "")
    )


async def set_others(tx: Connection, project: ProjectId, person: str, role: Role) -> None:
    """Let no other identity of the person have more than this role, or another that was given.

    What is given is kept with one identity, so that it isn't there twice once they part.
    """
    one = await people.of_person(tx, person)
    known = await tx.execute(sa.select(members.c.person).where(members.c.project_id == project))
    others = [key for key in known.scalars() if key != person and one.are_one(key, person)]
    least = Role.VIEWER if role is Role.VIEWER else Role.MEMBER
    mine = (members.c.project_id == project) & members.c.person.in_(others)
    await tx.execute(sa.update(members).where(mine).values(role=least))


async def members_of(
    connection: Connection, project: ProjectId
) -> tuple[tuple[str, str, Role], ...]:
    """(Identity key, display name, role) of everyone known in the project."""
    rows = await connection.execute(
        sa.select(members.c.person, members.c.display, members.c.role, members.c.standing)
        .where(members.c.project_id == project)
        .order_by(members.c.display)
    )
    return tuple((row.person, row.display, _effective(row.role, row.standing)) for row in rows)


async def roles_of(connection: Connection, project: ProjectId) -> Roles:
    """What everyone known in the project is there, and which of them are one person."""
    found = await connection.execute(sa.select(members).where(members.c.project_id == project))
    rows = found.all()
    return Roles(
        given={row.person: _effective(row.role, row.standing, row.source) for row in rows},
        outsiders=frozenset(row.person for row in rows if row.standing in OUTSIDERS),
        people=await people.everyone(connection),
    )


async def _column(connection: Connection, column: sa.Column[str], project: ProjectId) -> str:
    found = await connection.execute(sa.select(column).where(projects.c.id == project))
    value = found.scalar_one_or_none()
    if value is None:
        raise NotFound("There is no project {project}.", project=project)
    return value


def _channel(row: sa.Row[Any]) -> ThreadRef:
    return ThreadRef(platform=row.platform, workspace=row.workspace, channel=row.channel)


def _is_channel(channel: ThreadRef) -> sa.ColumnElement[bool]:
    return (
        (channels.c.platform == channel.platform)
        & (channels.c.workspace == channel.workspace)
        & (channels.c.channel == channel.channel)
    )


async def every(connection: Connection) -> tuple[ProjectId, ...]:
    """Every project that is not archived."""
    alive = sa.select(projects.c.id).where(projects.c.archived_at.is_(None))
    return tuple((await connection.execute(alive.order_by(projects.c.id))).scalars())


class StoredProject(Model):
    """A project as people handle it; `archived_at` None while work may begin in it."""

    id: ProjectId
    name: str
    root: Path
    created_at: datetime
    archived_at: datetime | None
    sandbox: bool


async def load(connection: Connection, project: ProjectId) -> StoredProject:
    """The project. Raises NotFound."""
    found = await connection.execute(sa.select(projects).where(projects.c.id == project))
    row = found.one_or_none()
    if row is None:
        raise NotFound("There is no project {project}.", project=project)
    return _project(row)


async def listed(connection: Connection) -> tuple[StoredProject, ...]:
    """Every project, archived ones too, by name."""
    rows = await connection.execute(sa.select(projects).order_by(projects.c.name_key))
    return tuple(map(_project, rows))


async def is_archived(connection: Connection, project: ProjectId) -> bool:
    """Whether the project is only looked at."""
    where = (projects.c.id == project) & projects.c.archived_at.is_not(None)
    return bool((await connection.execute(sa.select(projects.c.id).where(where))).first())


async def rename(tx: Connection, project: ProjectId, name: str) -> None:
    """From now on, people call it so; its id, folder and places stay. The name has to be free."""
    values = {"name": name, "name_key": name_key(name)}
    await tx.execute(sa.update(projects).where(projects.c.id == project).values(**values))


async def set_archived(tx: Connection, project: ProjectId, at: datetime | None) -> None:
    """From now on, the project is only looked at; None: work may begin in it again."""
    await tx.execute(sa.update(projects).where(projects.c.id == project).values(archived_at=at))


async def owned(connection: Connection, project: ProjectId) -> bool:
    """Whether somebody was given the project."""
    return Role.OWNER in (await roles_of(connection, project)).given.values()


async def projects_of(connection: Connection, person: Identity) -> dict[ProjectId, Role]:
    """What the person is in every project they are in by any account, the most that one has."""
    found: dict[ProjectId, Role] = {}
    one = await people.of_person(connection, person.key)
    mine = people.is_of(members.c.person, person.key, one)
    for row in await connection.execute(sa.select(members).where(mine)):
        role = _effective(row.role, row.standing, row.source)
        project = ProjectId(row.project_id)
        found[project] = min(role, found.get(project, role), key=list(Role).index)
    return found


def _project(row: sa.Row[Any]) -> StoredProject:
    return StoredProject(
        id=ProjectId(row.id),
        name=row.name,
        root=Path(row.root),
        created_at=row.created_at,
        archived_at=row.archived_at,
        sandbox=row.sandbox,
    )
