"""Words approve a plan only where it stood before whoever said them: in any order, on any platform.

The expectation is the plainest there is: the plan's message was out, and the words came after it,
by the platform's own clock where both messages have its time, else by ours.
"""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions.act import Actor, Door, perform
from bot.actions.plans import approvals
from bot.actions.plans.approvals import Decide, Outcome, PlanDecided
from bot.actions.plans.shown import Sight
from bot.chat import say
from bot.config.settings import ProjectSettings, Settings
from bot.services import Desk
from memory.model.base import PlanHash, RequestId
from memory.model.identity import Identity, MessageRef, ThreadRef
from memory.model.work.request import StoredRequest
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.planning import plans, requests
from memory.store.tables import outbox as rows
from memory.store.traffic import outbox, threads
from tests.conftest import SetClock
from tests.contract.approvals.office import PROJECT, Office, empty
from tests.unit.executor.world import plan, task

PLATFORMS = ("slack", "discord", "console")
EVERY = st.sampled_from(PLATFORMS)
COMING = ("new", "sending", "parked", "parked_unsure")
NUMBERS = count()
MS = timedelta(milliseconds=1)
DISCORD_MS = 1_420_070_400_000
OURS_S = 600
"""Our clock is ten minutes ahead of the platforms': only a comparison of like with like is right."""


def message(platform: str, at: datetime) -> str:
    """The platform's id of a message posted then."""
    if platform == "discord":
        return str((int(at.timestamp() * 1000) - DISCORD_MS) << 22)
    return f"{at.timestamp():.6f}"


class Room:
    """One plan after another in a thread of each platform, shown as far as the example says."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder, SetClock())
        self.database, self.clock = self.office.database, self.office.clock
        keys = tuple(self.person(platform).key for platform in PLATFORMS)
        there = ProjectSettings(name="p", channels=("C1",), owners=keys)
        known = Settings(data=folder, workspace=folder, projects=(there,))
        self.desk = Desk(self.database, self.clock, known, self.office.desk.executor)

    def person(self, platform: str) -> Identity:
        return Identity(platform=platform, workspace="W1", user_id="U1")

    def thread(self, platform: str) -> ThreadRef:
        return ThreadRef(platform=platform, workspace="W1", channel="C1", thread="t")

    async def begin(self) -> None:
        async with self.database.transaction() as tx:
            at = self.clock.now()
            await projects.make(tx, PROJECT, name="p", root=self.office.folder, at=at)

    async def shown(self, platform: str, state: str, posted: datetime, noted: datetime) -> PlanHash:
        """A plan whose message is in this state; `posted` by their clock, `noted` by ours."""
        number = next(NUMBERS)
        made = plan(task("think"), title=f"plan {number}", now=self.clock).model_copy(
            update={"request": RequestId(f"r{number}")}
        )
        where, key, at = self.thread(platform), f"plan:{made.hash}", self.clock.now()
        asked = StoredRequest(
            id=made.request, project=PROJECT, thread_key=where.key,
            author=self.person(platform), text="think",
        )  # fmt: skip
        async with self.database.transaction() as tx:
            await threads.ensure(tx, where, PROJECT, opened_by=asked.author, at=at)
            await requests.create(tx, asked, at=at)
            await plans.keep(tx, made, thread_key=where.key, message_key=key, at=at)
            if state != "none":
                await self._sent(tx, where, key, state, message(platform, posted), noted)
        return made.hash

    async def _sent(
        self, tx: Connection, where: ThreadRef, key: str, state: str, ts: str, noted: datetime
    ) -> None:
        body = say("the plan").model_dump(mode="json")
        await outbox.put(tx, key, project=PROJECT, thread=where, body=body, at=noted)
        seq = (await tx.execute(sa.select(rows.c.seq).where(rows.c.key == key))).scalar_one()
        match state:
            case "parked":
                await outbox.park(tx, where.key)
            case "parked_unsure":
                await outbox.begin_send(tx, seq)
                await outbox.park(tx, where.key)
            case "sending":
                await outbox.begin_send(tx, seq)
            case "failed":
                await outbox.mark_failed(tx, seq, "refused")
            case "sent":
                await outbox.mark_sent(tx, seq, ts, at=noted)

    async def says(self, platform: str, which: PlanHash, words: str, came: datetime) -> PlanDecided:
        actor = Actor(identity=self.person(platform), door=Door.CHAT, event=f"e{next(NUMBERS)}")
        told = Decide(plan=which, via="words", message=words, at=came)
        return await perform(self.desk, actor, PROJECT, approvals.approve, told)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("seen")
    shutil.copytree(empty(), made, dirs_exist_ok=True)
    return made


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    platform=EVERY,
    speaker=EVERY,
    state=st.sampled_from(("none", "failed", *COMING, *["sent"] * 6)),
    said_ms=st.integers(-5, 5) | st.integers(-3000, 3000),
    noted_ms=st.integers(0, 3000),
    came_ms=st.integers(-3000, 3000),
)
def test_what_nobody_has_seen_is_never_approved_and_what_was_seen_always(
    folder: Path,
    platform: str,
    speaker: str,
    state: str,
    said_ms: int,
    noted_ms: int,
    came_ms: int,
) -> None:
    async def decided() -> PlanDecided:
        room = Room(folder)
        try:
            await room.begin()
            theirs = room.clock.now()
            ours = theirs + timedelta(seconds=OURS_S)
            noted = ours + noted_ms * MS
            which = await room.shown(platform, state, theirs, noted)
            words = message(speaker, theirs + said_ms * MS)
            return await room.says(speaker, which, words, ours + came_ms * MS)
        finally:
            await room.database.close()

    like = platform == speaker != "console"
    after = said_ms > 0 if like else came_ms >= noted_ms
    if platform == speaker and said_ms == 0:
        after = True  # with the very id of the plan's message: typed at one of its buttons
    result = asyncio.run(decided())
    assert (result.outcome is Outcome.APPROVED) == (state == "sent" and after)
    assert (result.sight is Sight.SEEN) == (result.outcome is Outcome.APPROVED)
    if state in COMING:
        assert result.sight is Sight.COMING
    if state in {"none", "failed"}:
        assert result.sight is Sight.NOWHERE


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_a_word_about_the_older_plan_never_approves_the_newer_one(
    folder: Path, platform: str
) -> None:
    """Said a millisecond before the newer plan stood there, it came in long after that."""
    room = Room(folder)
    try:
        await room.begin()
        at = room.clock.now()
        await room.shown(platform, "sent", at, at)
        newer = await room.shown(platform, "sent", at + 5 * MS, at)
        late = at + timedelta(minutes=5)
        early = await room.says(platform, newer, message(platform, at + 4 * MS), late)
        assert early.outcome is Outcome.UNSEEN
        right = await room.says(platform, newer, message(platform, at + 6 * MS), at)
        assert right.outcome is Outcome.APPROVED
    finally:
        await room.database.close()


def test_the_platforms_ids_tell_when_a_message_was_posted_to_the_last_digit() -> None:
    at = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    for platform, exact in (("slack", at), ("discord", at.replace(microsecond=123000))):
        where = ThreadRef(platform=platform, workspace="w", channel="c")
        assert MessageRef(where=where, message=message(platform, at)).posted_at == exact
        for nonsense in ("", "m1", "1.x", "-5", "12.34.56"):
            assert MessageRef(where=where, message=nonsense).posted_at is None
    console = ThreadRef(platform="console", workspace="w", channel="c")
    assert MessageRef(where=console, message="1700000000.000100").posted_at is None
