"""Roles in the chat."""

from typing import Final

from bot.actions import roles
from bot.actions.people import linking
from bot.actions.people.linking import AskCode, TypeCode, Unlink
from bot.actions.roles import ConfirmPlace, SetRole
from bot.conversation.context import Context
from bot.conversation.plans.messages import called
from bot.language.intents import CodeTyped, Command, Named, RoleSet, RoleTaken, UnlinkAccount
from bot.language.phrases import spoken
from bot.queries.roles import accounts, members
from bot.queries.roles import set_up as set_up_by
from bot.render.settings import (
    code_message,
    place_confirmed,
    role_given,
    roles_message,
    set_up_message,
    typed_message,
    unlinked_message,
)
from memory.model.authority import CONSOLE
from memory.model.errors import Conflict
from memory.model.identity import Role

_SET_UP: Final = frozenset({"set up", "setup", "set it up", "set up this channel"})
_LEFT: Final = {Role.OWNER: Role.MEMBER, Role.APPROVER: Role.MEMBER, Role.MEMBER: Role.VIEWER}
"""What a person is without the role they had."""


async def set_role(context: Context, command: RoleSet) -> None:
    """Give somebody a role in the project."""
    async with context.acting() as act:
        given = SetRole(person=command.person, role=command.role)
        result = await roles.set_role(act, given)
        await context.reply(act.tx, role_given(context.locale, result.person, result.role))


async def set_up(context: Context, command: Command) -> None:
    """All that is done in a channel nobody set up: say who can, or let them."""
    spoken_so = spoken(context.incoming.text).casefold() in _SET_UP
    if command == Named(name="place.confirm") or spoken_so:
        await confirm_place(context)
        return
    async with context.asking() as asking:
        waits = await set_up_by(asking, context.thread)
    await context.just_reply(set_up_message(context.locale, waits, you=context.person.key))


async def confirm_place(context: Context) -> None:
    """Let work begin in this channel, as whoever said so."""
    async with context.acting() as act:
        done = await roles.confirm_place(act, ConfirmPlace(channel=context.thread))
        await context.reply(act.tx, place_confirmed(context.locale, done.owner))


async def take_role(context: Context, command: RoleTaken) -> None:
    """Make a member of whoever had more rights than that, and a viewer of a member."""
    async with context.asking() as asking:
        found = (await members(asking)).people
    known = {key: person.role for person in found for key in person.keys}
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
        known, own = await members(asking), await accounts(asking)
    await context.just_reply(roles_message(context.locale, known, you=context.person.key, own=own))


async def ask_code(context: Context) -> None:
    """Give the person a code to type with their other account."""
    async with context.acting() as act:
        given = await linking.ask_code(act, AskCode(private=_private(context)))
        await context.reply(act.tx, code_message(context.locale, given))


async def type_code(context: Context, command: CodeTyped) -> None:
    """Ask whether the account that has the code is theirs; once they say so, both are one person."""
    given = TypeCode(code=command.code, private=_private(context), sure=command.sure)
    async with context.acting() as act:
        done = await linking.type_code(act, given)
        await context.reply(act.tx, typed_message(context.locale, done))


async def unlink(context: Context, command: UnlinkAccount) -> None:
    """Let an account stand for itself again."""
    async with context.acting() as act:
        done = await linking.unlink(act, Unlink(account=command.account))
        await context.reply(act.tx, unlinked_message(context.locale, done))


def _private(context: Context) -> bool:
    return context.thread.direct or context.thread.platform == CONSOLE
