"""What a channel's board shows: the runs of its project that are under way, and what waits."""

from dataclasses import dataclass

from bot.message_keys import BOARD, board_over_key
from bot.queries.about.work import Waiting, under_way, waiting
from bot.queries.asking import Asking
from bot.services import Desk
from memory.model.identity import Identity, Role
from memory.model.outgoing import Sent
from memory.model.work.run import RunView
from memory.store.engine.database import Connection
from memory.store.traffic import outbox

NOBODY = Identity(platform="board", workspace="-", user_id="nobody")
"""Everybody in the channel reads it, so it's nobody's own."""


@dataclass(frozen=True)
class Board:
    """All of it."""

    runs: tuple[RunView, ...]
    waits: tuple[Waiting, ...]


async def boards(connection: Connection) -> tuple[Sent, ...]:
    """Those that are kept true."""
    found = await outbox.beginning(connection, BOARD)
    return tuple(
        [
            sent
            for sent in found
            if await outbox.by_key(connection, board_over_key(sent.key)) is None
        ]
    )


async def board_of(asking: Asking) -> Board:
    """What the project's board shows now."""
    return Board(runs=await under_way(asking), waits=await waiting(asking))


def asked_by_nobody(connection: Connection, desk: Desk, sent: Sent) -> Asking:
    """The question that a board answers, of the project it was asked for in."""
    return Asking(connection, desk, NOBODY, sent.project, Role.VIEWER, desk.clock.now())
