"""What waits for a place that takes nothing: whatever shuts and opens meanwhile, all goes out in order."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from random import Random

import pytest
import sqlalchemy as sa

from bot.chat import Holds, Outgoing, SendFailed, say
from memory.model.identity import MessageRef, ThreadRef
from memory.store.tables import outbox as rows
from memory.store.traffic import outbox
from tests.flows.atwork import TEST
from tests.flows.bench import Bench, Talk
from tests.flows.platform import RecordingPlatform

PLATFORM, CHANNELS, THREADS = "testchat:", ("c1", "c2", "c3"), ("t1", "t2")
STEPS = 150
SEEDS = range(8)


@dataclass
class Doors(RecordingPlatform):
    """Refuses what is for a shut place; the widest is found out first."""

    shut: dict[str, Holds] = field(default_factory=dict)
    random: Random = field(default_factory=Random)

    async def post(
        self,
        thread: ThreadRef,
        out: Outgoing,
        files: Mapping[str, bytes],
        *,
        key: str,
        edits: MessageRef | None = None,
    ) -> MessageRef:
        for _ in range(self.random.randrange(8)):
            await asyncio.sleep(0)
        for place, holds in sorted(self.shut.items(), key=lambda one: len(one[0])):
            if thread.key.startswith(place):
                raise SendFailed("nothing goes there", holds=holds)
        return await super().post(thread, out, files, key=key, edits=edits)

    def turn(self, place: str, holds: Holds) -> None:
        """Open the place where it's shut, else shut it."""
        if self.shut.pop(place, None) is None:
            self.shut[place] = holds


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_lost_doubled_or_overtaken_however_places_shut_and_open(
    seed: int, talk: Talk
) -> None:
    random = Random(seed)
    doors = Doors(random=random)
    async with talk(platform=doors) as ready:
        numbers = count()
        for _ in range(STEPS):
            await _something(ready, doors, random, next(numbers))
        doors.shut.clear()
        await _all_out(ready)
    said: dict[str, list[int]] = defaultdict(list)
    for message in doors.messages:
        if message.key.startswith("say:"):
            said[message.ref.where.key].append(int(message.key.removeprefix("say:")))
    assert said
    assert all(each == sorted(set(each)) for each in said.values())


async def _something(ready: Bench, doors: Doors, random: Random, number: int) -> None:
    channel = ThreadRef(platform="testchat", workspace="w", channel=random.choice(CHANNELS))
    thread = channel.model_copy(update={"thread": random.choice(THREADS)})
    match random.randrange(8):
        case 0:
            places: dict[str, Holds] = {
                PLATFORM: "platform", channel.key: "channel", thread.key: "thread"
            }  # fmt: skip
            doors.turn(*random.choice([*places.items()]))
        case 1:
            ready.clock.forward(seconds=random.randrange(400))
        case 2:
            for _ in range(random.randrange(60)):
                await asyncio.sleep(0)
        case _:
            await _put(ready, thread, f"say:{number}")
    ready.services.wakeups.outbox.ring()


async def _put(ready: Bench, thread: ThreadRef, key: str) -> None:
    body, at = say(key).model_dump(mode="json"), ready.clock.now()
    async with ready.services.database.transaction() as tx:
        await outbox.put(tx, key, project=TEST, thread=thread, body=body, at=at)


async def _all_out(ready: Bench) -> None:
    """Every message is out, soon after every place is open again."""
    states = sa.select(rows.c.state).where(rows.c.key.startswith("say:")).distinct()
    async with asyncio.timeout(30):
        while True:
            ready.clock.forward(minutes=6)
            ready.services.wakeups.outbox.ring()
            await ready.settled()
            async with ready.services.database.reading() as connection:
                if set((await connection.execute(states)).scalars()) == {"sent"}:
                    return
