"""Counting how agents do and what people think of it, on SQLite and Postgres."""

from memory.model.agents.profile import AgentProfile
from memory.model.base import ProjectId, RunId
from memory.store.engine.database import Connection, Database
from memory.store.knowledge import learning
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
