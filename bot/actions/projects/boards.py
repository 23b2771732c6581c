"""Boards: a message in a channel that shows what is under way there, kept true where it stands."""

from bot.actions.act import Act, action
from bot.actions.chat_events import post
from bot.chat import Outgoing
from bot.message_keys import BOARD, board_over_key
from memory.model.authority import CONSOLE, Right
from memory.model.base import Model
from memory.model.errors import Conflict
from memory.model.identity import ThreadRef
from memory.store.traffic import outbox


class ShowBoard(Model):
    """The channel, what the board shows at first, and what one of before turns into."""

    channel: ThreadRef
    board: Outgoing
    moved: Outgoing


class HideBoard(Model):
    """The channel, and what its board turns into."""

    channel: ThreadRef
    over: Outgoing


class BoardMoved(Model):
    """`done` is False where the channel had no board to take away."""

    done: bool


@action("board.show")
async def show(act: Act, given: ShowBoard) -> BoardMoved:
    """Put a board into the channel, in place of one that is there. Raises NotAllowed, Conflict."""
    act.must(Right.ASK)
    if given.channel.platform == CONSOLE:
        raise Conflict("A terminal has no board; say `status`.")
    await _end(act, given.channel, given.moved)
    key = f"{BOARD}{given.channel.key}#{act.actor.event}"
    await post(act.tx, act.desk, act.project, given.channel, key, given.board)
    await act.record("board.shown", on=act.project)
    return BoardMoved(done=True)


@action("board.hide")
async def hide(act: Act, given: HideBoard) -> BoardMoved:
    """Keep the channel's board true no longer. Raises NotAllowed."""
    act.must(Right.ASK)
    done = await _end(act, given.channel, given.over)
    if done:
        await act.record("board.hidden", on=act.project)
    return BoardMoved(done=done)


async def _end(act: Act, channel: ThreadRef, over: Outgoing) -> bool:
    done = False
    for sent in await outbox.beginning(act.tx, f"{BOARD}{channel.key}#"):
        key = board_over_key(sent.key)
        done |= await post(act.tx, act.desk, act.project, channel, key, over, edits=sent.key)
    return done
