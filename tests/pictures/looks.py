"""`make looks`: every kind of card as Slack and Discord show it, on a phone and on a desk.

Drawn from what the real adapters send. Without Chromium it says so and draws nothing; with --keep
what was seen becomes what the tests expect.
"""

import asyncio
import json
import sys
from pathlib import Path

from tests.fakes.discord.server import Discord
from tests.fakes.discord.world import Payload
from tests.fakes.slack.state import Message
from tests.fakes.slack.workspace import Workspace, open_workspace
from tests.pictures import discord_page, slack_page
from tests.pictures.__main__ import browser, photograph
from tests.pictures.payloads import GOLDEN, digest, of_message, of_payload, on_discord, on_slack

FOLDER = Path(__file__).parents[2] / "dist" / "looks"
WIDTHS = {375: 2, 1200: 1}
"""Pixels of the page, and of the picture for each of them."""

HIGHEST = 9000


async def draw(*, keep: bool) -> None:
    """Send everything, keep the hashes if asked, and take the pictures."""
    async with open_workspace() as workspace, Discord() as server:
        on = await on_slack(workspace), await on_discord(server)
        if keep:
            _keep(*on)
        if not browser():
            print("There's no Chromium here, so nothing is drawn (apt install chromium).")
            return
        FOLDER.mkdir(parents=True, exist_ok=True)
        for width, sharpness in WIDTHS.items():
            pages = {
                "slack": _slack(workspace, on[0], width),
                "discord": _discord(server, on[1], width),
            }
            for platform, html in pages.items():
                path = FOLDER / f"{platform}-{width}.png"
                data = await photograph(html, width=width, highest=HIGHEST, sharpness=sharpness)
                path.write_bytes(data)
                print(f"{path} ({len(data) // 1000} KB)")


def _keep(slack: dict[str, Message], discord: dict[str, Payload]) -> None:
    golden = {
        "slack": {name: digest(of_message(message)) for name, message in slack.items()},
        "discord": {name: digest(of_payload(message)) for name, message in discord.items()},
    }
    GOLDEN.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")


def _slack(workspace: Workspace, sent: dict[str, Message], width: int) -> str:
    state = workspace.state
    messages = [*sent.values()]
    return slack_page.page(messages, state.users, state.files, channel="looks", width=width)


def _discord(server: Discord, sent: dict[str, Payload], width: int) -> str:
    seeds = {name: server.reactions(message) for name, message in sent.items()}
    return discord_page.page(sent, server.world.files, width=width, seeds=seeds)


if __name__ == "__main__":
    asyncio.run(draw(keep="--keep" in sys.argv[1:]))
