"""Secrets of projects: stored locked, opened for the boundary alone, never listed with their values."""

from datetime import datetime

import sqlalchemy as sa
from pydantic import SecretStr

from memory.model.base import Model, ProjectId
from memory.model.errors import Misconfigured, NotFound
from memory.privacy import vault
from memory.privacy.seals import Seals
from memory.store.engine.database import Connection
from memory.store.engine.upsert import insert_into
from memory.store.tables import secrets
from memory.store.tables.columns import redactor_of, seals_of


class KeptSecret(Model):
    """What may be told of a secret: its name, who kept it and when, and when it was last used."""

    name: str
    by: str
    at: datetime
    used_at: datetime | None = None


async def every(connection: Connection, project: ProjectId) -> tuple[KeptSecret, ...]:
    """The project's secrets by name, without their values."""
    columns = (secrets.c.name, secrets.c.by, secrets.c.at, secrets.c.used_at)
    query = sa.select(*columns).where(secrets.c.project_id == project).order_by(secrets.c.name)
    return tuple(
        KeptSecret(name=row.name, by=row.by, at=row.at, used_at=row.used_at)
        for row in await connection.execute(query)
    )


async def keep(
    tx: Connection, project: ProjectId, name: str, value: SecretStr, *, by: str, at: datetime
) -> None:
    """Lock it away, instead of an earlier one of this name. Raises Misconfigured without a key."""
    redactor_of(tx.dialect).learn(value.get_secret_value())
    row = {
        "locked": vault.locked(_keys(tx), project, name, value),
        "by": by,
        "at": at,
        "used_at": None,
    }
    insert = insert_into(tx, secrets).values(project_id=project, name=name, **row)
    await tx.execute(insert.on_conflict_do_update(index_elements=["project_id", "name"], set_=row))


async def forget(tx: Connection, project: ProjectId, name: str) -> bool:
    """Delete it; False where there was none."""
    gone = await tx.execute(sa.delete(secrets).where(_is(project, name)))
    return bool(gone.rowcount)


async def opened(connection: Connection, project: ProjectId, name: str) -> SecretStr:
    """Its value, which no text of this process lets through from now on.

    Raises NotFound where the project has none of this name, Misconfigured where it can't be opened.
    """
    query = sa.select(secrets.c.locked).where(_is(project, name))
    kept = (await connection.execute(query)).scalar_one_or_none()
    if kept is None:
        raise NotFound(
            "There's no secret:{name} in this project. An approver or the owner can keep one with "
            "`orchestra secret keep {name}`.",
            name=name,
        )
    value = vault.opened(_keys(connection), project, name, kept)
    redactor_of(connection.dialect).learn(value.get_secret_value())
    return value


async def used(tx: Connection, project: ProjectId, name: str, *, at: datetime) -> None:
    """Note that it was used."""
    await tx.execute(sa.update(secrets).where(_is(project, name)).values(used_at=at))


async def learn_all(connection: Connection) -> None:
    """Have every secret blotted out of all texts from now on. One that can't be opened is passed over."""
    seals = seals_of(connection.dialect)
    if not isinstance(seals, Seals):
        return
    values = list[str]()
    for row in await connection.execute(sa.select(secrets)):
        try:
            value = vault.opened(seals, row.project_id, row.name, row.locked)
        except Misconfigured:
            continue  # whoever wants to use it is told
        values.append(value.get_secret_value())
    redactor_of(connection.dialect).learn(*values)


def _is(project: ProjectId, name: str) -> sa.ColumnElement[bool]:
    return sa.and_(secrets.c.project_id == project, secrets.c.name == name)


def _keys(connection: Connection) -> Seals:
    seals = seals_of(connection.dialect)
    if isinstance(seals, Seals):
        return seals
    raise Misconfigured("There's no key here to lock secrets with. Name a file as seal_keys.")
