"""Quotas in the chat: show and set."""

from bot.actions.limits import quotas
from bot.actions.limits.quotas import SetQuota
from bot.conversation.context import Context
from bot.language.intents import QuotaSet
from bot.queries.quotas import standing
from bot.quotas import Whose
from bot.render.about.quotas import quota_report, quota_set


async def show_quotas(context: Context) -> None:
    """How much is taken by whoever asks, here and altogether."""
    async with context.asking() as asking:
        shares = await standing(asking, context.thread)
    await context.just_reply(quota_report(context.locale, shares))


async def set_quota(context: Context, command: QuotaSet) -> None:
    """Set one."""
    whose = Whose(command.person or context.person, context.thread, context.project)
    given = SetQuota(
        scope=command.scope,
        subject=whose.subjects[command.scope],
        counted=command.counted,
        most=command.most,
    )
    async with context.acting() as act:
        result = await quotas.set_quota(act, given)
        await context.reply(act.tx, quota_set(context.locale, result.share))
