"""Quotas: how much is taken of each that holds for whoever asks, and here."""

import asyncio
import os
from pathlib import Path

from bot.queries.asking import Asking
from bot.quotas import Whose, shares
from memory.model.identity import ThreadRef
from memory.model.work.quotas import Share
from memory.store.knowledge import projects


async def standing(asking: Asking, thread: ThreadRef) -> tuple[Share, ...]:
    """Every share that holds for the person in this place, and how much of it is taken."""
    asking.must_see()
    whose = Whose(asking.person, thread, asking.project)
    stored = await asyncio.to_thread(
        size_of, await projects.root(asking.connection, asking.project)
    )
    return await shares(
        asking.connection, asking.desk.settings, whose, now=asking.now, stored=stored
    )


def size_of(folder: Path) -> int:
    """The bytes of all files beneath the folder; links are not followed."""
    total, open_ = 0, [str(folder)]
    while open_:
        try:
            with os.scandir(open_.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        open_.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    return total
