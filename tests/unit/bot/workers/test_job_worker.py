"""The inbox and outbox tables: order per thread, once per key, on SQLite and Postgres."""

import asyncio
from datetime import timedelta

from memory.model.base import ProjectId
from memory.model.identity import ThreadRef
from memory.model.job import Claimed
from memory.store.engine.database import Database
from memory.store.traffic import jobs, outbox, threads
from tests.conftest import SetClock
from tests.flows.bench import person

PROJECT = ProjectId("p")
HERE = ThreadRef(platform="slack", workspace="t", channel="c", thread="1")


async def _put(database: Database, clock: SetClock, *events: str, thread: str = "t1") -> None:
    async with database.transaction() as tx:
        for event in events:
            await jobs.put(tx, event, thread_key=thread, body={"n": event}, at=clock.now())


async def _claim(database: Database, clock: SetClock, thread: str = "t1") -> Claimed | None:
    async with database.transaction() as tx:
        return await jobs.claim(tx, thread, at=clock.now())


async def test_the_same_event_is_stored_once(database: Database, clock: SetClock) -> None:
    async with database.transaction() as tx:
        first = await jobs.put(tx, "e1", thread_key="t1", body={}, at=clock.now())
        again = await jobs.put(tx, "e1", thread_key="t1", body={"x": 1}, at=clock.now())
    assert (first, again) == (True, False)


async def test_a_thread_has_one_event_under_way_and_keeps_its_order(
    database: Database, clock: SetClock
) -> None:
    await _put(database, clock, "e1", "e2")
    await _put(database, clock, "f1", thread="t2")
    first = await _claim(database, clock)
    assert first is not None
    assert first.event_id == "e1"
    assert await _claim(database, clock) is None
    assert (await _claim(database, clock, "t2")) is not None
    async with database.transaction() as tx:
        await jobs.finish(tx, first.seq, at=clock.now())
    second = await _claim(database, clock)
    assert second is not None
    assert second.event_id == "e2"


async def test_two_workers_never_claim_one_event(database: Database, clock: SetClock) -> None:
    await _put(database, clock, *(f"e{number}" for number in range(3)))
    claims = await asyncio.gather(*(_claim(database, clock) for _ in range(8)))
    assert len([claim for claim in claims if claim is not None]) == 1


async def test_what_a_dead_process_held_is_taken_up_again_first(
    database: Database, clock: SetClock
) -> None:
    await _put(database, clock, "e1", "e2")
    await _claim(database, clock)
    async with database.transaction() as tx:
        assert await jobs.take_up_again(tx) == 1
    again = await _claim(database, clock)
    assert again is not None
    assert (again.event_id, again.attempts) == ("e1", 2)


async def test_three_failures_put_an_event_aside_and_the_next_goes_on(
    database: Database, clock: SetClock
) -> None:
    await _put(database, clock, "e1", "e2")
    over = []
    for _ in range(3):
        event = await _claim(database, clock)
        assert event is not None
        async with database.transaction() as tx:
            over.append(await jobs.give_back(tx, event, "ValueError", at=clock.now()))
    assert over == [False, False, True]
    after = await _claim(database, clock)
    assert after is not None
    assert after.event_id == "e2"


async def _say(database: Database, clock: SetClock, key: str, *, edits: str = "") -> bool:
    async with database.transaction() as tx:
        return await outbox.put(
            tx, key, project=PROJECT, thread=HERE, body={}, edits=edits, at=clock.now()
        )


async def test_a_key_is_put_down_once_and_only_the_newest_edit_remains(
    database: Database, clock: SetClock
) -> None:
    assert await _say(database, clock, "plan")
    assert not await _say(database, clock, "plan")
    for number in range(3):
        await _say(database, clock, f"edit{number}", edits="plan")
    assert await _goes_out(database, clock) == ["plan"]
    assert await _goes_out(database, clock) == ["edit2"]
    assert await _goes_out(database, clock) == []


async def _goes_out(database: Database, clock: SetClock, *, fails: str = "") -> list[str]:
    """The keys of what is sent next; the one that `fails` is tried again much later."""
    async with database.transaction() as tx:
        rows = await outbox.waiting(tx, ["slack"], now=clock.now())
        for row in rows:
            if row.key == fails:
                later = clock.now() + timedelta(hours=1)
                await outbox.try_later(tx, row.seq, "", not_before=later, ambiguous=False)
            else:
                await outbox.mark_sent(tx, row.seq, row.key, at=clock.now())
    return [row.key for row in rows]


async def test_nobodys_pile_of_messages_goes_out_before_another_persons_first(
    database: Database, clock: SetClock
) -> None:
    said = [("ana", "1"), ("ana", "1"), ("ana", "2"), ("ana", "3"), ("bo", "4"), ("bo", "4")]
    async with database.transaction() as tx:
        for number, (who, thread) in enumerate(said):
            there = HERE.model_copy(update={"thread": thread})
            await threads.ensure(tx, there, PROJECT, opened_by=person(who), at=clock.now())
            key = f"{who}{thread}.{number}"
            await outbox.put(tx, key, project=PROJECT, thread=there, body={}, at=clock.now())
    assert await _goes_out(database, clock, fails="ana1.0") == ["ana1.0", "bo4.4"]
    assert await _goes_out(database, clock) == ["ana2.2", "bo4.5"]
    assert await _goes_out(database, clock) == ["ana3.3"]
    assert await _goes_out(database, clock) == []
    clock.moment += timedelta(hours=2)
    assert await _goes_out(database, clock) == ["ana1.0"]
    assert await _goes_out(database, clock) == ["ana1.1"]


async def test_what_is_parked_is_overtaken_by_nothing_in_its_thread(
    database: Database, clock: SetClock
) -> None:
    await _say(database, clock, "first")
    await _say(database, clock, "second")
    async with database.transaction() as tx:
        assert await outbox.park(tx, HERE.key) == 2
    await _say(database, clock, "third")
    assert await _goes_out(database, clock) == []
    async with database.transaction() as tx:
        (first,) = await outbox.parked(tx, HERE.key, limit=1)
        await outbox.unpark(tx, HERE.key, only=first.seq)
        assert await outbox.is_to_go(tx, first.seq)
    assert await _goes_out(database, clock) == ["first"]
    assert await _goes_out(database, clock) == []
    async with database.transaction() as tx:
        assert not await outbox.is_to_go(tx, first.seq)
        assert await outbox.unpark(tx, HERE.key) == 1
    assert await _goes_out(database, clock) == ["second"]
    assert await _goes_out(database, clock) == ["third"]


async def test_a_message_is_found_by_its_platform_id_in_its_channel_only(
    database: Database, clock: SetClock
) -> None:
    await _say(database, clock, "plan")
    async with database.transaction() as tx:
        row = (await outbox.waiting(tx, ["slack"], now=clock.now()))[0]
        await outbox.begin_send(tx, row.seq)
        assert await outbox.under_way(tx, HERE.channel_ref())
        await outbox.park(tx, HERE.key)
        assert await outbox.under_way(tx, HERE.channel_ref())
        await outbox.mark_sent(tx, row.seq, "17.4", at=clock.now())
    elsewhere = HERE.model_copy(update={"channel": "other", "thread": ""})
    async with database.reading() as connection:
        found = await outbox.by_message(connection, HERE.channel_ref(), "17.4")
        assert found is not None
        assert (found.key, found.thread) == ("plan", HERE)
        assert await outbox.by_message(connection, elsewhere, "17.4") is None
