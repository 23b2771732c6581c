"""The program dies at every named point of the conversation; nothing is lost or said twice."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat import Incoming, SendFailed
from memory.model.crash import arm
from memory.store.engine.database import Database
from memory.store.traffic import jobs
from tests.conftest import SetClock
from tests.flows.bench import THREAD, bench, person
from tests.flows.platform import RecordingPlatform
from tests.flows.scripted import ScriptedExecutor

POINTS = (
    "before_receive",
    "after_receive",
    "after_claim_event",
    "in_decision",
    "after_decision",
    "after_planning",
    "before_send",
    "after_send_before_mark",
    "after_mark_sent",
    "in_report",
    "after_report",
)


class Died(BaseException):
    """What kill -9 is to a test in one process."""


class Killer:
    """Dies the n-th time its point is passed, and only then."""

    def __init__(self, when: int) -> None:
        self.left = when

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Died


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    for point in POINTS:
        arm(point, lambda: None)


class World:
    """What survives a death: database, platform, executor; events are handed over until taken."""

    def __init__(self, database: Database, clock: SetClock, folder: Path) -> None:
        self.database = database
        self.clock = clock
        self.folder = folder
        self.platform = RecordingPlatform()
        self.executor = ScriptedExecutor(database, clock, asked=person("kim"))
        self.deaths = 0

    async def hand_over(self, event: Incoming) -> None:
        for _ in range(4):
            try:
                async with bench(
                    self.database,
                    self.clock,
                    self.folder,
                    platform=self.platform,
                    executor=self.executor,
                ) as ready:
                    await ready.app.receive(event)
                    await ready.settled()
                    return
            except BaseExceptionGroup as group:
                if group.subgroup(Died) is None:
                    raise
                self.deaths += 1
        raise AssertionError("it never came to rest")

    def event(self, number: int, **fields: object) -> Incoming:
        event = {
            "event_id": f"e{number}",
            "kind": "message",
            "thread": THREAD,
            "author": person("ana"),
            "message": f"words{number}",
            "at": self.clock.now(),
        }
        return Incoming.model_validate({**event, **fields})

    def shows(self, prefix: str) -> list[str]:
        return [
            message.ref.message
            for message in self.platform.messages
            if message.key.startswith(prefix)
        ]


@pytest.mark.parametrize("when", [1, 2, 3])
@pytest.mark.parametrize("point", POINTS)
async def test_dying_anywhere_loses_nothing_and_says_nothing_twice(
    point: str, when: int, sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    world = World(sqlite, clock, tmp_path)
    arm(point, Killer(when))
    await world.hand_over(world.event(1, text="write a blog post"))
    assert len(world.shows("questions:")) == 1
    await world.hand_over(world.event(2, text="managers, draft"))
    assert len(world.shows("plan:")) == 1
    shown = world.shows("plan:")[0]
    await world.hand_over(world.event(3, kind="reaction", emoji="✅", message=shown))
    assert len(world.shows("done:")) == 1
    assert world.executor.starts == 1
    keys = [message.key for message in world.platform.messages]
    assert len(keys) == len(set(keys)), "a key was posted twice"
    assert world.deaths == 1 or when > 1, "the point was never passed"


async def test_an_event_delivered_three_times_counts_once(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    world = World(database, clock, tmp_path)
    for _ in range(3):
        await world.hand_over(world.event(1, text="write the report"))
    assert len(world.shows("plan:")) == 1


async def test_what_was_said_before_the_start_is_dealt_with_after_it(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path) as ready:
        app = ready.app
    await app.receive(World(sqlite, clock, tmp_path).event(1, text="write the report"))
    async with sqlite.reading() as connection:
        assert await jobs.open_count(connection) == 1
    async with bench(sqlite, clock, tmp_path) as again:
        await again.settled()
        assert "Plan" in again.platform.messages[-1].out.text


async def test_an_ambiguous_send_is_looked_for_before_it_is_repeated(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    platform = RecordingPlatform()
    platform.faults = [(SendFailed("cut", ambiguous=True, retry_after_s=0.0), True)]
    async with bench(sqlite, clock, tmp_path, platform=platform) as ready:
        moving = asyncio.create_task(_let_time_pass(clock))
        await ready.say("ana", "write the report")
        moving.cancel()
    assert [message.key.split(":")[0] for message in platform.messages] == ["plan"]
    assert platform.finds == 1


async def test_a_refused_send_is_tried_again_when_it_was_told_to(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    platform = RecordingPlatform()
    platform.faults = [(SendFailed("429", retry_after_s=0.1), False)] * 3
    async with bench(sqlite, clock, tmp_path, platform=platform) as ready:
        moving = asyncio.create_task(_let_time_pass(clock))
        await ready.say("ana", "write the report")
        moving.cancel()
    assert len(platform.messages) == 1


async def test_a_message_nobody_takes_is_given_up_and_the_rest_goes_on(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    platform = RecordingPlatform()
    platform.faults = [(SendFailed("the channel is gone"), False)]
    async with bench(sqlite, clock, tmp_path, platform=platform) as ready:
        await ready.say("ana", "nonsense")
        assert platform.messages == []
        await ready.say("ana", "help")
        assert "Say what you want done" in ready.heard()


async def _let_time_pass(clock: SetClock) -> None:
    while True:
        clock.forward(seconds=1)
        await asyncio.sleep(0.01)
