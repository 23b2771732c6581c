"""Keeps the boards of channels true: edited where they stand, and pinned once."""

import asyncio
from typing import Final

import structlog

from bot.actions.chat_events import post
from bot.chat import Pins, SendFailed
from bot.queries.about.board import asked_by_nobody, board_of, boards
from bot.render.about.board import board_message
from bot.services import Services
from memory.model.errors import OrchestraError
from memory.model.outgoing import Sent
from memory.store.traffic import outbox

LOOK_S: Final = 60.0
BETWEEN_S: Final = 5.0
"""The least time between two edits of a board."""

_log = structlog.get_logger()


async def keep(services: Services) -> None:
    """Look at them after what is stored, until cancelled."""
    pinned: set[str] = set()
    while True:
        await services.wakeups.boards.wait(LOOK_S)
        try:
            await look(services, pinned)
        except OrchestraError as error:
            _log.warning("boards not kept", error=error.code)
        await asyncio.sleep(BETWEEN_S)


async def look(services: Services, pinned: set[str]) -> None:
    """Edit those that have changed, and pin those that aren't yet."""
    async with services.database.reading() as connection:
        known = await boards(connection)
    for sent in known:
        await _edit(services, sent)
        if sent.key not in pinned and sent.ref is not None:
            pinned.add(sent.key)
            await _pin(services, sent)


async def _edit(services: Services, sent: Sent) -> None:
    async with services.database.reading() as connection:
        shown = await outbox.as_shown(connection, sent.key)
        board = await board_of(asked_by_nobody(connection, services, sent))
    out = board_message(services.locale, board)
    if shown is None or shown[1].body == out.model_dump(mode="json"):
        return
    now = services.clock.now()
    key = f"board-edit:{sent.key}:{now.isoformat()}"
    async with services.database.transaction() as tx:
        await post(tx, services, sent.project, sent.thread, key, out, edits=sent.key)
    services.wakeups.outbox.ring()


async def _pin(services: Services, sent: Sent) -> None:
    platform = services.platforms.get(sent.thread.platform)
    if platform is None or sent.ref is None or not isinstance(platform, Pins):
        return
    try:
        await platform.pin(sent.ref)
    except SendFailed as error:
        _log.info("board not pinned", reason=str(error))
