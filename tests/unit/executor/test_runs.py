"""What the executor promises about runs, on SQLite and Postgres."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from executor.policy.breaker import BreakerPolicy
from executor.port import Call, Reply
from memory.model.agents.spec import AgentKind, AgentRecovery, EffectClass
from memory.model.base import AgentName
from memory.model.errors import (
    AgentRejected,
    AgentUnavailable,
    BadInput,
    Conflict,
    NotAllowed,
    NotFound,
)
from memory.model.identity import Role
from memory.model.timing.clock import SystemClock
from memory.model.work.approval import PlanState
from memory.model.work.graph import Effect
from memory.model.work.run import RunState
from memory.model.work.value import Text
from memory.store.engine.database import Database
from memory.store.money import ledger
from memory.store.planning import plans
from memory.store.running import breakers
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    THREAD,
    approved,
    plan,
    says,
    scripted,
    states,
    task,
    world,
    writes,
)


class Ahead:
    """The machine's clock, some seconds ahead."""

    seconds = 0

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=self.seconds)


async def test_a_graph_runs_in_order_and_hands_values_on(
    database: Database, tmp_path: Path
) -> None:
    echo = scripted()
    async with world(database, tmp_path, [echo]) as here:
        view = await here.run(task("a"), task("b", "a"), task("c", "a"), task("d", "b", "c"))
        assert view.state is RunState.SUCCEEDED
        order = [call.task.key for call in echo.calls]
        assert (order[0], order[-1]) == ("a", "d")
        assert echo.calls[-1].inputs["from_b"] == Text(text="b done")
        kinds = await here.kinds(view.id)
        assert (kinds[0], kinds[-1]) == ("run_started", "run_finished")
        assert kinds.count("task_succeeded") == 4
        assert view.tasks[3].value == Text(text="d done")


async def test_what_fails_ends_its_dependents_and_nothing_else(
    database: Database, tmp_path: Path
) -> None:
    async def refuse(call: Call) -> Reply:
        raise BadInput("There is no column revenue.")

    async with world(database, tmp_path, [scripted(), scripted("bad", refuse)]) as here:
        view = await here.run(
            task("a", agent="bad"), task("b", "a"), task("c", "b"), task("free"), task("d", "free")
        )
        assert view.state is RunState.FAILED
        assert view.problem == "a: There is no column revenue."
        assert states(view) == {
            "a": "failed", "b": "cancelled", "c": "cancelled",
            "free": "succeeded", "d": "succeeded",
        }  # fmt: skip


async def test_an_outage_is_retried_then_another_agent_takes_over(
    sqlite: Database, tmp_path: Path
) -> None:
    async def down(call: Call) -> Reply:
        raise AgentUnavailable("Claude is down.")

    async with world(sqlite, tmp_path, [scripted(), scripted("claude", down)]) as here:
        view = await here.run(task("a", agent="claude", fallbacks=(AgentName("echo"),)))
        assert view.state is RunState.SUCCEEDED
        assert (view.tasks[0].agent, view.tasks[0].attempts) == ("echo", 3)
        assert "moved to echo" in view.tasks[0].note
        assert (await here.kinds(view.id)).count("task_retrying") == 2


async def test_a_refused_key_goes_to_another_agent_at_once(
    sqlite: Database, tmp_path: Path
) -> None:
    async def refuse(call: Call) -> Reply:
        raise AgentRejected("The key is wrong.")

    async with world(sqlite, tmp_path, [scripted(), scripted("gpt", refuse)]) as here:
        view = await here.run(task("a", agent="gpt", fallbacks=(AgentName("echo"),)))
        assert (view.state, view.tasks[0].attempts) == (RunState.SUCCEEDED, 2)


async def test_four_failures_end_a_task(sqlite: Database, tmp_path: Path) -> None:
    async def down(call: Call) -> Reply:
        raise AgentUnavailable("It is down.")

    broken = scripted("echo", down)
    async with world(sqlite, tmp_path, [broken]) as here:
        view = await here.run(task("a"))
        assert (view.state, len(broken.calls)) == (RunState.FAILED, 4)


async def test_an_agent_has_its_own_number_of_attempts_and_its_own_breaker(
    sqlite: Database, tmp_path: Path
) -> None:
    async def down(call: Call) -> Reply:
        raise AgentUnavailable("It is down.")

    own = AgentRecovery(attempts=2, breaker_failures=3)
    short = scripted("short", down, recovery=own)
    async with world(sqlite, tmp_path, [short, scripted()]) as here:
        assert (await here.run(task("a", agent="short"))).state is RunState.FAILED
        assert len(short.calls) == 2
        for calls, state in ((2, "closed"), (3, "open")):
            async with sqlite.reading() as connection:
                assert (await breakers.get(connection, "short", "")).state == state
            await here.run(task(f"b{calls}", agent="short", fallbacks=(AgentName("echo"),)))
        assert len(short.calls) == 3


async def test_an_agent_that_keeps_failing_is_left_alone_and_tried_again(
    sqlite: Database, tmp_path: Path
) -> None:
    well = False

    async def moody(call: Call) -> Reply:
        if not well:
            raise AgentUnavailable("It is down.")
        return says("well again")

    agents = [scripted("moody", moody), scripted()]
    policy, clock = BreakerPolicy(threshold=2, cool_down_s=60), Ahead()
    async with world(sqlite, tmp_path, agents, breaker=policy, clock=clock) as here:
        fall = {"fallbacks": (AgentName("echo"),)}
        await here.run(task("a", agent="moody", **fall))
        async with sqlite.reading() as connection:
            assert (await breakers.get(connection, "moody", "")).state == "open"
        calls = len(agents[0].calls)
        moved = await here.run(task("b", agent="moody", **fall))
        assert (moved.tasks[0].agent, len(agents[0].calls)) == ("echo", calls)
        well, clock.seconds = True, 61
        alone = await here.run(task("c", agent="moody"))
        assert alone.state is RunState.SUCCEEDED
        async with sqlite.reading() as connection:
            assert (await breakers.get(connection, "moody", "")).state == "closed"


async def test_a_slow_agent_is_stopped_at_its_time_limit(sqlite: Database, tmp_path: Path) -> None:
    stopped = []

    async def hang(call: Call) -> Reply:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(call.task.key)
        raise AssertionError

    agents = [scripted(), scripted("slow", hang)]
    async with world(sqlite, tmp_path, agents) as here:
        made = task("a", agent="slow", fallbacks=(AgentName("echo"),), timeout_s=1)
        view = await here.run(made)
        assert view.tasks[0].agent == "echo"
        assert stopped == ["a", "a"]


async def test_an_agents_bug_is_a_failure_and_not_the_end_of_the_worker(
    sqlite: Database, tmp_path: Path
) -> None:
    async def bug(call: Call) -> Reply:
        raise ZeroDivisionError

    async with world(sqlite, tmp_path, [scripted("bug", bug), scripted()]) as here:
        assert (await here.run(task("a", agent="bug"))).state is RunState.FAILED
        assert (await here.run(task("b"))).state is RunState.SUCCEEDED


async def test_a_dry_run_calls_nobody_and_changes_nothing(sqlite: Database, tmp_path: Path) -> None:
    echo, model = scripted(), scripted("model", kind=AgentKind.MODEL)
    async with world(sqlite, tmp_path, [echo, model]) as here:
        made = plan(
            writes("a", target="x.md"),
            task("b", "a", agent="model", cost_high_micro_usd=900),
            task("c", "b", agent="person"),
        )
        run = await here.start(made, simulated=True)
        view = await here.over(run)
        assert (view.state, view.simulated, view.cost_micro_usd) == ("succeeded", True, 0)
        assert echo.calls == model.calls == []
        assert view.tasks[0].value is not None
        assert "would write x.md" in view.tasks[0].value.model_dump_json()
        assert await here.executor.open_waits(THREAD) == ()
        async with sqlite.reading() as connection:
            assert await ledger.entries(connection, PROJECT, run) == ()
            stored = await plans.load(connection, PROJECT, made.hash)
        assert stored.state is PlanState.APPROVED
        real = await here.executor.start(PROJECT, made.hash, thread_key=THREAD, by=ANA)
        assert real != run


async def test_the_same_plan_twice_is_one_run(database: Database, tmp_path: Path) -> None:
    echo = scripted()
    async with world(database, tmp_path, [echo]) as here:
        made = plan(task("a"))
        await approved(database, made, tmp_path)

        async def start() -> str:
            return await here.executor.start(PROJECT, made.hash, thread_key=THREAD, by=ANA)

        first, second = await asyncio.gather(start(), start())
        assert first == second == await start()
        await here.over(first)
        assert len(echo.calls) == 1


async def test_what_nobody_may_run_does_not_run(sqlite: Database, tmp_path: Path) -> None:
    echo = scripted()
    async with world(sqlite, tmp_path, [echo]) as here:

        async def refused(made, error, match, *, role=Role.OWNER, approve=True) -> None:  # type: ignore[no-untyped-def]
            if approve:
                await approved(sqlite, made, tmp_path, role=role)
            with pytest.raises(error, match=match):
                await here.executor.start(PROJECT, made.hash, thread_key=THREAD, by=ANA)

        await refused(plan(task("a"), title="unknown"), NotFound, "no plan", approve=False)
        waiting = plan(task("a"), title="waiting")
        async with sqlite.transaction() as tx:
            now = SystemClock().now()
            await plans.keep(tx, waiting, thread_key=THREAD, message_key="m", at=now)
        await refused(waiting, NotAllowed, "not approved", approve=False)
        past = (SystemClock().now() - timedelta(days=2)).isoformat()
        old = plan(task("a"), title="old").model_copy(update={"expires_at": past})
        await refused(old, Conflict, "time to approve this plan is over")
        publishes = (Effect(effect=EffectClass.PUBLISH, target="blog"),)
        high_risk = plan(task("a", effects=publishes), title="grave")
        await refused(high_risk, NotAllowed, "until enough people", role=Role.MEMBER)
        await refused(
            plan(task("a"), title="eyes"), NotAllowed, "until enough people", role=Role.VIEWER
        )
        assert echo.calls == []


async def test_work_under_way_is_taken_up_by_the_next_start(
    sqlite: Database, tmp_path: Path
) -> None:
    begun = asyncio.Event()

    async def hang(call: Call) -> Reply:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with world(sqlite, tmp_path, [scripted("echo", hang)]) as here:
        run = await here.start(plan(task("a"), task("b", "a")))
        await begun.wait()
    async with world(sqlite, tmp_path, [scripted()]) as here:
        view = await here.over(run)
        assert view.state is RunState.SUCCEEDED
        assert view.tasks[0].attempts == 1


async def test_an_effect_that_cannot_be_repeated_is_not_repeated_after_a_stop(
    sqlite: Database, tmp_path: Path
) -> None:
    begun = asyncio.Event()

    async def hang(call: Call) -> Reply:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    first = scripted("mail", hang, idempotent=False)
    async with world(sqlite, tmp_path, [first]) as here:
        run = await here.start(plan(writes("a", agent="mail", target="letter")))
        await begun.wait()
    second = scripted("mail", idempotent=False)
    async with world(sqlite, tmp_path, [second]) as here:
        view = await here.over(run)
        assert view.state is RunState.FAILED
        assert "don't know whether letter" in view.problem
        assert second.calls == []


async def test_no_more_than_64_tasks_of_a_run_are_under_way(
    sqlite: Database, tmp_path: Path
) -> None:
    now, most = 0, 0

    async def count(call: Call) -> Reply:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        return says("ok")

    async with world(sqlite, tmp_path, [scripted("echo", count)]) as here:
        view = await here.run(*[task(f"t{n}") for n in range(70)])
        assert view.state is RunState.SUCCEEDED
        assert most <= 64
