"""Slack's errors, sorted by what the caller can do about them."""

import asyncio
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.chat import SendFailed
from memory.model.errors import Misconfigured

_UNSURE: Final = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_REASONS: Final = {
    "not_in_channel": "the bot is not in that channel; invite it with /invite",
    "channel_not_found": "the channel does not exist, or the bot was not invited to it",
    "is_archived": "the channel is archived",
    "message_not_found": "the message to edit is gone",
    "cant_update_message": "the message to edit is not the bot's own",
    "edit_window_closed": "this workspace no longer lets the message be edited",
    "restricted_action": "the workspace does not let the bot post in that channel",
    "account_inactive": "the Slack app was removed from the workspace",
    "token_revoked": "the Slack bot token was revoked",
    "invalid_auth": "Slack refuses the bot token",
}
TROUBLE: Final = (
    SlackApiError,
    SlackRequestError,
    aiohttp.ClientError,
    asyncio.TimeoutError,
    OSError,
)
"""All that a call to Slack may raise."""


def error_code(error: BaseException) -> str:
    """Slack's word for what is wrong, or ""."""
    if not isinstance(error, SlackApiError):
        return ""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def send_failed(error: BaseException, *, repeatable: bool = False) -> SendFailed:
    """What became of a message. `repeatable`: doing it twice would do no harm."""
    match error:
        case SlackApiError():
            return _refused(error, repeatable=repeatable)
        case aiohttp.ClientConnectorError():
            return SendFailed("Slack cannot be reached", retry_after_s=2.0)
        case _:
            return SendFailed(
                "the connection to Slack broke", ambiguous=not repeatable, retry_after_s=1.0
            )


def token_refused(error: SlackApiError, *, app: bool) -> Misconfigured:
    """The sentence for a wrong token."""
    code = error_code(error)
    if app:
        return Misconfigured(
            "Slack refuses the app token: make one with the scope connections:write under Basic "
            "Information → App-Level Tokens and set SLACK_APP_TOKEN to it (it starts with xapp-).",
            detail=code,
        )
    return Misconfigured(
        "Slack refuses the bot token: copy the Bot User OAuth Token from OAuth & Permissions and "
        "set SLACK_BOT_TOKEN to it (it starts with xoxb-).",
        detail=code,
    )


def _refused(error: SlackApiError, *, repeatable: bool) -> SendFailed:
    status, code = int(error.response.status_code), error_code(error)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        wait = error.response.headers.get("Retry-After", "30")
        return SendFailed("Slack asks for a pause", retry_after_s=float(wait))
    if status >= 500 or code in _UNSURE or not code:
        return SendFailed(
            "Slack has trouble of its own", ambiguous=not repeatable, retry_after_s=1.0
        )
    if code == "missing_scope":
        needed = error.response.get("needed", "a scope")
        return SendFailed(
            "the Slack app lacks the scope {needed}; add it and install it again", needed=needed
        )
    return SendFailed(_REASONS.get(code, f"Slack refused it ({code})"))
