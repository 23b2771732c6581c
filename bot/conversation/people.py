"""Roles in the chat."""

from bot.actions import roles
from bot.actions.roles import SetRole
from bot.conversation.context import Context
from bot.language.intents import RoleSet
from bot.queries.roles import members
from bot.render.settings import role_given, roles_message


async def set_role(context: Context, command: RoleSet) -> None:
    """Give somebody a role in the project."""
    async with context.acting() as act:
        given = SetRole(person=command.person, role=command.role)
        result = await roles.set_role(act, given)
        await context.reply(act.tx, role_given(context.locale, result.person, result.role))


async def show_roles(context: Context) -> None:
    """Who may do what here."""
    async with context.asking() as asking:
        known = await members(asking)
    await context.just_reply(roles_message(context.locale, known, you=context.person.key))
