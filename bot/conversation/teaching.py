"""What people teach in the chat, have forgotten again, and say to rules that were proposed."""

from bot.actions import teaching
from bot.actions.teaching import DecideRule, ForgetRules, TeachRule
from bot.conversation.context import Context
from bot.language.intents import Forget, Propose, Teach
from bot.render.teaching import decided, forgotten, nothing_to_forget, taught


async def teach(context: Context, command: Teach) -> None:
    """Keep it for oneself, or, from somebody who may say so, for the whole project."""
    given = TeachRule(text=command.text, everyone=command.everyone)
    async with context.acting() as act:
        kept = await teaching.teach(act, given)
        plan_waits = bool(context.state.plan)
        await context.reply(act.tx, taught(context.locale, kept, plan_waits=plan_waits))


async def forget(context: Context, command: Forget) -> None:
    """Forget one by its number, those that the words are about, all of one's own, or the newest."""
    given = ForgetRules(what=command.what, everything=command.everything, number=command.number)
    async with context.acting() as act:
        gone = await teaching.forget(act, given)
        _ = context.locale
        some = gone.rules or gone.choices
        await context.reply(
            act.tx, forgotten(_, gone) if some else nothing_to_forget(_, command.what)
        )


async def decide(context: Context, command: Propose) -> None:
    """Let a proposed rule hold, or turn it down."""
    given = DecideRule(rule=command.rule, number=command.number, beside=command.beside)
    act_on = teaching.accept if command.accepts else teaching.decline
    async with context.acting() as act:
        result = await act_on(act, given)
        await context.reply(act.tx, decided(context.locale, result, accepted=command.accepts))
