"""The people of a project."""

from bot.config.projects import rules_of
from bot.queries.asking import Asking
from memory.model.authority import role_now
from memory.model.base import Model
from memory.model.identity import People, Role, ThreadRef
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
    rules = await rules_of(asking.desk.settings, asking.connection, asking.project)
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


async def identities(asking: Asking) -> People:
    """All identities of whoever asks."""
    return await people.of_person(asking.connection, asking.person.key)


async def accounts(asking: Asking) -> tuple[str, ...]:
    """The other accounts of whoever asks."""
    asking.must_see()
    found = await people.accounts_of(asking.connection, asking.person.key)
    return tuple(key for key, _ in found)
