"""The kill switch in the chat, and help."""

from bot.actions import switch
from bot.actions.switch import Release, Stop
from bot.conversation.context import Context
from bot.conversation.plans.messages import called
from bot.render.help import help_message


async def stop(context: Context) -> None:
    """Let nothing new begin in this project."""
    _ = context.locale
    await _stop(
        context,
        _(
            "This project is stopped; nothing new starts. An approver or the owner can say "
            "`resume project`."
        ),
        everywhere=False,
    )


async def stop_all(context: Context) -> None:
    """Let nothing new begin anywhere."""
    _ = context.locale
    await _stop(
        context,
        _("Everything is stopped; nothing new starts. An admin can say `resume all`."),
        everywhere=True,
    )


async def release(context: Context) -> None:
    """Let the project's work go on."""
    await _release(context, everywhere=False)


async def release_all(context: Context) -> None:
    """Let all work go on."""
    await _release(context, everywhere=True)


async def show_help(context: Context) -> None:
    """What can be said."""
    await context.just_reply(help_message(context.locale, offline=context.services.offline))


async def _stop(context: Context, reply: str, *, everywhere: bool) -> None:
    reason = f"stopped by {called(context.person)}"
    async with context.acting() as act:
        await switch.stop(act, Stop(everywhere=everywhere, reason=reason))
        await context.reply(act.tx, reply)


async def _release(context: Context, *, everywhere: bool) -> None:
    _ = context.locale
    await context.services.executor.ready()
    async with context.acting() as act:
        result = await switch.release(act, Release(everywhere=everywhere))
        await context.reply(
            act.tx, _("Released; work goes on.") if result.done else _("Nothing was stopped.")
        )
