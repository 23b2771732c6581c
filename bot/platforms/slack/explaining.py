"""Details: a view for whoever asked, or where none opens, words that only they see."""

from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack import limits
from bot.platforms.slack.blocks import Block, paragraphs, view
from bot.platforms.slack.mrkdwn import mrkdwn
from bot.platforms.slack.trouble import TROUBLE, error_code
from memory.model.identity import ThreadRef
from memory.model.text import text

_BLOCKS: Final = 60
"""Of the hundred a view may have: Slack takes 250 KB, and these may be 180 KB of them."""

_log = structlog.get_logger()


async def explain(
    client: AsyncWebClient, words: str, trigger: str, where: ThreadRef, user: str
) -> None:
    """Show the person all of it, in a view; a trigger lives for three seconds."""
    known = words or text("I don't have that any more; say `plan again`.")
    blocks = [*paragraphs(mrkdwn(known))]
    try:
        await client.views_open(trigger_id=trigger, view=view(_first(blocks, _BLOCKS)))
    except TROUBLE as error:
        _log.info("slack view not opened", error=error_code(error))
        await _whisper(client, blocks, where, user)


async def _whisper(
    client: AsyncWebClient, blocks: list[Block], where: ThreadRef, user: str
) -> None:
    few = _first(blocks, limits.MESSAGE_CHARS // limits.SECTION_CHARS)
    try:
        await client.chat_postEphemeral(
            channel=where.channel,
            user=user,
            thread_ts=where.thread or None,
            text=few[0]["text"]["text"],
            blocks=few,
        )
    except TROUBLE as error:
        _log.warning("slack details not shown", error=error_code(error))


def _first(blocks: list[Block], most: int) -> list[Block]:
    """So many of them; that there are more is said."""
    if len(blocks) <= most:
        return blocks
    rest = text("The rest is in the file below the plan.")
    return [*blocks[: most - 1], *paragraphs(f"_{rest}_")]
