"""Who asked for what a message says."""

from bot.message_keys import RESULT, questioned
from memory.model.errors import NotFound
from memory.model.identity import Identity
from memory.model.outgoing import Waiting
from memory.store.engine.database import Connection
from memory.store.planning import requests


async def requester_of(connection: Connection, row: Waiting) -> Identity | None:
    """Who is asked the questions of this message, or asked for the result in it: whoever asked last
    in its thread. None for any other message.
    """
    request = questioned(row.key)
    try:
        if request:
            return (await requests.load(connection, request)).author
    except NotFound:
        return None
    newest = await requests.of_thread(connection, row.thread.key, limit=1)
    return newest[0].author if newest and row.key.startswith(RESULT) else None
