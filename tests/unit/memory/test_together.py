"""Transactions that share a commit: each happens as a whole or not at all, whatever the others do."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from memory.model.base import ProjectId
from memory.store.engine.database import Connection, Database
from memory.store.engine.deferred import Step, after_commit, at_end
from memory.store.tables import inbox as rows
from memory.store.traffic import jobs, news

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PROJECT = ProjectId("p")


class Refused(Exception):
    """What a body may raise."""


async def keep(tx: Connection, name: str) -> str:
    await jobs.put(tx, name, thread_key="t", body={}, at=NOW)
    return name


async def kept(database: Database) -> set[str]:
    async with database.reading() as connection:
        return set((await connection.execute(sa.select(rows.c.event_id))).scalars())


async def test_one_that_fails_takes_nobody_with_it(database: Database) -> None:
    done: list[str] = []

    async def body(tx: Connection, name: str) -> str:
        await keep(tx, name)
        after_commit(tx, lambda: done.append(name))
        if name == "n3":
            raise Refused
        return name

    names = [f"n{number}" for number in range(8)]
    ends = await asyncio.gather(
        *(database.at_once(lambda tx, name=name: body(tx, name)) for name in names),
        return_exceptions=True,
    )
    well = [name for name in names if name != "n3"]
    assert [end for end in ends if isinstance(end, str)] == well
    assert [type(end) for end in ends if not isinstance(end, str)] == [Refused]
    assert await kept(database) == set(well)
    assert sorted(done) == well, "what follows a commit follows it once"


async def test_what_fails_before_the_commit_fails_it_alone(database: Database) -> None:
    async def write(tx: Connection, told: Sequence[str]) -> None:
        del tx
        if "bad" in told:
            raise Refused

    async def body(tx: Connection, name: str) -> str:
        await keep(tx, name)
        await at_end(tx, write, name, Step.STATE)
        return name

    asked = [database.at_once(lambda tx, name=name: body(tx, name)) for name in ("a", "bad", "b")]
    ends = await asyncio.gather(*asked, return_exceptions=True)
    assert [end if isinstance(end, str) else type(end) for end in ends] == ["a", Refused, "b"]
    assert await kept(database) == {"a", "b"}


async def test_those_that_share_a_commit_look_in_one_question(database: Database) -> None:
    asked: list[Sequence[str]] = []

    async def look(tx: Connection, keys: Sequence[str]) -> dict[str, str]:
        del tx
        asked.append(tuple(keys))
        return {key: key.upper() for key in keys if key != "nobody"}

    async def body(tx: Connection, found: str | None) -> str | None:
        del tx
        return found

    names = [*(f"n{number}" for number in range(20)), "nobody"]
    found = await asyncio.gather(*(database.at_once_on(look, name, body) for name in names))
    assert found == [*(name.upper() for name in names[:-1]), None]
    assert sorted(name for some in asked for name in some) == sorted(names)
    assert len(asked) < len(names) / 2


async def test_what_is_left_for_later_has_its_order(database: Database) -> None:
    order: list[str] = []

    async def state(tx: Connection, told: Sequence[str]) -> None:
        del tx
        order.extend(told)

    async def follow(tx: Connection, told: Sequence[str]) -> None:
        order.extend(told)
        await at_end(tx, state, "state again", Step.STATE)

    async with database.transaction() as tx:
        await news.move_cursor(tx, "reader", 1)
        await at_end(tx, last, ("last", order))
        await at_end(tx, follow, "follow", Step.FOLLOW)
        await at_end(tx, state, "state", Step.STATE)
        after_commit(tx, lambda: order.append("committed"))
        order.append("body")
    assert order == ["body", "state", "follow", "state again", "last", "committed"]


async def last(tx: Connection, told: Sequence[tuple[str, list[str]]]) -> None:
    del tx
    for word, order in told:
        order.append(word)


async def test_who_is_cancelled_while_waiting_holds_up_nobody(database: Database) -> None:
    async with asyncio.TaskGroup() as group:
        others = [
            group.create_task(database.at_once(lambda tx, name=name: keep(tx, name)))
            for name in ("a", "b", "c")
        ]
        gone = group.create_task(database.at_once(lambda tx: keep(tx, "gone")))
        await asyncio.sleep(0)
        gone.cancel()
    assert [one.result() for one in others] == ["a", "b", "c"]
    assert await kept(database) >= {"a", "b", "c"}


async def test_a_body_that_waits_for_something_else_is_a_fault(database: Database) -> None:
    async def body(tx: Connection) -> None:
        await keep(tx, "x")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="awaited something else"):
        await database.at_once(body)
    assert await kept(database) == set()


async def test_after_a_commit_needs_one(database: Database) -> None:
    async with database.engine.connect() as connection:
        with pytest.raises(RuntimeError, match="only a transaction"):
            after_commit(connection, lambda: None)
