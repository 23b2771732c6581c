"""The keys that seal this database's decisions: made with it, asked for ever after."""

import asyncio
from datetime import datetime
from pathlib import Path

from memory.model.errors import Misconfigured
from memory.privacy import seals
from memory.store.engine import sealing
from memory.store.engine.database import Database
from memory.store.knowledge import project_secrets
from memory.store.traffic import audit


async def seal_decisions(database: Database, path: Path, *, at: datetime) -> None:
    """Have decisions sealed with the keys in this file, from now on.

    Where nothing was ever sealed and there is no file, it's made, and what was decided so far is
    sealed. The projects' secrets, which those keys open, are blotted out of all texts from then on.
    Raises Misconfigured where the file is missing, can't be read, or others can read it.
    """
    if not await asyncio.to_thread(path.exists):
        async with database.reading() as connection:
            sealed = await audit.any_sealed(connection)
        if sealed:
            raise Misconfigured(
                "The approvals in this database are sealed with keys that aren't in {path}. Copy "
                "that file from where Orchestra first ran, or name it as seal_keys. If it's lost, "
                "run `orchestra audit rotate-key`; plans then have to be approved again.",
                path=path,
            )
    made = seals.make(path)
    database.seal_with(seals.Seals(path))
    async with database.reading() as connection:
        await project_secrets.learn_all(connection)
    if made:
        async with database.transaction() as tx:
            await sealing.adopt(tx)
            await audit.begin_sealing(tx, at=at)
