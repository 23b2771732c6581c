"""One question to each outside service: does it know us? Each with a time limit."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from bot.config.settings import DiscordSettings, SlackSettings
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.text import text

LIMIT_S: Final = 5.0
REPLY_BYTES: Final = 4_000_000


@dataclass(frozen=True)
class Probe:
    """The result, in words; `remedy` is "" when nothing needs doing."""

    good: bool
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class _Reply:
    """A status and a JSON body, or the trouble on the way."""

    status: int
    body: Any
    trouble: str = ""


async def slack_tokens(slack: SlackSettings, groups: Iterable[str] = ()) -> Probe:
    """Ask Slack who the bot token is, whether the app token opens a socket, and who is in these
    user groups.
    """
    bot = await _ask("POST", f"{_base(slack.api_url)}auth.test", slack.bot_token.get_secret_value())
    if bot.trouble:
        return Probe(
            good=False, text=bot.trouble, remedy=text("Check the network and slack.api_url.")
        )
    if not _field(bot.body, "ok"):
        return Probe(
            good=False,
            text=text(
                "Slack refuses the bot token ({reason})",
                reason=_field(bot.body, "error") or bot.status,
            ),
            remedy=text("Copy the Bot User OAuth Token (xoxb-…) into SLACK_BOT_TOKEN."),
        )
    app = await _ask(
        "POST", f"{_base(slack.api_url)}apps.connections.open", slack.app_token.get_secret_value()
    )
    if app.trouble or not _field(app.body, "ok"):
        return Probe(
            good=False,
            text=text(
                "Slack refuses the app token ({reason})",
                reason=app.trouble or _field(app.body, "error"),
            ),
            remedy=text(
                "Create an app-level token with connections:write (xapp-…) and set SLACK_APP_TOKEN to it."
            ),
        )
    unknown = [group for group in groups if not await _tells(slack, group)]
    if unknown:
        return Probe(
            good=False,
            text=text("Slack doesn't tell who is in {groups}", groups=", ".join(unknown)),
            remedy=text(
                "Give the app the scope usergroups:read and reinstall it, or check the ids in "
                "owner_groups, approver_groups and viewer_groups; until then they give nobody a role."
            ),
        )
    return Probe(
        good=True,
        text=text("{user} in {team}", user=_field(bot.body, "user"), team=_field(bot.body, "team")),
    )


async def _tells(slack: SlackSettings, group: str) -> bool:
    number = quote(group.rpartition(":")[2])
    url = f"{_base(slack.api_url)}usergroups.users.list?usergroup={number}"
    found = await _ask("GET", url, slack.bot_token.get_secret_value())
    return not found.trouble and bool(_field(found.body, "ok"))


async def discord_token(discord: DiscordSettings) -> Probe:
    """Ask Discord who the token is."""
    url = f"{_base(discord.api_url)}users/@me"
    reply = await _ask("GET", url, discord.token.get_secret_value(), scheme="Bot")
    if reply.trouble:
        return Probe(
            good=False, text=reply.trouble, remedy=text("Check the network and discord.api_url.")
        )
    if reply.status != 200:
        return Probe(
            good=False,
            text=text("Discord refuses the token ({status})", status=reply.status),
            remedy=text("Copy the bot's token from the developer portal into DISCORD_TOKEN."),
        )
    return Probe(good=True, text=f"{_field(reply.body, 'username')}")


async def model_endpoint(endpoint: ModelEndpoint) -> Probe:
    """Ask the endpoint for its models: is the key good, and does it have ours?"""
    key = endpoint.api_key.get_secret_value()
    extra = (
        {"x-api-key": key, "anthropic-version": "2023-06-01"}
        if endpoint.provider == "anthropic"
        else {}
    )
    reply = await _ask("GET", f"{_base(endpoint.base_url)}models", key, extra=extra)
    if reply.trouble:
        return Probe(
            good=False,
            text=reply.trouble,
            remedy=text("Check the network, or base_url in its settings."),
        )
    if reply.status in {401, 403}:
        return Probe(good=False, text=text("refuses the key"), remedy=text("Set a valid key."))
    if reply.status != 200:
        return Probe(
            good=False,
            text=text("answered {status} when asked for its models", status=reply.status),
            remedy=text("Check base_url: it usually ends in /v1."),
        )
    names = _model_names(reply.body)
    if names and endpoint.model not in names:
        return Probe(
            good=False,
            text=text("doesn't offer {model}", model=endpoint.model),
            remedy=text("Set `model` to one it offers, such as {model}.", model=sorted(names)[0]),
        )
    return Probe(good=True, text=endpoint.model)


async def _ask(
    method: str,
    url: str,
    token: str,
    *,
    scheme: str = "Bearer",
    extra: Mapping[str, str] | None = None,
) -> _Reply:
    import aiohttp  # noqa: PLC0415 - 0.2 s that only the doctor needs

    headers = {"Authorization": f"{scheme} {token}", **(extra or {})}
    try:
        async with (
            asyncio.timeout(LIMIT_S),
            aiohttp.ClientSession() as session,
            session.request(method, url, headers=headers, allow_redirects=False) as response,
        ):
            data = await response.content.read(REPLY_BYTES)
            return _Reply(response.status, _parsed(data))
    except TimeoutError:
        return _Reply(0, None, text("no answer in {n} s", n=f"{LIMIT_S:.0f}"))
    except (aiohttp.ClientError, ValueError, OSError) as error:
        return _Reply(0, None, text("can't be reached ({reason})", reason=type(error).__name__))


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _field(body: Any, name: str) -> Any:
    return body.get(name) if isinstance(body, dict) else None


def _model_names(body: Any) -> set[str]:
    """Ids with and without the "models/" that Google puts before them."""
    rows = _field(body, "data")
    ids = [_field(row, "id") for row in rows] if isinstance(rows, list) else []
    return {str(name).removeprefix("models/") for name in ids if name}


def _base(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"
