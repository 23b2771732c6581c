"""Keeping the index up to date where a process may end before anybody searches."""

import asyncio

from memory.model.errors import StorageTrouble
from memory.recall.service import Recall
from memory.recall.sources import SOURCES
from memory.store.engine.database import Database

LOOK_S = 5.0


async def follow_once_wanted(recall: Recall, database: Database) -> None:
    """Open the index a while after the first search, if there is anything to find; then catch up
    for ever.

    Opening takes a second, and a script may be over by then. Until then a search looks through the
    newest rows.
    """
    await recall.wanted.wait()
    await asyncio.sleep(LOOK_S)
    while not await _has_rows(database):  # noqa: ASYNC110 - rows tell, whoever wrote them
        await asyncio.sleep(LOOK_S)
    await recall.follow()


async def _has_rows(database: Database) -> bool:
    try:
        async with database.reading() as connection:
            return any([await source.last(connection) for source in SOURCES])
    except StorageTrouble:
        return False
