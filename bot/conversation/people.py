"""Roles in the chat."""

from typing import Final

from bot.actions import roles
from bot.actions.roles import SetRole
from bot.conversation.context import Context
from bot.conversation.plans.messages import called
from bot.language.intents import RoleSet, RoleTaken
from bot.queries.roles import members
from bot.render.settings import role_given, roles_message
from memory.model.errors import Conflict
from memory.model.identity import Role

_LEFT: Final = {Role.OWNER: Role.MEMBER, Role.APPROVER: Role.MEMBER, Role.MEMBER: Role.VIEWER}
"""What a person is without the role they had."""


async def set_role(context: Context, command: RoleSet) -> None:
    """Give somebody a role in the project."""
    async with context.acting() as act:
        given = SetRole(person=command.person, role=command.role)
        result = await roles.set_role(act, given)
        await context.reply(act.tx, role_given(context.locale, result.person, result.role))


async def take_role(context: Context, command: RoleTaken) -> None:
    """Make a member of whoever had more rights than that, and a viewer of a member."""
    async with context.asking() as asking:
        known = {person.key: person.role for person in (await members(asking)).people}
    had = known.get(command.person.key, Role.MEMBER)
    name = called(command.person)
    if command.role is not None and command.role is not had:
        raise Conflict("{name} is {role} here.", name=name, role=had)
    left = _LEFT.get(had)
    if left is None:
        raise Conflict("{name} has no role here that could be taken away.", name=name)
    await set_role(context, RoleSet(person=command.person, role=left))


async def show_roles(context: Context) -> None:
    """Who may do what here."""
    async with context.asking() as asking:
        known = await members(asking)
    await context.just_reply(roles_message(context.locale, known, you=context.person.key))
