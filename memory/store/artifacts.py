"""Bytes by the digest of their content: pictures, outputs, files to send."""

from datetime import datetime

import sqlalchemy as sa

from memory.model.base import Digest, ProjectId, sha256
from memory.model.errors import NotFound
from memory.store.database import Connection
from memory.store.once import insert_once
from memory.store.tables import artifacts

# Built once: building it costs more than running it.
_DATA = sa.select(artifacts.c.data).where(
    (artifacts.c.project_id == sa.bindparam("project"))
    & (artifacts.c.digest == sa.bindparam("digest"))
)


async def put(
    tx: Connection, project: ProjectId, data: bytes, media_type: str, *, at: datetime
) -> Digest:
    """Keep the bytes once per project and give back their digest."""
    digest = sha256(data)
    await insert_once(
        tx,
        artifacts,
        {
            "project_id": project,
            "digest": digest,
            "media_type": media_type,
            "size": len(data),
            "data": data,
            "created_at": at,
        },
    )
    return digest


async def get(connection: Connection, project: ProjectId, digest: str) -> bytes:
    """The bytes with this digest. Raises NotFound."""
    found = await connection.execute(_DATA, {"project": project, "digest": digest})
    data = found.scalar_one_or_none()
    if data is None:
        raise NotFound("That result is no longer kept.", detail=digest)
    return bytes(data)
