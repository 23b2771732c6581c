"""A secret that is pasted becomes a handle where the person may keep it, and is refused else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.actions.act import Actor, Door, perform
from bot.actions.keys.project_secrets import ForgetSecret, KeepSecrets, NewSecret, forget, keep
from bot.language.secret_words import about_secrets, stated, usual_name
from bot.pasted import MOST, Pasted
from memory.model.agents.handles import filled, names_in
from memory.model.base import ProjectId
from memory.model.errors import BadInput, NotAllowed, NotFound
from memory.privacy.redaction import Found, shapes
from memory.privacy.seals import Seals, make
from memory.store.engine.database import Database
from memory.store.knowledge import project_secrets
from memory.store.tables import audit, metadata
from tests.flows.bench import Bench, Talk, person

TEST = ProjectId("test")
STRIPE = "sk_live_" + "9aZ8yX7wV6uT5sR4qP3o"
PLAIN = "correct-horse-battery"


@asynccontextmanager
async def keyed(talk: Talk, database: Database, folder: Path) -> AsyncIterator[Bench]:
    """Ana owns the project and bo is a member; the keys lie outside the database."""
    make(folder / "seal.keys")
    database.seal_with(Seals(folder / "seal.keys"))
    async with talk(owners=("ana",)) as ready:
        await ready.say("ana", "@orchestra status")
        yield ready


async def value_of(database: Database, name: str) -> str:
    async with database.reading() as connection:
        return (await project_secrets.opened(connection, TEST, name)).get_secret_value()


async def stored(database: Database, value: str) -> list[str]:
    """The tables that hold the value."""
    async with database.reading() as connection:
        return [
            table.name
            for table in metadata.sorted_tables
            if value in str((await connection.execute(sa.select(table))).all())
        ]


async def test_the_owners_key_becomes_a_handle(
    talk_on_both: Talk, database: Database, tmp_path: Path
) -> None:
    async with keyed(talk_on_both, database, tmp_path) as ready:
        await ready.say("ana", f"our stripe key is {STRIPE}, use it from now on")
        assert "I stored it as `secret:stripe`" in ready.heard()
        assert "Delete your message" in ready.heard()
        await ready.say("ana", "secrets")
        assert "`secret:stripe`: kept by ana" in ready.heard()
        assert "not used yet" in ready.heard()
        assert await value_of(database, "stripe") == STRIPE
        assert await stored(database, STRIPE) == []
        await ready.say("ana", "forget secret stripe")
        assert "deleted `secret:stripe`" in ready.heard()
        with pytest.raises(NotFound):
            await value_of(database, "stripe")
        async with database.reading() as connection:
            query = sa.select(audit.c.action).where(audit.c.action.startswith("secret."))
            rows = (await connection.execute(query.order_by(audit.c.seq))).scalars().all()
        assert rows == ["secret.kept", "secret.forgotten"]


async def test_a_member_is_refused_and_told_who_can(
    talk: Talk, sqlite: Database, tmp_path: Path
) -> None:
    async with keyed(talk, sqlite, tmp_path) as ready:
        await ready.say("bo", f"@orchestra the stripe key is {STRIPE}")
        assert "blotted it out" in ready.heard()
        assert "Only an approver or the owner" in ready.heard()
        assert "Here that's ana." in ready.heard()
        assert await stored(sqlite, STRIPE) == []
        await ready.say("bo", "@orchestra forget secret stripe")
        assert "Only an approver or the owner" in ready.heard()
        assert ready.app.pasted.of("e2") == ()


async def test_by_its_name_any_value_is_kept_and_replaced(
    talk: Talk, sqlite: Database, tmp_path: Path
) -> None:
    async with keyed(talk, sqlite, tmp_path) as ready:
        await ready.say("ana", f"keep secret:shop = {PLAIN}")
        assert "`secret:shop`" in ready.heard()
        assert await value_of(sqlite, "shop") == PLAIN
        await ready.say("ana", f"set secret:shop to {STRIPE}")
        assert "replaces the one from before" in ready.heard()
        assert await value_of(sqlite, "shop") == STRIPE
        await ready.say("ana", f"what about {PLAIN}?")
        assert await stored(sqlite, PLAIN) == []


async def test_what_nobody_named_gets_a_name_of_its_own(
    talk: Talk, sqlite: Database, tmp_path: Path
) -> None:
    async with keyed(talk, sqlite, tmp_path) as ready:
        await ready.say("ana", f"here: {STRIPE}")
        await ready.say("ana", f"and {STRIPE[:-1]}q")
        assert "`secret:stripe-2`" in ready.heard()
        assert await value_of(sqlite, "stripe") == STRIPE


async def test_without_a_key_to_lock_with_it_is_refused(talk: Talk, sqlite: Database) -> None:
    async with talk(owners=("ana",)) as ready:
        await ready.say("ana", f"our stripe key is {STRIPE}")
        assert "blotted it out" in ready.heard()
        assert "no key here to lock secrets with" in ready.heard()


@pytest.mark.parametrize("door", [Door.CLI, Door.API])
async def test_through_every_door_the_gate_is_the_same(
    talk: Talk, sqlite: Database, tmp_path: Path, door: Door
) -> None:
    async with keyed(talk, sqlite, tmp_path) as ready:
        given = KeepSecrets(secrets=(NewSecret(name="Shop", value=SecretStr(PLAIN)),))
        ana = Actor(identity=person("ana"), door=door, event="1")
        kept = await perform(ready.services, ana, TEST, keep, given)
        assert kept == await perform(ready.services, ana, TEST, keep, given)
        assert kept.names == ("shop",)
        bo = Actor(identity=person("bo"), door=door, event="2")
        for body, wanted in ((keep, given), (forget, ForgetSecret(name="shop"))):
            with pytest.raises(NotAllowed, match="approver or the owner"):
                await perform(ready.services, bo, TEST, body, wanted)  # type: ignore[arg-type]
        with pytest.raises(BadInput, match="8 to"):
            short = KeepSecrets(secrets=(NewSecret(name="s", value=SecretStr("short")),))
            ana = Actor(identity=person("ana"), door=door, event="3")
            await perform(ready.services, ana, TEST, keep, short)


def test_only_a_handle_and_one_word_are_a_secret_by_its_name() -> None:
    assert stated(f"please keep secret:shop = {PLAIN}") == Found("shop", PLAIN)
    for words in (
        "keep secret the recipe of grandmother",
        "save secret santa list to notes.txt",
        "keep secret:shop = short",
        "use secret:shop to fetch the prices of today",
    ):
        assert stated(words) is None
    assert about_secrets("forget secret stripe") is not None
    assert about_secrets("forget the secret of our success") is None


def test_every_kind_has_a_name_that_can_be_said() -> None:
    for shape in shapes():
        name = usual_name(shape.name)
        assert names_in(f"secret:{name}") == (name,)
    assert filled("Bearer secret:Shop-2, secret:shop-2", {"shop-2": "x"}) == "Bearer x, x"


def test_few_secrets_wait_in_memory_at_once() -> None:
    pasted = Pasted()
    for number in range(MOST + 1):
        pasted.hold(str(number), (Found("key", "v"),))
    assert pasted.of("0") == ()
    assert "v" not in repr(pasted.of("1"))
