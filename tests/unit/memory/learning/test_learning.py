"""Counting how agents do and what people think of it, on SQLite and Postgres."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from memory.model.agents.profile import AgentProfile
from memory.model.agents.signal import Signal, SignalKind
from memory.model.base import ProjectId, RunId
from memory.store.engine.database import Connection, Database
from memory.store.knowledge import learning, signals
from memory.store.tables import task_records
from tests.conftest import SetClock

PROJECT = ProjectId("p")
OTHER = ProjectId("q")
RUN = RunId("run_1")
ANA, BO = "console:local:ana", "console:local:bo"


async def _record(
    tx: Connection,
    attempt: str,
    *,
    clock: SetClock,
    project: ProjectId = PROJECT,
    run: RunId = RUN,
    agent: str = "claude",
    succeeded: bool = True,
    text: str = "review the draft",
    **more: Any,
) -> None:
    ended = learning.Ended(
        project=project,
        attempt=attempt,
        run=run,
        agent=agent,
        task_type="review",
        text=text,
        succeeded=succeeded,
        cost_micro_usd=1_000,
        latency_ms=400,
        at=clock.now(),
        **more,
    )
    await learning.record(tx, ended)


async def _profile(database: Database, agent: str = "claude") -> AgentProfile:
    async with database.reading() as connection:
        found = await learning.profiles_of(connection, PROJECT)
    return next(profile for profile in found if profile.agent == agent)


async def test_attempts_add_up_to_a_profile(database: Database, clock: SetClock) -> None:
    async with database.transaction() as tx:
        await _record(tx, "a1", clock=clock, succeeded=False)
        await _record(tx, "a2", clock=clock)
        await _record(tx, "a3", clock=clock)
    profile = await _profile(database)
    assert (profile.successes, profile.failures, profile.samples) == (2, 1, 3)
    assert (profile.mean_cost_micro_usd, profile.mean_latency_ms) == (1_000, 400)


async def test_an_attempt_counts_once_however_often_it_is_told(
    database: Database, clock: SetClock
) -> None:
    for _ in range(2):
        async with database.transaction() as tx:
            await _record(tx, "a1", clock=clock)
            await _record(tx, "a1", clock=clock)
    assert (await _profile(database)).samples == 1


async def test_feedback_can_be_given_changed_and_taken_back(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await _record(tx, "a1", clock=clock)
        await _record(tx, "a2", clock=clock)
        await _record(tx, "a3", clock=clock, agent="gemini", succeeded=False)
    steps = [(1, True, (1, 0)), (1, False, (1, 0)), (-1, True, (0, 1)), (0, True, (0, 0))]
    for value, changed, expected in steps:
        async with database.transaction() as tx:
            said = await learning.give_feedback(tx, PROJECT, RUN, ANA, value, at=clock.now())
        profile = await _profile(database)
        assert (said, (profile.likes, profile.dislikes)) == (changed, expected)
    assert (await _profile(database, "gemini")).likes == 0


async def test_everybody_has_one_voice_per_run(database: Database, clock: SetClock) -> None:
    async with database.transaction() as tx:
        await _record(tx, "a1", clock=clock)
        for person in (ANA, BO, ANA):
            await learning.give_feedback(tx, PROJECT, RUN, person, 1, at=clock.now())
        await learning.give_feedback(tx, PROJECT, RunId("run_2"), ANA, -1, at=clock.now())
        assert await learning._opinions_of(tx, {RUN}) == {RUN: {ANA: 1, BO: 1}}
    profile = await _profile(database)
    assert (profile.likes, profile.dislikes) == (2, 0)


async def test_feedback_reaches_tasks_that_finish_after_it(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await learning.give_feedback(tx, PROJECT, RUN, ANA, 1, at=clock.now())
        await _record(tx, "a1", clock=clock)
        await _record(tx, "a2", clock=clock)
    assert (await _profile(database)).likes == 1
    async with database.transaction() as tx:
        await learning.give_feedback(tx, PROJECT, RUN, ANA, 0, at=clock.now())
    assert (await _profile(database)).likes == 0


async def test_projects_do_not_learn_from_each_other(database: Database, clock: SetClock) -> None:
    async with database.transaction() as tx:
        await _record(tx, "a1", clock=clock, project=OTHER)
        assert not await learning.give_feedback(tx, OTHER, RUN, ANA, 0, at=clock.now())
        assert await learning.profiles_of(tx, PROJECT) == ()
        assert await learning.newest_records(tx, PROJECT, limit=9) == ()
        assert await learning.records_by_id(tx, PROJECT, ["a1"]) == ()


async def test_the_words_of_a_task_are_kept_short_and_without_secrets(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await _record(tx, "a1", clock=clock, text="use sk-abcdefgh0123456789 " + "x" * 9_000)
    async with database.reading() as connection:
        (kept,) = await learning.newest_records(connection, PROJECT, limit=9)
    assert "sk-" not in kept.text
    assert len(kept.text) == learning.TEXT_CHARS


async def test_readers_get_records_in_order_behind_their_place(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        for number in range(4):
            await _record(tx, f"a{number}", clock=clock)
    async with database.reading() as connection:
        first, second = await learning.records_after(connection, 0, limit=2)
        rest = await learning.records_after(connection, second.seq, limit=9)
        assert [first.id, second.id, *(item.id for item in rest)] == ["a0", "a1", "a2", "a3"]
        assert await learning.last_record(connection) == rest[-1].seq


async def _quality(tx: Connection, attempt: str) -> tuple[float, list[str]]:
    found = await tx.execute(sa.select(task_records).where(task_records.c.id == attempt))
    row = found.one()
    return row.quality, row.reasons


async def test_an_opinion_two_days_later_changes_what_an_attempt_is_worth(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await _record(tx, "a1", clock=clock, signals=(Signal(kind=SignalKind.CHECKED),))
    before = (await _profile(database)).quality
    clock.forward(days=2)
    async with database.transaction() as tx:
        await learning.give_feedback(tx, PROJECT, RUN, ANA, -1, at=clock.now())
        quality, reasons = await _quality(tx, "a1")
    after = await _profile(database)
    assert before is not None
    assert after.quality is not None
    assert before > 0.8
    assert after.quality == pytest.approx(quality)
    assert quality < 0.2
    assert reasons == ["disliked", "checked"]
    async with database.transaction() as tx:
        await learning.give_feedback(tx, PROJECT, RUN, ANA, 0, at=clock.now())
    assert (await _profile(database)).quality == pytest.approx(before)


async def test_an_opinion_on_many_attempts_says_less_of_each(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        for number in range(9):
            await _record(tx, f"a{number}", clock=clock)
        await _record(tx, "b", clock=clock, run=RunId("run_2"), agent="gemini")
    async with database.transaction() as tx:
        for run in (RUN, RunId("run_2")):
            await learning.give_feedback(tx, PROJECT, run, ANA, -1, at=clock.now())
    many, alone = await _profile(database), await _profile(database, "gemini")
    assert many.quality is not None
    assert alone.quality is not None
    assert alone.quality < many.quality < 0.75


async def test_an_opinion_given_before_the_end_counts_as_one_given_after(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await learning.give_feedback(tx, PROJECT, RUN, ANA, -1, at=clock.now())
        await _record(tx, "a1", clock=clock)
    async with database.reading() as connection:
        early, reasons = await _quality(connection, "a1")
    assert reasons == ["disliked"]
    assert early < 0.2


async def test_what_was_seen_later_replaces_what_the_same_source_said(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await _record(tx, "a1", clock=clock)
    for value, quality in ((0.9, 0.9), (0.4, 0.4)):
        async with database.transaction() as tx:
            grade = Signal(kind=SignalKind.GRADED, value=value, source="exam")
            await signals.tell(tx, PROJECT, {"a1": (grade,)}, at=clock.now())
            assert (await _quality(tx, "a1"))[0] == pytest.approx(quality)


async def test_other_projects_can_tell_nothing_of_an_attempt(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await _record(tx, "a1", clock=clock)
    async with database.transaction() as tx:
        before = await _quality(tx, "a1")
        seen = {"a1": (Signal(kind=SignalKind.REPLACED),)}
        await signals.tell(tx, OTHER, seen, at=clock.now())
        assert await _quality(tx, "a1") == before
        assert await signals.reckon_all(tx, PROJECT) == 1
        assert await _quality(tx, "a1") == before


async def test_quality_can_be_reckoned_again_from_what_was_seen(
    database: Database, clock: SetClock
) -> None:
    async with database.transaction() as tx:
        await _record(tx, "a1", clock=clock, signals=(Signal(kind=SignalKind.APPROVED),))
        await _record(tx, "a2", clock=clock, succeeded=False)
        await _record(tx, "a3", clock=clock)
    async with database.transaction() as tx:
        before = [await _quality(tx, name) for name in ("a1", "a2", "a3")]
        lost = {"quality": None, "strength": None, "reasons": None}
        await tx.execute(sa.update(task_records).values(**lost))
        assert await signals.reckon_all(tx, PROJECT) == 3
        assert [await _quality(tx, name) for name in ("a1", "a2", "a3")] == before


async def test_older_attempts_count_less_and_an_unused_record_fades(
    database: Database, clock: SetClock
) -> None:
    bad, good = (Signal(kind=SignalKind.GRADED, value=value) for value in (0.0, 1.0))
    async with database.transaction() as tx:
        for number in range(10):
            await _record(tx, f"old{number}", clock=clock, signals=(good,))
    clock.forward(days=120)
    async with database.transaction() as tx:
        for number in range(5):
            await _record(tx, f"new{number}", clock=clock, signals=(bad,))
    async with database.reading() as connection:
        (usual,) = await learning.profiles_of(connection, PROJECT, now=clock.now())
        (long,) = await learning.profiles_of(
            connection, PROJECT, now=clock.now(), half_life_days=3650
        )
        later = clock.now() + timedelta(days=60)
        (faded,) = await learning.profiles_of(connection, PROJECT, now=later)
    assert usual.quality == pytest.approx(2.5 / 7.5)
    assert long.quality == pytest.approx(10 / 15, abs=0.01)
    assert faded.quality == pytest.approx(usual.quality)
    assert faded.evidence == pytest.approx(usual.evidence / 2)


async def test_an_unknown_price_is_not_nothing(database: Database, clock: SetClock) -> None:
    async with database.transaction() as tx:
        await _record(tx, "a1", clock=clock, unpriced=True)
    assert (await _profile(database)).mean_cost_micro_usd is None
    async with database.transaction() as tx:
        await _record(tx, "a2", clock=clock, explored=True)
    profile = await _profile(database)
    assert (profile.mean_cost_micro_usd, profile.unpriced) == (1_000, 1)
    assert (profile.explored, profile.explored_micro_usd) == (1, 1_000)
