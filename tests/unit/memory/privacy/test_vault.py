"""Secrets of projects: what is stored opens with the keys outside the database alone, for its project."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from memory.model.base import ProjectId
from memory.model.errors import Misconfigured, NotFound
from memory.privacy import vault
from memory.privacy.seals import Seals, make, rotate
from memory.store.engine.database import Database
from memory.store.knowledge import project_secrets
from memory.store.tables import secrets
from tests.conftest import SetClock

VALUE = SecretStr("correct horse battery staple")
P, Q = ProjectId("p"), ProjectId("q")


@pytest.fixture
def seals(tmp_path: Path) -> Seals:
    path = tmp_path / "keys" / "seal.keys"
    assert make(path)
    return Seals(path)


def test_what_is_locked_opens_again_also_after_the_key_is_rotated(seals: Seals) -> None:
    kept = vault.locked(seals, "p", "stripe", VALUE)
    assert "horse" not in kept
    assert kept != vault.locked(seals, "p", "stripe", VALUE)
    rotate(seals.path)
    assert vault.opened(seals, "p", "stripe", kept) == VALUE
    assert vault.locked(seals, "p", "stripe", VALUE).partition(":")[0] == seals.newest


@pytest.mark.parametrize(
    ("project", "name", "change"),
    [
        ("q", "stripe", lambda kept: kept),
        ("p", "github", lambda kept: kept),
        ("p", "stripe", lambda kept: kept[:-6] + ("AAAA==" if kept[-6:] != "AAAA==" else "BBBB==")),
        ("p", "stripe", lambda kept: "k00000000:" + kept.partition(":")[2]),
        ("p", "stripe", lambda _: "no secret"),
        ("p", "stripe", lambda _: ""),
    ],
)
def test_moved_or_changed_it_does_not_open(
    seals: Seals, project: str, name: str, change: object
) -> None:
    kept = vault.locked(seals, "p", "stripe", VALUE)
    assert callable(change)
    with pytest.raises(Misconfigured, match="can't be opened"):
        vault.opened(seals, project, name, change(kept))


async def test_the_store_has_no_value_and_gives_it_to_its_project_alone(
    database: Database, clock: SetClock, seals: Seals
) -> None:
    database.seal_with(seals)
    async with database.transaction() as tx:
        await project_secrets.keep(tx, P, "stripe", VALUE, by="a:b:c", at=clock.now())
    async with database.reading() as connection:
        (row,) = (await connection.execute(secrets.select())).all()
        assert "horse" not in str(row)
        assert await project_secrets.opened(connection, P, "stripe") == VALUE
        assert await project_secrets.every(connection, Q) == ()
        with pytest.raises(NotFound, match="no secret:stripe"):
            await project_secrets.opened(connection, Q, "stripe")
    async with database.transaction() as tx:
        assert not await project_secrets.forget(tx, Q, "stripe")
        assert await project_secrets.forget(tx, P, "stripe")


async def test_after_a_restart_every_text_is_without_it(
    database: Database, clock: SetClock, seals: Seals
) -> None:
    database.seal_with(seals)
    async with database.transaction() as tx:
        await project_secrets.keep(tx, P, "stripe", VALUE, by="a:b:c", at=clock.now())
    again = Database(database.url)
    again.seal_with(seals)
    said = f"it is {VALUE.get_secret_value()}"
    assert again.redactor(said) == said
    async with again.reading() as connection:
        await project_secrets.learn_all(connection)
    assert again.redactor(said) == "it is •••"
    await again.close()


async def test_without_a_key_nothing_is_kept(database: Database, clock: SetClock) -> None:
    async with database.transaction() as tx:
        with pytest.raises(Misconfigured, match="no key"):
            await project_secrets.keep(tx, P, "stripe", VALUE, by="a:b:c", at=clock.now())
