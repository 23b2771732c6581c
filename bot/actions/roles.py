"""Who may do what in a project, and where the bot may work at all."""

from bot.actions.act import Act, action
from memory.model.authority import About, Right
from memory.model.base import Model
from memory.model.errors import Conflict
from memory.model.identity import Identity, Role, ThreadRef
from memory.store.knowledge import projects


class SetRole(Model):
    """Somebody's role from now on."""

    person: Identity
    role: Role


class RoleGiven(Model):
    """The person has the role."""

    person: Identity
    role: Role


class ConfirmPlace(Model):
    """Let the bot work in this channel; whoever confirms owns it where no owner is named."""

    channel: ThreadRef
    owner: Identity | None = None


class PlaceConfirmed(Model):
    """The channel has a project of its own with this owner."""

    channel: ThreadRef
    owner: Identity


@action("place.confirm")
async def confirm_place(act: Act, given: ConfirmPlace) -> PlaceConfirmed:
    """Let the bot work in the channel of the act's project. Raises NotAllowed, Conflict."""
    act.must(Right.CONFIRM_PLACE, About(admin=act.admin, owns=await owns(act)))
    channel, owner = given.channel.channel_ref(), given.owner or act.person
    if not await projects.confirm_channel(act.tx, channel, act.person.key):
        raise Conflict("This channel is already set up.")
    await projects.set_role(act.tx, act.project, owner, Role.OWNER, at=act.now)
    await act.record("place.confirmed", on=channel.key, owner=owner.key)
    return PlaceConfirmed(channel=channel, owner=owner)


async def owns(act: Act) -> bool:
    """Whether the person owns a project that several people share."""
    fixed = {key for project in act.desk.settings.projects for key in project.owners}
    if await projects.is_outsider(act.tx, act.project, act.person):
        return act.person.key in fixed
    every = (*fixed, *await projects.owners(act.tx))
    return any(act.people.are_one(key, act.person.key) for key in every)


@action("role.set")
async def set_role(act: Act, given: SetRole) -> RoleGiven:
    """Give somebody a role in the project. Raises NotAllowed, Conflict."""
    act.must(Right.SET_ROLE)
    if act.people.are_one(given.person.key, act.person.key) and given.role is not Role.OWNER:
        raise Conflict("You can't give up ownership. Make somebody else an owner first.")
    if given.role is not Role.VIEWER and await projects.is_outsider(
        act.tx, act.project, given.person
    ):
        raise Conflict(
            "{name} is a guest or from another organisation, and those only look. Whoever runs me "
            "can give them a role in orchestra.toml.",
            name=given.person.display or given.person.user_id,
        )
    await projects.set_role(act.tx, act.project, given.person, given.role, at=act.now)
    await projects.set_others(act.tx, act.project, given.person.key, given.role)
    await act.record(f"role.{given.role}", on=given.person.key)
    return RoleGiven(person=given.person, role=given.role)
