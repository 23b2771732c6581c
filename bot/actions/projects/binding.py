"""Which channels are about which project."""

from bot import places
from bot.actions.act import Act, action
from bot.actions.projects.gate import managed
from bot.config.projects import rules_of
from memory.model.authority import CONSOLE, Right
from memory.model.base import Model, ProjectId
from memory.model.errors import Conflict, NotAllowed
from memory.model.identity import Role, ThreadRef
from memory.store.knowledge import projects


class BindChannel(Model):
    """The channel that is about the act's project from now on."""

    channel: ThreadRef


class ChannelBound(Model):
    """What the channel is about now; `alone`: only one person talks there."""

    project: ProjectId
    name: str
    alone: bool
    archived: bool = False


@action("project.switch")
async def switch(act: Act, given: BindChannel) -> ChannelBound:
    """Let the channel be about the act's project. Raises NotAllowed, Conflict.

    Where one person talks to the bot alone, its members may; a channel of several needs an owner
    of both projects, or an admin.
    """
    channel = given.channel.channel_ref()
    alone = channel.direct or channel.platform == CONSOLE
    act.must(Right.SEE)
    stored = await projects.load(act.tx, act.project)
    if stored.sandbox:
        raise Conflict(
            "That is the sandbox of somebody's direct messages. To come back to your own, say "
            "`switch back`."
        )
    if not alone:
        await managed(act)
        await _must_own(act, channel)
    place = places.place_of(act.desk.settings, channel)
    if place.settings is not None and channel.platform != CONSOLE:
        raise Conflict(
            "orchestra.toml says that this channel is about project {name}; change it there.",
            name=place.name,
        )
    await projects.bind_channel(act.tx, channel, act.project, chosen_in=place.name)
    await projects.confirm_channel(act.tx, channel, act.person.key)
    await act.record("project.bound", on=channel.key)
    return ChannelBound(
        project=act.project, name=stored.name, alone=alone, archived=stored.archived_at is not None
    )


@action("project.unbind")
async def unbind(act: Act, given: BindChannel) -> ChannelBound:
    """Give the channel back the project of its own. Raises NotAllowed, Conflict."""
    channel = given.channel.channel_ref()
    alone = channel.direct or channel.platform == CONSOLE
    if not alone:
        await managed(act)
        await _must_own(act, channel)
    own = await places.at_home(act.tx, act.desk.settings, channel, at=act.now)
    if own == act.project:
        raise Conflict("This channel is about its own project already.")
    if not alone and not await projects.owned(act.tx, own):
        await projects.set_role(act.tx, own, act.person, Role.OWNER, at=act.now)
    await projects.confirm_channel(act.tx, channel, act.person.key)
    await act.record("project.unbound", on=channel.key, own=own)
    return ChannelBound(project=own, name=await projects.name(act.tx, own), alone=alone)


async def _must_own(act: Act, channel: ThreadRef) -> None:
    """The people of the channel lose what it was about: for its owner or an admin to say."""
    about = await projects.of_channel(act.tx, channel)
    if act.admin or about is None or about == act.project:
        return
    rules = await rules_of(act.desk.settings, act.tx, about, now=act.now)
    fixed = rules.fixed_role(act.person.key)
    known = (await projects.projects_of(act.tx, act.person)).get(about)
    if (fixed or known) is not Role.OWNER:
        raise NotAllowed(
            "Only an owner of the project this channel is about now, or an admin of this "
            "installation, can give it another one."
        )
