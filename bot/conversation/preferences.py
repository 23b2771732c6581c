"""Preferences in the chat: learning them, showing them, and forgetting them."""

from bot.actions import preferences
from bot.actions.preferences import ForgetPreferences, KeepPreference
from bot.conversation.context import Context
from bot.language.intents import Forget, Prefer
from bot.queries.preferences import remembered
from bot.render.preferences import (
    forgotten,
    nothing_to_forget,
    preference_kept,
    preferences_message,
)


async def prefer(context: Context, command: Prefer) -> None:
    """Keep a wish: one's own, or, from somebody who may say so, the whole project's."""
    given = KeepPreference(slot=command.slot, value=command.value, everyone=command.everyone)
    async with context.acting() as act:
        kept = (await preferences.keep(act, given)).preference
        plan_waits = bool(context.state.plan)
        await context.reply(act.tx, preference_kept(context.locale, kept, plan_waits=plan_waits))


async def forget(context: Context, command: Forget) -> None:
    """Forget the newest preference, those that the words are about, or all of one's own."""
    given = ForgetPreferences(what=command.what, everything=command.everything)
    async with context.acting() as act:
        gone = (await preferences.forget(act, given)).preferences
        _ = context.locale
        await context.reply(
            act.tx, forgotten(_, gone) if gone else nothing_to_forget(_, command.what)
        )


async def show(context: Context) -> None:
    """All that is remembered of the person and of the project."""
    async with context.asking() as asking:
        known = await remembered(asking)
    await context.just_reply(preferences_message(context.locale, known))
