"""Discord's errors, sorted by what the caller can do about them."""

from typing import Final

import aiohttp
import discord

from bot.chat import SendFailed
from memory.model.errors import Misconfigured

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MESSAGE: Final = 10008
THREAD_ARCHIVED: Final = 50083
THREAD_EXISTS: Final = 160004
_REASONS: Final = {
    UNKNOWN_CHANNEL: "the channel is gone, or the bot cannot see it",
    UNKNOWN_MESSAGE: "the message is gone",
    50001: "the bot cannot see that channel; give it View Channel there",
    50007: "that person does not accept direct messages",
    50013: "the bot lacks a permission there; deploy/guides/discord.md lists what it needs",
    40005: "the file is too large for Discord",
    160005: "the thread is locked",
    160006: "the server has too many open threads",
}
TROUBLE: Final = (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError)
"""All that a call to Discord may raise (RuntimeError: the session was closed meanwhile)."""


def send_failed(error: BaseException, *, repeatable: bool = False) -> SendFailed:
    """What became of a call. `repeatable`: doing it twice would do no harm."""
    unsure = not repeatable
    match error:
        case discord.RateLimited():
            return SendFailed("Discord asks for a pause", retry_after_s=error.retry_after)
        case discord.HTTPException():
            return _refused_call(error, unsure=unsure)
        case aiohttp.ClientConnectorError():
            return SendFailed("Discord cannot be reached", retry_after_s=2.0)
        case RuntimeError() | discord.DiscordException():
            return SendFailed("the connection to Discord was renewed", retry_after_s=1.0)
        case _:
            return SendFailed(
                "the connection to Discord broke", ambiguous=unsure, retry_after_s=1.0
            )


def refused(error: BaseException) -> Misconfigured | None:
    """The sentence for what only the owner of the bot can mend, or None."""
    match error:
        case discord.PrivilegedIntentsRequired():
            return Misconfigured(
                "Discord does not let the bot read messages: in the Developer Portal open your "
                'application → Bot, switch on "Message Content Intent" and save.',
                detail="4014",
            )
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return token_refused()
        case discord.ConnectionClosed(code=4010 | 4011 | 4012 | 4013 as code):
            return Misconfigured(
                "Discord refuses this version of the bot (close code {code}); update Orchestra.",
                detail=str(code),
                code=code,
            )
        case _:
            return None


def token_refused() -> Misconfigured:
    """The sentence for a wrong token."""
    return Misconfigured(
        "Discord refuses the bot token: in the Developer Portal open your application → Bot → "
        "Reset Token and set DISCORD_TOKEN to the new one.",
        detail="4004",
    )


def _refused_call(error: discord.HTTPException, *, unsure: bool) -> SendFailed:
    if error.status >= 500:
        return SendFailed("Discord has trouble of its own", ambiguous=unsure, retry_after_s=1.0)
    if error.status == 429:  # not Discord's own: its front door turned us away
        return SendFailed("Discord asks for a pause", retry_after_s=30.0)
    known = _REASONS.get(error.code)
    return SendFailed(known or f"Discord refused it ({error.code}: {error.text[:200]})")
