"""The kill switch in the chat, and help."""

from bot.actions import switch
from bot.actions.switch import Release, Stop
from bot.conversation.context import Context
from bot.conversation.messages import called
from bot.language.intents import ReleaseAll, StopAll
from bot.render.help import help_message


async def stop(context: Context, command: StopAll) -> None:
    """Let nothing new begin until it is released."""
    reason = f"stopped by {called(context.person)}"
    async with context.acting() as act:
        await switch.stop(act, Stop(everywhere=command.everywhere, reason=reason))
        await context.reply(
            act.tx,
            "Everything is stopped; nothing new starts. An approver or the owner can say `resume all`."
            if command.everywhere
            else "This project is stopped; nothing new starts. An approver or the owner can say "
            "`resume project`.",
        )


async def release(context: Context, command: ReleaseAll) -> None:
    """Let work go on."""
    await context.services.executor.ready()
    async with context.acting() as act:
        result = await switch.release(act, Release(everywhere=command.everywhere))
        await context.reply(
            act.tx, "Released; work goes on." if result.done else "Nothing was stopped."
        )


async def show_help(context: Context) -> None:
    """What can be said."""
    await context.just_reply(
        help_message(context.services.locale, offline=context.services.offline)
    )
