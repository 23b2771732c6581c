"""Once a day, the end of the audit log is noted where who can write the database can't."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from memory.model.audit import Anchor
from memory.model.errors import AgentUnavailable, Misconfigured, OrchestraError
from memory.model.timing.clock import Clock
from memory.store.engine.database import Database
from memory.store.traffic import audit

EVERY: Final = timedelta(days=1)
AGAIN_S: Final = 600.0
TIMEOUT_S: Final = 20.0

log = structlog.get_logger(__name__)


async def anchor(database: Database, clock: Clock, *, file: Path | None, url: str) -> Anchor | None:
    """Note the end of the log now: a line of JSON to the file, the same as a POST to the URL.

    None where nothing was recorded yet. Raises Misconfigured, AgentUnavailable, StorageTrouble.
    """
    async with database.reading() as connection:
        made = await audit.anchor(connection, at=clock.now())
    if made is None:
        return None
    line = made.model_dump_json()
    if file is not None:
        await asyncio.to_thread(_append, file, line)
    if url:
        await _post(url, line)
    return made


async def daily(database: Database, clock: Clock, *, file: Path | None, url: str) -> None:
    """Note it at the start and then once a day, until cancelled; what fails is tried again."""
    while file is not None or url:
        try:
            await anchor(database, clock, file=file, url=url)
            pause_s = EVERY.total_seconds()
        except OrchestraError as error:
            log.warning("the audit log's end couldn't be noted", why=error.code)
            pause_s = AGAIN_S
        await asyncio.sleep(pause_s)


def _append(path: Path, line: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, f"{line}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise Misconfigured(
            "The end of the audit log can't be noted in {path}: {reason}.",
            path=path,
            reason=error.strerror or type(error).__name__,
        ) from error


async def _post(url: str, line: str) -> None:
    import httpx2  # noqa: PLC0415 - 0.2 s that only this should pay

    from executor.egress.services import service_client  # noqa: PLC0415 - see above

    said = {"Content-Type": "application/json"}
    try:
        async with service_client(headers=said, timeout_s=TIMEOUT_S, limit=100_000) as client:
            reply = await client.post(url, content=line)
    except httpx2.HTTPError as error:
        raise AgentUnavailable(
            "The service that notes the audit log's end can't be reached."
        ) from error
    if not reply.is_success:
        raise AgentUnavailable(
            "The service that notes the audit log's end answered with {status}.",
            status=reply.status_code,
        )
