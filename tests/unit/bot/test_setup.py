"""Nobody becomes an owner by speaking first: new channels wait for somebody who may set them up."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot import places
from bot.cli.app import run
from bot.config.projects import rules_of
from bot.config.settings import Settings
from memory.model.agents.spec import EffectClass
from memory.model.authority import About, Allowed, Denied, Right, Roles, authorise, terms
from memory.model.identity import Identity, Role, ThreadRef
from memory.store.engine import schema
from memory.store.engine.database import Connection, Database, database_url
from memory.store.knowledge import projects
from memory.store.money import budgets
from memory.store.tables import audit
from tests.conftest import SetClock
from tests.flows.bench import Bench, Talk, person

NEW = ThreadRef(platform="testchat", workspace="w", channel="c9", thread="t9")
DIRECT = ThreadRef(platform="slack", workspace="T1", channel="D1")
ANA = Identity(platform="slack", workspace="T1", user_id="U1")
WAITS = "This channel isn't set up yet"


async def role_in(ready: Bench, name: str) -> Role | None:
    async with ready.services.database.reading() as connection:
        project = await projects.of_channel(connection, NEW)
        assert project is not None
        known = await projects.members_of(connection, project)
    return next((role for key, _, role in known if key == person(name).key), None)


async def test_a_new_channel_does_nothing_until_an_admin_sets_it_up(talk: Talk) -> None:
    async with talk() as ready:
        ready.thread = NEW
        for words in ("write the report", "make @bo owner", "stop all", "budget $50 a month"):
            await ready.say("bo", words)
            assert WAITS in ready.heard(), words
            assert "plan" not in ready.heard().casefold()
        assert await role_in(ready, "bo") is Role.MEMBER
        await ready.press("bo", "Set up")
        assert "Only an admin of this installation or the owner" in ready.heard()
        await ready.say("bo", "set up")
        assert "Only an admin of this installation or the owner" in ready.heard()
        await ready.press("ana", "Set up")
        assert "This channel is set up, and ana owns" in ready.heard()
        assert await role_in(ready, "ana") is Role.OWNER
        await ready.say("bo", "write the report")
        assert "1 task" in ready.heard() or "tasks" in ready.heard()
        assert await role_in(ready, "bo") is Role.MEMBER
        await ready.press("ana", "Set up")
        assert "already set up" in ready.heard()
        rows = sa.select(audit.c.actor).where(audit.c.action == "place.confirmed")
        async with ready.services.database.reading() as connection:
            assert (await connection.execute(rows)).scalars().all() == [person("ana").key]


async def test_the_owner_of_another_project_may_set_a_channel_up(talk: Talk) -> None:
    async with talk(owners=("kim",)) as ready:
        ready.thread = NEW
        await ready.say("bo", "hello")
        await ready.say("kim", "set up")
        assert "kim owns its project" in ready.heard()
        assert await role_in(ready, "kim") is Role.OWNER


async def test_direct_messages_are_a_sandbox_with_a_small_budget(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, workspace=tmp_path)
    async with database.transaction() as tx:
        project = await places.settle(tx, settings, DIRECT, at=clock.now())
        assert await places.is_open(tx, settings, DIRECT)
        assert await places.role_of(tx, settings, project, ANA, at=clock.now()) is Role.OWNER
        (budget,) = await budgets.budgets_of(tx, project)
        assert budget.limit_micro_usd == 5_000_000
        rules = await rules_of(settings, tx, project, now=clock.now())
        assert await projects.owners(tx) == {}  # it doesn't make one an owner elsewhere
    for effect in (EffectClass.PUBLISH, EffectClass.EXEC, EffectClass.CONFIGURE):
        about = terms(ANA, effect, Roles({ANA.key: Role.OWNER}), rules)
        said = authorise(ANA, Role.OWNER, Right.APPROVE, about)
        assert isinstance(said, Denied)
        assert "your own sandbox" in said.message
    written = terms(ANA, EffectClass.WRITE, Roles({ANA.key: Role.OWNER}), rules)
    assert isinstance(authorise(ANA, Role.OWNER, Right.APPROVE, written), Allowed)
    own = About(sandbox=True)
    assert isinstance(authorise(ANA, Role.OWNER, Right.SET_BUDGET, own), Denied)
    by_admin = About(sandbox=True, admin=True)
    assert isinstance(authorise(ANA, Role.OWNER, Right.SET_BUDGET, by_admin), Allowed)


def test_the_terminal_lists_and_sets_up_channels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ThreadRef(platform="slack", workspace="T1", channel="C1")

    async def spoken_to() -> None:
        database = Database(database_url(tmp_path))
        await schema.upgrade(database)
        settings = Settings(data=tmp_path, workspace=tmp_path)
        async with database.transaction() as tx:
            await places.settle(tx, settings, where, at=datetime(2026, 3, 2, tzinfo=UTC))
        await database.close()

    asyncio.run(spoken_to())
    at = ["--data", str(tmp_path), "--workspace", str(tmp_path)]
    assert run(["place", "list", *at]) == 0
    assert "slack:T1:C1" in capsys.readouterr().out
    assert run(["place", "confirm", "slack:T1:C1", "--owner", "U1", *at]) == 2
    assert "isn't a whole id" in capsys.readouterr().err
    assert run(["place", "confirm", "slack:T1:C1", "--owner", "slack:T1:U1", *at]) == 0
    assert "U1 owns its project" in capsys.readouterr().out
    assert run(["place", "list", *at]) == 0
    assert "No channel waits" in capsys.readouterr().out


async def test_channels_at_work_before_stay_so_and_direct_messages_become_sandboxes(
    tmp_path: Path,
) -> None:
    database = Database(database_url(tmp_path))
    await schema.upgrade(database)

    def before(connection: sa.Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(schema.MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")
        for change in (
            "INSERT INTO projects (id, name, name_key, root, created_at) "
            "VALUES ('c', 'c', 'c', '/c', '2026-01-01'), ('d', 'd', 'd', '/d', '2026-01-01')",
            "INSERT INTO channels (platform, workspace, channel, project_id) "
            "VALUES ('slack', 'T1', 'C1', 'c'), ('slack', 'T1', 'D1', 'd')",
        ):
            connection.execute(sa.text(change))

    async with database.transaction() as tx:
        await tx.run_sync(before)
    await schema.upgrade(database)

    async def look(connection: Connection) -> None:
        assert await projects.unconfirmed(connection) == ()
        found = {row.id: row.sandbox for row in await connection.execute(_SANDBOXES)}
        assert found == {"c": False, "d": True}

    async with database.reading() as connection:
        await look(connection)
    await database.close()


_SANDBOXES = sa.text("SELECT id, sandbox FROM projects")
