"""The connection to Slack's Web API: one aiohttp session, both tokens checked."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.config.settings import SlackSettings
from bot.platforms.slack.trouble import error_code, token_refused
from memory.model.errors import Misconfigured

SCOPES: Final = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "chat:write",
        "files:read",
        "files:write",
        "groups:history",
        "im:history",
        "reactions:read",
        "reactions:write",
        "users:read",
    }
)
"""Without one of these something a person does would go unseen."""

_TOKEN_ERRORS: Final = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "no_permission",
        "missing_scope",
    }
)


@dataclass(frozen=True)
class Bot:
    """Who we are in the workspace."""

    workspace: str
    user: str
    bot: str
    team: str
    site: str = ""
    """The address of the workspace, which ends in a slash."""


def web_client(settings: SlackSettings, *, timeout_s: float = 15) -> AsyncWebClient:
    """The client of the Web API; a call that takes longer raises TimeoutError.

    A 429 is waited for once; nothing else is repeated, for it might be done twice. All calls
    share one session, which the caller closes. Needs a running event loop.
    """
    client = AsyncWebClient(
        token=settings.bot_token.get_secret_value(),
        base_url=settings.api_url,
        session=aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout_s)),
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)],
    )
    if proxy_bypass(urlsplit(settings.api_url).hostname or ""):  # the SDK ignores NO_PROXY
        client.proxy = None
    return client


async def check_bot(settings: SlackSettings, client: AsyncWebClient, *, within_s: float) -> Bot:
    """Who the bot token belongs to.

    Raises Misconfigured for a token that Slack refuses or that lacks a scope, and what a call
    to Slack raises when it cannot be reached within `within_s` seconds.
    """
    _look_right(settings)
    try:
        async with asyncio.timeout(within_s):
            reply = await client.auth_test()
    except SlackApiError as error:
        if error_code(error) in _TOKEN_ERRORS:
            raise token_refused(error, app=False) from error
        raise
    _scopes(reply.headers)
    return Bot(
        workspace=reply["team_id"],
        user=reply["user_id"],
        bot=reply.get("bot_id", ""),
        team=reply.get("team", ""),
        site=reply.get("url", ""),
    )


async def socket_url(settings: SlackSettings, client: AsyncWebClient, *, within_s: float) -> str:
    """Where to open the socket, which shows that the app token is right. Raises as above."""
    try:
        async with asyncio.timeout(within_s):
            opened = await client.apps_connections_open(
                app_token=settings.app_token.get_secret_value()
            )
    except SlackApiError as error:
        if error_code(error) in _TOKEN_ERRORS:
            raise token_refused(error, app=True) from error
        if int(error.response.status_code) == 200:
            raise Misconfigured(
                "Slack doesn't open a socket for this app. Turn on Socket Mode in the app's settings.",
                detail=error_code(error),
            ) from error
        raise
    return str(opened["url"])


def _look_right(settings: SlackSettings) -> None:
    bot, app = settings.bot_token.get_secret_value(), settings.app_token.get_secret_value()
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        raise Misconfigured(
            "The two Slack tokens are swapped. SLACK_BOT_TOKEN is the one that starts with xoxb-, "
            "SLACK_APP_TOKEN the one that starts with xapp-."
        )


def _scopes(headers: Mapping[str, str]) -> None:
    granted = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    if granted is None:
        return
    missing = SCOPES - {scope.strip() for scope in granted.split(",")}
    if missing:
        raise Misconfigured(
            "The Slack app lacks the scopes {missing}. Add them under OAuth & Permissions, reinstall "
            "the app and set SLACK_BOT_TOKEN to the new token.",
            missing=", ".join(sorted(missing)),
        )
