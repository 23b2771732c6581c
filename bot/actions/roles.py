"""Who may do what in a project."""

from bot.actions.act import Act, action
from memory.model.authority import Right
from memory.model.base import Model
from memory.model.errors import Conflict
from memory.model.identity import Identity, Role
from memory.store.knowledge import projects


class SetRole(Model):
    """Somebody's role from now on."""

    person: Identity
    role: Role


class RoleGiven(Model):
    """The person has the role."""

    person: Identity
    role: Role


@action("role.set")
async def set_role(act: Act, given: SetRole) -> RoleGiven:
    """Give somebody a role in the project. Raises NotAllowed, Conflict."""
    act.must(Right.SET_ROLE)
    if given.person.same(act.person) and given.role is not Role.OWNER:
        raise Conflict("You can't give up ownership. Make somebody else an owner first.")
    await projects.set_role(act.tx, act.project, given.person, given.role, at=act.now)
    await act.record(f"role.{given.role}", on=given.person.key)
    return RoleGiven(person=given.person, role=given.role)
