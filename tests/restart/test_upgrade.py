"""Runs under way go on with the next version; `version_0001.json` was left by the one before."""

import asyncio
import base64
import inspect
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from executor.port import Call, Reply
from memory.model.agents.spec import AgentKind
from memory.model.base import RunId
from memory.model.errors import Misconfigured
from memory.model.identity import Role
from memory.model.timing.clock import SystemClock
from memory.model.work.run import Usage
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.knowledge import projects, rules
from memory.store.planning import preferences
from memory.store.tables import attempts, budget_periods, effects, ledger
from memory.store.traffic import audit
from tests.unit.executor.world import ANA, PROJECT, THREAD, World, says, scripted, world

LEFT = json.loads((Path(__file__).parent / "version_0001.json").read_text())
"""A run that works and asks a person, one that was inside an effect, one that is paused."""
COST = 300


@pytest.fixture(params=["sqlite", "postgres"])
async def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database with the tables of version 0001."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(database_url(tmp_path, url))
    async with database.transaction() as tx:
        await tx.run_sync(_tables_of, "0001")
    return database


@pytest.fixture
async def old(bare: Database, tmp_path: Path) -> Database:
    """The same as version 0001 left it when it was killed, with work under way."""
    await asyncio.to_thread(_engine_tables, bare)
    async with bare.transaction() as tx:
        await tx.run_sync(_fill, None, LEFT["ours"], tmp_path)
        engines = None if bare.is_sqlite else "dbos"
        await tx.run_sync(_fill, engines, LEFT["tickets"], tmp_path)
    return bare


def _tables_of(connection: sa.Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _engine_tables(database: Database) -> None:
    from dbos import DBOS

    driver = "sqlite" if database.is_sqlite else "postgresql+psycopg"
    DBOS.migrate(database.url.set(drivername=driver).render_as_string(hide_password=False))


def _fill(
    connection: sa.Connection, owner: str | None, left: dict[str, list[dict[str, Any]]], root: Path
) -> None:
    found = sa.MetaData(schema=owner)
    found.reflect(connection, only=list(left))
    for table in found.sorted_tables:
        rows = [
            {name: _value(table.c[name].type, value, root) for name, value in row.items()}
            for row in left[table.name]
        ]
        for row in rows:
            connection.execute(sa.insert(table).values(row))
        if "seq" in table.c and connection.dialect.name == "postgresql":
            counter = sa.func.pg_get_serial_sequence(table.name, "seq")
            connection.execute(sa.select(sa.func.setval(counter, max(row["seq"] for row in rows))))


def _value(kind: sa.types.TypeEngine[Any], value: Any, root: Path) -> Any:
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(kind, sa.JSON):
        return json.loads(value)
    if isinstance(kind, sa.Boolean):
        return bool(value)
    return str(root) if value == "ROOT" else value


async def test_runs_that_the_version_before_left_go_on_to_their_ends(
    old: Database, tmp_path: Path
) -> None:
    done = {row["key"].rsplit(":", 1)[0]: 1 for row in LEFT["ours"]["effects"] if row["digest"]}
    book = Counter[str](done)

    async def write(call: Call) -> Reply:
        book[call.effect_key] += 1
        return says("written")

    async def think(call: Call) -> Reply:
        return says("thought", Usage(tokens_in=1, tokens_out=1, requests=1, cost_micro_usd=COST))

    agents = [scripted(), scripted("writer", write), scripted("model", think, kind=AgentKind.MODEL)]
    await schema.upgrade(old)
    async with old.transaction() as tx:  # the chat, which was not there, keeps who spoke in it
        await projects.set_role(tx, PROJECT, ANA, Role.OWNER, at=SystemClock().now())
    async with world(old, tmp_path, agents) as here:
        names = [RunId(row["id"]) for row in LEFT["ours"]["runs"]]
        assert await here.executor.resume(PROJECT, names[2], by="ana")
        await _answer(here, 2)
        assert {(await here.over(run)).state.value for run in names} == {"succeeded"}
    await _all_is_well(old, book)
    await old.close()


async def _answer(here: World, people: int) -> None:
    """One question was asked by the old program, the other is by the new one."""
    answered: set[str] = set()
    async with asyncio.timeout(30):
        while len(answered) < people:
            for wait in await here.executor.open_waits(THREAD):
                assert await here.executor.answer(PROJECT, wait.id, "yes", by=ANA)
                answered.add(wait.id)
            await asyncio.sleep(0.02)


async def _all_is_well(database: Database, book: Counter[str]) -> None:
    async with database.reading() as connection:
        rows = (await connection.execute(sa.select(effects.c.key, effects.c.state))).all()
        assert {row.state for row in rows} == {"done"}
        assert Counter(row.key.rsplit(":", 1)[0] for row in rows) == book
        sums = Counter[str]()
        lost = 0
        for line in await connection.execute(sa.select(ledger)):
            sums[line.kind] += line.amount_micro_usd
            lost += line.amount_micro_usd if line.kind == "settle" and line.estimated else 0
        assert sums["reserve"] == sums["settle"] + sums["release"]
        # A call that was under way when its worker died is booked at all it may have cost.
        assert sums["settle"] == len(LEFT["ours"]["runs"]) * COST + lost
        assert 0 < lost <= sums["reserve"] - len(LEFT["ours"]["runs"]) * COST
        (period,) = (await connection.execute(sa.select(budget_periods))).all()
        assert (period.spent_micro_usd, period.reserved_micro_usd) == (sums["settle"], 0)
        states = set((await connection.execute(sa.select(attempts.c.state))).scalars())
        assert states == {"succeeded", "held"}
        assert await audit.first_broken(connection) is None


async def test_several_workers_may_bring_the_tables_up_to_date_at_the_same_moment(
    bare: Database,
) -> None:
    others = [Database(bare.url) for _ in range(3)]
    await asyncio.gather(*(schema.upgrade(one) for one in [bare, *others]))
    for one in [bare, *others]:
        await schema.require(one)
        await one.close()


async def test_what_people_always_wanted_is_among_the_rules(bare: Database) -> None:
    wanted = {"always write for managers": "write for managers", "agent for draft": "Claude"}
    async with bare.transaction() as tx:
        for slot, value in {**wanted, "reader": "managers"}.items():
            await preferences.prefer(tx, PROJECT, ANA.key, slot, value, at=datetime.now(UTC))
    await schema.upgrade(bare)
    async with bare.reading() as connection:
        held = await rules.known(connection, PROJECT, ANA.key)
        assert {rule.text for rule in held} == {
            "always write for managers", "always use Claude for draft",
        }  # fmt: skip
        assert [rule.routing.agent for rule in held if rule.routing] == ["Claude"]
        choices = await preferences.preferences_of(connection, PROJECT, ANA.key)
        assert choices == {"reader": "managers"}
    await bare.close()


async def test_a_database_of_a_newer_version_is_refused_with_what_to_do(bare: Database) -> None:
    async with bare.transaction() as tx:
        await tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for refused in (schema.upgrade(bare), schema.require(bare)):
        with pytest.raises(Misconfigured) as told:
            await refused
        assert "9999" in told.value.user_text
        assert "newer" in told.value.user_text
    await bare.close()


def test_migrations_take_nothing_away_that_the_version_before_still_uses() -> None:
    import importlib

    folder = schema.MIGRATIONS / "versions"
    later = [path.stem for path in sorted(folder.glob("[0-9]*.py")) if path.name[:4] > "0001"]
    assert later
    for name in later:
        module = importlib.import_module(f"memory.store.migrations.versions.{name}")
        source = inspect.getsource(module.upgrade)
        assert not re.search(r"drop_(table|column|constraint)|rename_|alter_column", source), name
        for added in re.findall(r"add_column\(\s*(sa\.Column\(.*?\))\s*\)\n", source, re.DOTALL):
            assert "nullable=True" in added or "server_default" in added, added
