"""What `orchestra link` and `unlink` do."""

import asyncio

import typer

from bot.actions.act import Action, Given, Result, perform
from bot.actions.people import linking
from bot.actions.people.linking import AskCode, Linking, TypeCode, Typed, Unlink
from bot.cli.desk import actor, at_desk, project_of
from bot.config.settings import Settings
from bot.language.catalogue import ENGLISH
from bot.render.settings import code_message, typed_text, unlinked_message

_FINE = {Linking.LINKED, Linking.KNOWN}


def link(settings: Settings, *, code: str, sure: bool) -> int:
    """Show a code, or take the one that was given elsewhere; 1 where that came to nothing.

    Raises Conflict, StorageTrouble.
    """
    if not code:
        given = asyncio.run(_do(settings, linking.ask_code, AskCode(private=True)))
        print(code_message(ENGLISH, given).text)
        return 0
    done = _typed(settings, code, sure=sure)
    if done.outcome is Linking.ASKED:
        print(typed_text(ENGLISH, done))
        if not typer.confirm(ENGLISH("Is it you?")):
            return 1
        done = _typed(settings, code, sure=True)
    print(typed_text(ENGLISH, done))
    return 0 if done.outcome in _FINE else 1


def unlink(settings: Settings, *, account: str, forget: bool) -> int:
    """Take the account away from its person. Raises NotAllowed, BadInput, Conflict."""
    given = Unlink(account=account, forget=forget)
    print(unlinked_message(ENGLISH, asyncio.run(_do(settings, linking.unlink, given))))
    return 0


def _typed(settings: Settings, code: str, *, sure: bool) -> Typed:
    given = TypeCode(code=code, private=True, sure=sure)
    return asyncio.run(_do(settings, linking.type_code, given))


async def _do(settings: Settings, wanted: Action[Given, Result], given: Given) -> Result:
    async with at_desk(settings, make=True) as desk:
        return await perform(desk, actor(), await project_of(desk, ""), wanted, given)
