"""The people of a project."""

from dataclasses import replace

from bot.config.projects import is_admin, rules_of
from bot.queries.asking import Asking
from bot.services import Desk
from memory.model.authority import About, Allowed, Right, authorise, role_now
from memory.model.base import Model, ProjectId, name_key
from memory.model.errors import NotAllowed, NotFound
from memory.model.identity import KEY_PARTS, Identity, People, Role, ThreadRef
from memory.store.engine.database import Connection
from memory.store.knowledge import people, projects


class Member(Model):
    """Somebody known in the project, with the keys of their identities there; `key` is the first."""

    keys: tuple[str, ...]
    display: str
    role: Role

    @property
    def key(self) -> str:
        """The identity they are called by."""
        return self.keys[0]


class Members(Model):
    """Everyone known in the project, by display name."""

    project: str
    """What people call the project."""
    people: tuple[Member, ...]


class SetUp(Model):
    """Who may let the bot work in a channel that waits for it: names, else ids."""

    channel: str
    able: tuple[str, ...]


async def name_able(
    connection: Connection, desk: Desk, project: ProjectId, denied: NotAllowed
) -> None:
    """Add the names of those who may do what was denied, where the gate denied it."""
    right, about = denied.right, denied.about
    if not isinstance(right, Right) or not isinstance(about, About):
        return
    fixed = await rules_of(desk.settings, connection, project, now=desk.clock.now())
    roles = await projects.roles_of(connection, project)
    called = {key: name for key, name, _ in await projects.members_of(connection, project)}
    owners = await projects.owners(connection) if right is Right.CONFIRM_PLACE else {}
    able: dict[str, str] = {}
    for key in (*called, *sorted({*fixed.owners, *fixed.approvers, *desk.settings.admins})):
        told = replace(about, owns=key in owners, people=roles.people)
        if _may(desk, key, role_now(key, roles, fixed), right, told):
            able.setdefault(roles.people.counted(key), called.get(key) or key.rpartition(":")[2])
    denied.able = tuple(able.values())


def _may(desk: Desk, key: str, role: Role, right: Right, about: About) -> bool:
    person = Identity.of(key)
    told = replace(about, admin=is_admin(desk.settings, person), alone=False)
    return isinstance(authorise(person, role, right, told), Allowed)


async def set_up(asking: Asking, channel: ThreadRef) -> SetUp:
    """Who could set up the channel: admins, then owners of other projects."""
    settings = asking.desk.settings
    fixed = [key for project in settings.projects for key in project.owners]
    known = await projects.owners(asking.connection)
    named = {**dict.fromkeys((*settings.admins, *fixed), ""), **known}
    here = f"{channel.platform}:{channel.workspace}:"
    able = [
        display or key.rpartition(":")[2] for key, display in named.items() if key.startswith(here)
    ]
    return SetUp(channel=channel.channel_ref().key.rstrip(":"), able=tuple(able))


async def waiting_channels(asking: Asking) -> tuple[ThreadRef, ...]:
    """Channels in which the bot was spoken to and may not work yet."""
    return await projects.unconfirmed(asking.connection)


async def members(asking: Asking) -> Members:
    """Who is known in the project, and as what."""
    asking.must_see()
    rows = await projects.members_of(asking.connection, asking.project)
    roles = await projects.roles_of(asking.connection, asking.project)
    rules = await rules_of(asking.desk.settings, asking.connection, asking.project, now=asking.now)
    names, one = {key: display for key, display, _ in rows}, dict[str, tuple[str, ...]]()
    for key in names:
        person = key if key in roles.outsiders else roles.people.person(key)
        one[person] = (*one.get(person, ()), key)
    return Members(
        project=await projects.name(asking.connection, asking.project),
        people=tuple(
            Member(keys=keys, display=names[keys[0]], role=role_now(keys[0], roles, rules))
            for keys in one.values()
        ),
    )


async def member_called(asking: Asking, said: str) -> Member | None:
    """Whom they mean, by name or whole id; None for a whole id that isn't known here.

    Raises NotFound for a name that is nobody's here, or more than one person's.
    """
    wanted = name_key(said.strip().removeprefix("@"))
    found = [
        known
        for known in (await members(asking)).people
        if wanted in map(name_key, (known.display, *known.keys))
    ]
    if len(found) == 1:
        return found[0]
    if not found and said.count(":") >= KEY_PARTS - 1:
        return None
    raise NotFound(
        "{person} is nobody I know in this project, or more than one. Give the whole id, like "
        "slack:T1:U2.",
        person=said,
    )


async def identities(asking: Asking) -> People:
    """All identities of whoever asks."""
    return await people.of_person(asking.connection, asking.person.key)


async def accounts(asking: Asking) -> tuple[str, ...]:
    """The other accounts of whoever asks."""
    asking.must_see()
    found = await people.accounts_of(asking.connection, asking.person.key)
    return tuple(key for key, _ in found)
