"""The people of a project."""

from bot.queries.asking import Asking
from memory.model.base import Model
from memory.model.identity import Role, ThreadRef
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
    return Members(
        project=await projects.name(asking.connection, asking.project),
        people=tuple(Member(key=key, display=display, role=role) for key, display, role in rows),
    )
