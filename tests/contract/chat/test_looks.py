"""Every kind of card looks as it did when somebody last looked (`make looks`)."""

import json

from tests.fakes.discord.server import Discord
from tests.fakes.slack.workspace import open_workspace
from tests.pictures.payloads import GOLDEN, digest, of_message, of_payload, on_discord, on_slack

HINT = "Look at what changed with `make looks`, and keep it with `make looks ARGS=--keep`."


async def test_slack_is_sent_what_was_looked_at() -> None:
    async with open_workspace() as workspace:
        sent = {name: digest(of_message(one)) for name, one in (await on_slack(workspace)).items()}
    assert sent == json.loads(GOLDEN.read_text())["slack"], HINT


async def test_discord_is_sent_what_was_looked_at() -> None:
    async with Discord() as server:
        sent = {name: digest(of_payload(one)) for name, one in (await on_discord(server)).items()}
    assert sent == json.loads(GOLDEN.read_text())["discord"], HINT
