"""The notifier: pace per channel, one edit for many, files by their bytes."""

import asyncio
import time

from bot.chat import OutFile, Outgoing, Section, say
from memory.model.base import ProjectId
from memory.model.identity import ThreadRef
from memory.store.engine.database import Database
from memory.store.running import artifacts
from memory.store.traffic import outbox
from tests.conftest import SetClock
from tests.flows.bench import THREAD, Bench, Talk

TEST = ProjectId("test")


async def _put(
    ready: Bench, key: str, out: Outgoing, *, thread: ThreadRef = THREAD, edits: str = ""
) -> None:
    async with ready.services.database.transaction() as tx:
        await outbox.put(
            tx,
            key,
            project=TEST,
            thread=thread,
            body=out.model_dump(mode="json"),
            edits=edits,
            at=ready.clock.now(),
        )
    ready.services.wakeups.outbox.ring()


async def test_messages_to_one_channel_are_paced_and_other_channels_do_not_wait(talk: Talk) -> None:
    async with talk(pace_s=0.1) as ready:
        began = time.monotonic()
        for number in range(4):
            await _put(ready, f"a{number}", say(f"{number}"))
        other = THREAD.model_copy(update={"channel": "c2"})
        await _put(ready, "b", say("other"), thread=other)
        await ready.settled()
        assert time.monotonic() - began >= 0.3
    keys = [message.key for message in ready.platform.messages]
    assert [key for key in keys if key != "b"] == ["a0", "a1", "a2", "a3"]
    assert keys.index("b") < 3


async def test_many_edits_of_one_message_become_one(talk: Talk) -> None:
    async with talk(pace_s=0.2) as ready:
        await _put(ready, "plan", say("plan"))
        for number in range(20):
            await _put(ready, f"edit{number}", say(f"step {number}"), edits="plan")
            await asyncio.sleep(0)
        await ready.settled()
        shown = ready.platform.messages[0]
        assert shown.out.text == "step 19"
        assert shown.edits <= 2
        assert len(ready.platform.messages) == 1


async def test_files_go_out_with_their_bytes(sqlite: Database, clock: SetClock, talk: Talk) -> None:
    async with talk() as ready:
        async with sqlite.transaction() as tx:
            digest = await artifacts.put(tx, TEST, b"png", "image/png", at=clock.now())
        file = OutFile(name="a.png", digest=digest, media_type="image/png")
        await _put(ready, "a", Outgoing(sections=(Section(text="see"),), files=(file,)))
        await ready.settled()
        assert ready.platform.files == {digest: b"png"}
