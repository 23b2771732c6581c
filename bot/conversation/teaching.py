"""What people teach in the chat, and have forgotten again."""

from bot.actions import preferences
from bot.actions.preferences import ForgetPreferences, KeepPreference
from bot.conversation.context import Context
from bot.language.intents import Forget, Propose, Teach
from bot.language.scheduling import zone_wish
from bot.queries.preferences import remembered
from bot.render.preferences import (
    forgotten,
    nothing_to_forget,
    preference_kept,
    preferences_message,
)
from planner.preferences import ALWAYS, wish


async def teach(context: Context, command: Teach) -> None:
    """Keep it for oneself, or, from somebody who may say so, for the whole project."""
    wanted = zone_wish(command.text) or wish(command.text)
    everyone = command.everyone or bool(wanted and wanted.everyone)
    slot, value = (wanted.slot, wanted.value) if wanted else (ALWAYS + command.text, command.text)
    given = KeepPreference(slot=slot, value=value, everyone=everyone)
    async with context.acting() as act:
        kept = (await preferences.keep(act, given)).preference
        plan_waits = bool(context.state.plan)
        await context.reply(act.tx, preference_kept(context.locale, kept, plan_waits=plan_waits))


async def forget(context: Context, command: Forget) -> None:
    """Forget the newest, those that the words are about, or all of one's own."""
    given = ForgetPreferences(what=command.what, everything=command.everything)
    async with context.acting() as act:
        gone = (await preferences.forget(act, given)).preferences
        _ = context.locale
        await context.reply(
            act.tx, forgotten(_, gone) if gone else nothing_to_forget(_, command.what)
        )


async def decide(context: Context, _command: Propose) -> None:
    """Let a proposed rule hold, or turn it down."""
    await context.just_reply(context.locale("No rule is proposed here."))


async def show(context: Context) -> None:
    """All that is remembered of the person and of the project."""
    async with context.asking() as asking:
        known = await remembered(asking)
    await context.just_reply(preferences_message(context.locale, known))
