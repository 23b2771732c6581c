"""What a command works with: the database, who types, and which project is meant."""

import getpass
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast
from uuid import uuid4

from bot.config.settings import Settings
from memory.model.base import ProjectId
from memory.model.errors import NotFound
from memory.model.identity import Identity, Role, ThreadRef

if TYPE_CHECKING:
    from datetime import datetime

    from bot.actions.act import Actor
    from bot.ports import Work
    from bot.queries.asking import Asking
    from bot.services import Desk
    from memory.store.engine.database import Database

HERE = ThreadRef(platform="console", workspace="local", channel="chat")
"""Where `orchestra chat` talks: its project is the one of the workspace."""

NOWHERE = ProjectId("")
"""Stands for the workspace's project before anybody has talked about it; no row is of it."""


class _NoRuns:
    """Stands where the executor would be: to import one takes a second that few commands need."""

    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError(f"this command opened its desk without an executor, but calls {name}")


@asynccontextmanager
async def at_desk(
    settings: Settings, *, make: bool = False, runs: bool = False
) -> "AsyncIterator[Desk]":
    """Open the database and close it again; `make`: create or upgrade it, else it has to be there.

    `runs` adds an executor that claims no tasks: what it decides is left to whoever works. Raises
    NotFound where nothing was ever stored, Misconfigured for another version, StorageTrouble.
    """
    from bot.services import Desk
    from memory.model.timing.clock import SystemClock

    clock = SystemClock()
    database = await _database(settings, make=make, at=clock.now())
    try:
        if not runs:
            yield Desk(database, clock, settings, cast("Work", _NoRuns()))
            return
        from executor.engine.dbos import DbosEngine
        from executor.service import Executor

        engine = DbosEngine(database, works=False)
        async with Executor(database, [], engine=engine, clock=clock) as executor:
            await executor.ready()
            yield Desk(database, clock, settings, executor)
    finally:
        await database.close()


def login() -> str:
    """The login name, or "you" where the system knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "you"


def you() -> Identity:
    """Who types here."""
    from bot.platforms.console.session import person

    return person(login())


def actor() -> "Actor":
    """Who types here, doing one thing."""
    from bot.actions.act import Actor, Door

    return Actor(identity=you(), door=Door.CLI, event=uuid4().hex)


async def project_of(desk: "Desk", named: str) -> ProjectId:
    """The project of that name, or the workspace's own, made if it's new. Raises NotFound."""
    from bot import places
    from bot.queries.projects import project_named

    if named:
        return await project_named(desk, named)
    async with desk.database.transaction() as tx:
        return await places.settle(tx, desk.settings, HERE, at=desk.clock.now())


@asynccontextmanager
async def looking(desk: "Desk", project: ProjectId | None = None) -> "AsyncIterator[Asking]":
    """A question of whoever types here, about a project or what every project shares.

    Every role may look, so the least one will do.
    """
    from bot.places import known
    from bot.queries.asking import asking

    if project is None:
        async with desk.database.reading() as connection:
            project = await known(connection, desk.settings, HERE)
    async with asking(desk, you(), project or NOWHERE, Role.VIEWER) as question:
        yield question


def write_file(path: Path, data: bytes) -> None:
    """Write a file that the person named, whole or not at all."""
    from executor.egress.files import ProjectFiles

    ProjectFiles(path.absolute().parent).write(path.name, data)


async def _database(settings: Settings, *, make: bool, at: "datetime") -> "Database":
    from memory.store.engine import schema
    from memory.store.engine.database import Database, database_url
    from memory.store.traffic.seal_keys import seal_decisions

    url = settings.database_url.get_secret_value()
    if make:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    elif not url and not (settings.data / "orchestra.db").is_file():
        raise NotFound(
            "Nothing has run yet in {data}. Use --data to name another folder.",
            data=settings.data,
        )
    database = Database(database_url(settings.data, url), settings.redactor)
    try:
        await (schema.upgrade if make else schema.require)(database)
        await seal_decisions(database, settings.seal_keys, at=at)
    except BaseException:
        await database.close()
        raise
    return database
