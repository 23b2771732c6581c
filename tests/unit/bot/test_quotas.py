"""Nobody takes up the whole bot: what is beyond a quota isn't stored, and others don't wait."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.actions.act import Actor, Door, perform
from bot.actions.limits.quotas import SetQuota, set_quota
from bot.actions.plans.knowledge import keep_attachment
from bot.app import App, beside
from bot.chat import Attachment, Incoming
from bot.config.settings import Settings
from bot.services import Turns
from bot.workers.job_worker import THREADS_OF_ONE
from memory.model.errors import NotAllowed
from memory.model.limits import LONG_CHARS
from memory.model.work.quotas import Counted, Scope
from memory.store.engine.database import Database
from memory.store.knowledge import people
from memory.store.tables import inbox, outbox, runs
from memory.store.traffic import jobs, quotas
from tests.conftest import SetClock
from tests.flows.atwork import TEST
from tests.flows.bench import CHANNEL, bench, person
from tests.flows.platform import RecordingPlatform

FEW = {(Scope.PERSON, Counted.MESSAGES): 3, (Scope.PLACE, Counted.MESSAGES): 5}
LONG = "Please sum up what was said about the new office, and write it into a report. " * 500


def message(
    number: int, who: str = "ana", *, text: str = "total the revenue", clock: SetClock
) -> Incoming:
    thread = CHANNEL.model_copy(update={"thread": f"{who}{number}"})
    return Incoming(
        event_id=f"{who}{number}", kind="message", thread=thread, author=person(who),
        message=f"m{who}{number}", text=text, at=clock.now(),
    )  # fmt: skip


@asynccontextmanager
async def receiving(
    database: Database, clock: SetClock, folder: Path, **settings: object
) -> AsyncIterator[tuple[App, RecordingPlatform]]:
    """The door alone: what comes in is stored, and nobody works on it."""
    platform = RecordingPlatform()
    given = Settings.model_validate({"data": folder, "workspace": folder, **settings})
    async with beside() as soon:
        yield App(database, clock, {platform.name: platform}, soon, given), platform


async def stored(database: Database) -> list[str]:
    async with database.reading() as connection:
        rows = await connection.execute(sa.select(inbox.c.event_id).order_by(inbox.c.seq))
        return list(rows.scalars())


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not happened():
            await asyncio.sleep(0)


async def test_what_is_beyond_a_persons_quota_is_not_stored_and_said_once(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with receiving(database, clock, tmp_path, quotas=FEW) as (app, platform):
        for number in range(6):
            await app.receive(message(number, clock=clock))
        await until(lambda: bool(platform.messages))
        assert await stored(database) == ["ana0", "ana1", "ana2"]
        (posted,) = platform.messages
        assert "so many messages an hour from one person: 3. That was one more" in posted.out.text
        assert (
            "ask an admin of this installation to raise it with `quota messages 6"
            in posted.out.text
        )
        async with database.reading() as connection:
            kept = await connection.execute(sa.select(sa.func.count()).select_from(outbox))
        assert kept.scalar_one() == 0
        await app.receive(message(0, "bo", clock=clock))
        assert (await stored(database))[-1] == "bo0"
        clock.forward(seconds=3601)
        await app.receive(message(9, clock=clock))
        assert (await stored(database))[-1] == "ana9"


async def test_a_channel_has_a_quota_whoever_talks(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with receiving(sqlite, clock, tmp_path, quotas=FEW) as (app, platform):
        for who in ("ana", "bo", "kim"):
            for number in range(2):
                await app.receive(message(number, who, clock=clock))
        await until(lambda: bool(platform.messages))
    assert len(await stored(sqlite)) == 5
    assert "ask the owner of this project" in platform.messages[0].out.text


async def test_stop_is_always_heard(sqlite: Database, clock: SetClock, tmp_path: Path) -> None:
    async with receiving(sqlite, clock, tmp_path, quotas=FEW) as (app, _):
        for number in range(4):
            await app.receive(message(number, clock=clock))
        await app.receive(message(7, text="stop all", clock=clock))
        await app.receive(message(8, text="cancel", clock=clock))
    assert (await stored(sqlite))[-2:] == ["ana7", "ana8"]


async def test_the_same_event_again_takes_no_more_room(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with receiving(sqlite, clock, tmp_path, quotas=FEW) as (app, platform):
        for _ in range(5):
            await app.receive(message(0, clock=clock))
        for number in (1, 2, 0, 2):
            await app.receive(message(number, clock=clock))
        await asyncio.sleep(0.01)
        assert not platform.messages
        assert await stored(sqlite) == ["ana0", "ana1", "ana2"]


async def test_linked_accounts_are_one_person(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with database.transaction() as tx:
        code = await people.offer(tx, person("ana"), at=clock.now())
        taken = await people.take(tx, code, person("anabel"), at=clock.now())
        assert taken is not None
        assert await people.link(tx, taken, person("anabel"), at=clock.now())
    async with receiving(database, clock, tmp_path, quotas=FEW) as (app, platform):
        for number in range(2):
            await app.receive(message(number, clock=clock))
            await app.receive(message(number, "anabel", clock=clock))
        await until(lambda: bool(platform.messages))
        assert await stored(database) == ["ana0", "anabel0", "ana1"]
        for who, most in (("ana", 9), ("anabel", 4)):
            clock.forward(seconds=1)
            async with database.transaction() as tx:
                share = (Scope.PERSON, person(who).key, Counted.MESSAGES)
                await quotas.keep(tx, *share, most, by=person("kim"), at=clock.now())
        for number in range(2, 4):
            await app.receive(message(number, clock=clock))
        assert await stored(database) == ["ana0", "anabel0", "ana1", "ana2"]


async def test_a_pile_of_one_person_leaves_room_for_the_others(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with receiving(sqlite, clock, tmp_path) as (app, _):
        for number in range(40):
            await app.receive(message(number, clock=clock))
        await app.receive(message(0, "bo", clock=clock))
    async with sqlite.reading() as connection:
        waiting = await jobs.waiting_threads(connection)
    assert len(waiting) == 41
    assert [who for who in waiting.values() if who == person("bo").key]


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_thousand_long_messages_of_one_do_not_hold_up_anothers_answer(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    """Few of them are worked on between another's question and its answer."""
    async with bench(sqlite, clock, tmp_path) as ready:
        for number in range(1_000):
            await ready.app.receive(message(number, text=LONG, clock=clock))
        before = await answered(sqlite, "ana")
        await ready.app.receive(message(0, "bo", text="what can you do?", clock=clock))
        async with asyncio.timeout(60):
            while not await answered(sqlite, "bo"):
                await asyncio.sleep(0)
        assert await answered(sqlite, "ana") - before <= 4 * THREADS_OF_ONE
        assert len(await stored(sqlite)) < 400


async def answered(database: Database, who: str) -> int:
    async with database.reading() as connection:
        mine = (inbox.c.author == person(who).key) & (inbox.c.state == "done")
        found = await connection.execute(sa.select(sa.func.count()).where(mine))
        return int(found.scalar_one())


async def test_one_person_has_one_long_text_read_at_a_time() -> None:
    turns, order = Turns(), []

    async def read(who: str, name: str, text: str, go: asyncio.Event) -> None:
        async with turns.of(who, text):
            order.append(name)
            await go.wait()

    held, free = asyncio.Event(), asyncio.Event()
    free.set()
    long = "x" * LONG_CHARS
    async with asyncio.TaskGroup() as group:
        group.create_task(read("ana", "first", long, held))
        await until(lambda: order == ["first"])
        group.create_task(read("ana", "second", long, free))
        group.create_task(read("ana", "short", "hi", free))
        group.create_task(read("bo", "other", long, free))
        await until(lambda: {"short", "other"} <= set(order))
        assert "second" not in order
        held.set()
    assert order[-1] == "second"


async def test_quotas_are_shown_and_set_by_those_who_may(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(database, clock, tmp_path, owners=("kim",)) as ready:
        await ready.say("bo", "quota")
        assert "Messages in an hour: one person 1 of 300; this channel 1 of 1,000" in ready.heard()
        await ready.say("bo", "quota messages 2 for this channel")
        assert "Only an approver or the owner of this project" in ready.heard()
        await ready.say("kim", "quota messages 600 an hour for me")
        assert "Only an admin of this installation can do that for everything" in ready.heard()
        await ready.say("kim", "quota messages lots")
        assert "Say it like `quota messages 600 for this channel`" in ready.heard()
        await ready.say("kim", "quota messages 6 for this channel")
        assert ready.heard() == "Messages in an hour, this channel: 6 from now on."
        await ready.say("kim", "quota")
        assert "this channel 6 of 6" in ready.heard()
        await ready.say("bo", "hello")
        await until(lambda: "an hour from one channel: 6." in ready.platform.messages[-1].out.text)


async def test_no_owner_sets_the_quota_of_another_project_s_channel(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path, owners=("kim",)) as ready:
        await ready.say("kim", "hello")
        actor = Actor(identity=person("kim"), door=Door.CLI, event="x")
        for scope, subject in ((Scope.PLACE, "testchat:w:c9:"), (Scope.PROJECT, "prj_other")):
            given = SetQuota(scope=scope, subject=subject, counted=Counted.MESSAGES, most=1)
            with pytest.raises(NotAllowed, match="Only an admin of this installation"):
                await perform(ready.services, actor, TEST, set_quota, given)


async def test_open_plans_have_a_quota(sqlite: Database, clock: SetClock, tmp_path: Path) -> None:
    async with bench(sqlite, clock, tmp_path, owners=("ana",)) as ready:
        await ready.say("ana", "quota plans 1")
        await ready.say("ana", "write the report")
        await ready.say("ana", "write another report about Leeds")
        assert "open in this project as it may have: 1. Run or drop some first" in ready.heard()


async def test_runs_under_way_have_a_quota(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    row = {"id": "r", "project_id": TEST, "plan_hash": "r", "thread_key": "t", "state": "running"}
    row |= {"started_by": person("bo").key, "schedule_id": "", "template": ""}
    async with bench(sqlite, clock, tmp_path, owners=("ana",)) as ready:
        await ready.say("ana", "quota runs 1")
        async with sqlite.transaction() as tx:
            times = {"started_at": clock.now(), "simulated": False, "cost_micro_usd": 0}
            await tx.execute(sa.insert(runs).values(**row, **times))
        await ready.say("ana", "write the report")
        await ready.react("ana", "✅", on="plan")
        assert (
            "under way in this project as it may have: 1. Wait until one is over" in ready.heard()
        )
        async with sqlite.transaction() as tx:
            await tx.execute(sa.update(runs).values(state="succeeded"))
        await ready.say("ana", "run")
        assert "Wait until" not in ready.heard()


async def test_a_plan_that_needs_nobody_waits_where_there_is_no_room(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    row = {"id": "r", "project_id": TEST, "plan_hash": "r", "thread_key": "t", "state": "running"}
    row |= {"started_by": person("bo").key, "schedule_id": "", "template": ""}
    async with bench(sqlite, clock, tmp_path, owners=("ana",)) as ready:
        await ready.say("ana", "policy: reading under $0.50 needs nobody")
        await ready.say("ana", "quota runs 1")
        async with sqlite.transaction() as tx:
            times = {"started_at": clock.now(), "simulated": False, "cost_micro_usd": 0}
            await tx.execute(sa.insert(runs).values(**row, **times))
        await ready.say("ana", "write the report")
        await ready.say("ana", "only 1")
        assert "Done in" not in ready.heard()
        await ready.say("ana", "run")
        assert "under way in this project as it may have: 1." in ready.heard()
        async with sqlite.transaction() as tx:
            await tx.execute(sa.update(runs).values(state="succeeded"))
        await ready.say("ana", "run")
        assert "Done in" in ready.heard()


async def test_a_file_that_does_not_fit_is_not_kept(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path, owners=("ana",)) as ready:
        await ready.say("ana", "quota storage 1 KB")
        big = Attachment(handle="f", name="big.csv", media_type="text/csv", size=2_000)
        with pytest.raises(NotAllowed, match="files may take 1 KB"):
            await keep_attachment(ready.services, TEST, big, ready.platform)
        assert not list(tmp_path.rglob("big.csv"))
