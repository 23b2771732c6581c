"""Allowances in the chat: so much more for a while."""

from bot.actions.limits import allowances
from bot.actions.limits.allowances import GiveAllowance
from bot.conversation.budgets import whose_of
from bot.conversation.context import Context
from bot.language.intents import BudgetMore
from bot.render.settings import allowance_given
from memory.model.budget import Period


async def allow(context: Context, command: BudgetMore) -> None:
    """Let more be spent until the day, week or month is over."""
    async with context.asking() as asking:
        whose = await whose_of(context, asking, command)
    async with context.acting() as act:
        given = GiveAllowance(
            **whose.model_dump(),
            amount_micro_usd=command.limit_micro_usd,
            period=Period(command.period or "day"),
        )
        result = await allowances.allow(act, given)
        await context.reply(act.tx, allowance_given(context.locale, result))
