"""Slack's errors, sorted by what the caller can do about them."""

import asyncio
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.chat import Holds, SendFailed
from bot.platforms import failures
from memory.model.errors import Misconfigured

_UNSURE: Final = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_OF_THE_APP: Final = {
    "not_authed", "token_expired", "not_allowed_token_type", "no_permission",
    "team_access_not_granted", "org_login_required", "ekm_access_denied",
}  # fmt: skip
_OF_THE_CHANNEL: Final = {
    "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel", "posting_to_general_channel_denied",
}  # fmt: skip
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
            return failures.unreachable("Slack")
        case _:
            return failures.broken("Slack", ambiguous=not repeatable)


def token_refused(error: SlackApiError, *, app: bool) -> Misconfigured:
    """The sentence for a wrong token."""
    code = error_code(error)
    if app:
        return Misconfigured(
            "Slack refuses the app token. Create one with the scope connections:write under Basic "
            "Information → App-Level Tokens and set SLACK_APP_TOKEN to it (it starts with xapp-).",
            detail=code,
        )
    return Misconfigured(
        "Slack refuses the bot token. Copy the Bot User OAuth Token from OAuth & Permissions and "
        "set SLACK_BOT_TOKEN to it (it starts with xoxb-).",
        detail=code,
    )


def _refused(error: SlackApiError, *, repeatable: bool) -> SendFailed:
    status, code = int(error.response.status_code), error_code(error)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return failures.throttled("Slack", float(error.response.headers.get("Retry-After", "30")))
    if status >= 500 or code in _UNSURE or not code:
        return failures.down("Slack", ambiguous=not repeatable)
    if code == "missing_scope":
        scope = error.response.get("needed", "?")
        return SendFailed(
            "the Slack app lacks the scope {scope}; add it and reinstall",
            holds="platform",
            scope=scope,
        )
    return _reasons().get(code) or failures.refused("Slack", code, holds=_holds(status, code))


def _holds(status: int, code: str) -> Holds:
    if status == 401 or code in _OF_THE_APP:
        return "platform"
    return "channel" if status == 403 or code in _OF_THE_CHANNEL else ""


def _reasons() -> dict[str, SendFailed]:
    """What can be said better than with Slack's own code."""
    return {
        "not_in_channel": SendFailed(
            "I'm not in that channel; invite me with /invite", holds="channel"
        ),
        "channel_not_found": SendFailed(
            "the channel is gone, or I wasn't invited to it", holds="channel"
        ),
        "is_archived": SendFailed("the channel is archived", holds="channel"),
        "message_not_found": SendFailed("the message to edit is gone"),
        "cant_update_message": SendFailed("the message to edit isn't mine"),
        "edit_window_closed": SendFailed("this workspace no longer lets me edit the message"),
        "restricted_action": SendFailed(
            "the workspace doesn't let me post in that channel", holds="channel"
        ),
        "account_inactive": SendFailed(
            "the Slack app was removed from the workspace", holds="platform"
        ),
        "token_revoked": SendFailed("the Slack bot token was revoked", holds="platform"),
        "invalid_auth": SendFailed("Slack refuses the bot token", holds="platform"),
    }
