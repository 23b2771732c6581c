"""Discord's errors, sorted by what the caller can do about them."""

from typing import Final

import aiohttp
import discord

from bot.chat import Holds, SendFailed
from bot.platforms import failures
from memory.model.errors import Misconfigured

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MESSAGE: Final = 10008
THREAD_ARCHIVED: Final = 50083
THREAD_EXISTS: Final = 160004
TROUBLE: Final = (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError)
"""All that a call to Discord may raise (RuntimeError: the session was closed meanwhile)."""


def send_failed(error: BaseException, *, repeatable: bool = False) -> SendFailed:
    """What became of a call. `repeatable`: doing it twice would do no harm."""
    match error:
        case discord.RateLimited():
            return failures.throttled("Discord", error.retry_after)
        case discord.HTTPException():
            return _refused_call(error, unsure=not repeatable)
        case aiohttp.ClientConnectorError():
            return failures.unreachable("Discord")
        case RuntimeError() | discord.DiscordException():
            return failures.closed("Discord")
        case _:
            return failures.broken("Discord", ambiguous=not repeatable)


def refused(error: BaseException) -> Misconfigured | None:
    """The sentence for what only the owner of the bot can mend, or None."""
    match error:
        case discord.PrivilegedIntentsRequired():
            return Misconfigured(
                "Discord doesn't let the bot read messages. In the Developer Portal, open your "
                'application → Bot, turn on "Message Content Intent" and save.',
                detail="4014",
            )
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return token_refused()
        case discord.ConnectionClosed(code=4010 | 4011 | 4012 | 4013 as code):
            return Misconfigured(
                "Discord refuses this version of the bot (close code {code}). Update Orchestra.",
                detail=str(code),
                code=code,
            )
        case _:
            return None


def token_refused() -> Misconfigured:
    """The sentence for a wrong token."""
    return Misconfigured(
        "Discord refuses the bot token. In the Developer Portal, open your application → Bot → "
        "Reset Token and set DISCORD_TOKEN to the new one.",
        detail="4004",
    )


def _refused_call(error: discord.HTTPException, *, unsure: bool) -> SendFailed:
    if error.status >= 500:
        return failures.down("Discord", ambiguous=unsure)
    if error.status == 429:  # not Discord's own: its front door turned us away
        return failures.throttled("Discord", 30.0)
    if error.status == 401:
        return SendFailed("Discord refuses the bot token", holds="platform")
    reason, held = f"{error.code}: {error.text[:200]}", error.status == 403
    holds: Holds = "channel" if held else ""
    return _reasons().get(error.code) or failures.refused("Discord", reason, holds=holds)


def _reasons() -> dict[int, SendFailed]:
    """What can be said better than with Discord's own code."""
    return {
        UNKNOWN_CHANNEL: SendFailed("the channel is gone, or I can't see it", holds="channel"),
        UNKNOWN_MESSAGE: SendFailed("the message is gone"),
        50001: SendFailed("I can't see that channel; give me View Channel there", holds="channel"),
        50007: SendFailed("that person doesn't accept direct messages"),
        50013: SendFailed(
            "I lack a permission there; deploy/guides/discord.md lists them", holds="channel"
        ),
        40005: SendFailed("the file is too large for Discord"),
        160005: SendFailed("the thread is locked", holds="thread"),
        160006: SendFailed("the server has too many open threads"),
    }
