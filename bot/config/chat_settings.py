"""How the chat platforms are reached, from the environment or orchestra.toml."""

from collections.abc import Mapping

from pydantic import SecretStr

from bot.config.config_file import DiscordTable, SlackTable
from memory.model.base import Model
from memory.model.errors import Misconfigured


class SlackSettings(Model):
    """How Slack is reached (Socket Mode)."""

    bot_token: SecretStr
    app_token: SecretStr
    api_url: str = "https://slack.com/api/"


class DiscordSettings(Model):
    """How Discord is reached; an empty `gateway_url` means the one its API names."""

    token: SecretStr
    api_url: str = "https://discord.com/api/v10"
    gateway_url: str = ""


def slack_of(env: Mapping[str, str], table: SlackTable) -> SlackSettings | None:
    bot = env.get("SLACK_BOT_TOKEN", "").strip() or table.bot_token
    app = env.get("SLACK_APP_TOKEN", "").strip() or table.app_token
    if not bot and not app:
        return None
    if not bot or not app:
        missing = "SLACK_APP_TOKEN (xapp-…)" if bot else "SLACK_BOT_TOKEN (xoxb-…)"
        raise Misconfigured("Slack needs two tokens. Set {missing} as well.", missing=missing)
    url = env.get("SLACK_API_URL", "").strip() or table.api_url
    return SlackSettings(bot_token=SecretStr(bot), app_token=SecretStr(app), api_url=url)


def discord_of(env: Mapping[str, str], table: DiscordTable) -> DiscordSettings | None:
    token = env.get("DISCORD_TOKEN", "").strip() or table.token
    if not token:
        return None
    return DiscordSettings(
        token=SecretStr(token),
        api_url=env.get("DISCORD_API_URL", "").strip() or table.api_url,
        gateway_url=env.get("DISCORD_GATEWAY_URL", "").strip() or table.gateway_url,
    )
