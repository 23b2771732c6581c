"""Bytes by the digest of their content: pictures, outputs, files to send."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from memory.model.base import Digest, ProjectId, sha256
from memory.model.errors import NotFound
from memory.store.engine.database import Connection
from memory.store.engine.deferred import Step, at_end
from memory.store.engine.upsert import insert_into
from memory.store.tables import artifacts

# Built once: building it costs more than running it.
_DATA = sa.select(artifacts.c.data).where(
    (artifacts.c.project_id == sa.bindparam("project"))
    & (artifacts.c.digest == sa.bindparam("digest"))
)


async def put(
    tx: Connection, project: ProjectId, data: bytes, media_type: str, *, at: datetime
) -> Digest:
    """Keep the bytes once per project, before the commit, and give back their digest."""
    digest = sha256(data)
    row = {
        "project_id": project,
        "digest": digest,
        "media_type": media_type,
        "size": len(data),
        "data": data,
        "created_at": at,
    }
    await at_end(tx, _put, row, Step.STATE)
    return digest


async def _put(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    # In one order everywhere, or two transactions could wait for one another.
    unlike = {(row["project_id"], row["digest"]): row for row in rows}
    ordered = [unlike[key] for key in sorted(unlike)]
    await tx.execute(insert_into(tx, artifacts).on_conflict_do_nothing(), ordered)


async def get(connection: Connection, project: ProjectId, digest: str) -> bytes:
    """The bytes with this digest. Raises NotFound."""
    found = await connection.execute(_DATA, {"project": project, "digest": digest})
    data = found.scalar_one_or_none()
    if data is None:
        raise NotFound("That result is no longer kept.", detail=digest)
    return bytes(data)
