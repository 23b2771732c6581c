"""What Slack and Discord are really sent for every kind of card, through the real SDKs."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.platforms.slack.adapter import Slack
from memory.model.identity import ThreadRef
from memory.model.timing.clock import SystemClock
from tests.fakes.discord.listening import listening, where
from tests.fakes.discord.server import Discord
from tests.fakes.discord.world import Payload
from tests.fakes.slack.state import Message
from tests.fakes.slack.workspace import TEAM, Workspace
from tests.pictures.kinds import kinds

GOLDEN = Path(__file__).with_name("golden.json")
_BO = {"slack": "U0BO", "discord": "100000000000000001"}
_RUNNING = re.compile(r"\bF\d{8}\b")
"""Slack's numbers of files: they count what the workspace has."""


async def on_slack(workspace: Workspace) -> dict[str, Message]:
    """The messages by the kind of card."""
    made = kinds("slack", bo=_BO["slack"])
    thread = ThreadRef(platform="slack", workspace=TEAM, channel=workspace.general.id)
    sent: dict[str, Message] = {}
    async with Slack(workspace.settings, SystemClock()) as slack:
        for name, out in made.cards.items():
            ref = await slack.post(thread, out, made.files, key=name)
            sent[name] = workspace.state.messages[(thread.channel, ref.message)]
    return sent


async def on_discord(server: Discord) -> dict[str, Payload]:
    """The messages by the kind of card."""
    made = kinds("discord", bo=_BO["discord"])
    sent: dict[str, Payload] = {}
    async with listening(server) as bot:
        for name, out in made.cards.items():
            await bot.platform.post(where(server), out, made.files, key=name)
            sent[name] = server.messages()[-1]
    return sent


def of_message(message: Message) -> Any:
    """What of a Slack message is looked at."""
    return {"text": message.text, "blocks": message.blocks, "reactions": [*message.reactions]}


def of_payload(payload: Payload) -> Any:
    """What of a Discord message is looked at."""
    return {name: payload[name] for name in ("content", "flags", "components")}


def digest(payload: Any) -> str:
    """The payload's hash, whatever its files are numbered."""
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    return sha256(_RUNNING.sub("F", text).encode()).hexdigest()[:16]
