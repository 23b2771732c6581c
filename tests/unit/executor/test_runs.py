"""What the executor promises about runs, on SQLite and Postgres."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from executor.agents.port import Call, Reply
from executor.breaker import BreakerPolicy
from memory.model.agent import AgentKind, AgentRecovery, EffectClass
from memory.model.base import AgentName
from memory.model.budget import Budget
from memory.model.clock import SystemClock
from memory.model.errors import (
    AgentRejected,
    AgentUnavailable,
    BadInput,
    Conflict,
    NotAllowed,
    NotFound,
)
from memory.model.graph import Const, Effect
from memory.model.identity import Role
from memory.model.run import RunState, Usage
from memory.model.value import Text
from memory.store import breakers, budgets, ledger, plans
from memory.store.database import Database
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


async def test_cancel_is_instant_stops_the_agent_and_stays(
    database: Database, tmp_path: Path
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def hang(call: Call) -> Reply:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    slow = scripted("slow", hang, kind=AgentKind.MODEL)
    async with world(database, tmp_path, [slow, scripted()]) as here:
        run = await here.start(
            plan(task("a", agent="slow", cost_high_micro_usd=500), task("b", "a"))
        )
        await begun.wait()
        assert await here.executor.cancel(PROJECT, run, by=ANA.key)
        async with asyncio.timeout(1):
            await ended.wait()
        assert not await here.executor.cancel(PROJECT, run, by=ANA.key)
        assert not await here.executor.resume(PROJECT, run, by=ANA.key)
        view = await here.until(run, lambda view: view.unpriced)
        assert set(states(view).values()) == {"cancelled"}
        assert (await here.kinds(run))[-1] == "run_finished"
        async with database.reading() as connection:
            lines = await ledger.entries(connection, PROJECT, run)
        assert [line.kind for line in lines] == ["reserve", "settle", "release"]
        assert lines[0].amount_micro_usd == lines[1].amount_micro_usd + lines[2].amount_micro_usd
        assert lines[1].unpriced


async def test_a_paused_run_takes_up_nothing_until_it_is_resumed(
    database: Database, tmp_path: Path
) -> None:
    go, begun = asyncio.Event(), asyncio.Event()

    async def wait(call: Call) -> Reply:
        begun.set()
        await go.wait()
        return says("done")

    echo = scripted()
    async with world(database, tmp_path, [scripted("slow", wait), echo]) as here:
        run = await here.start(plan(task("a", agent="slow"), task("b", "a")))
        await begun.wait()
        assert await here.executor.pause(PROJECT, run, by=ANA.key, reason="lunch")
        go.set()
        view = await here.until(run, lambda view: states(view)["a"] == "succeeded")
        assert (states(view)["b"], view.state, view.problem) == ("ready", "paused", "lunch")
        assert echo.calls == []
        assert await here.executor.resume(PROJECT, run, by=ANA.key)
        assert (await here.over(run)).state is RunState.SUCCEEDED


@pytest.mark.parametrize("scope", ["all", f"project:{PROJECT}"])
async def test_the_kill_switch_holds_everything_until_it_is_released(
    sqlite: Database, tmp_path: Path, scope: str
) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def wait(call: Call) -> Reply:
        begun.set()
        await go.wait()
        return says("done")

    async with world(sqlite, tmp_path, [scripted("slow", wait), scripted()]) as here:
        run = await here.start(plan(task("a", agent="slow"), task("b", "a")))
        await begun.wait()
        assert await here.executor.stop_all(scope, by=ANA.key, reason="fire")
        go.set()
        view = await here.until(run, lambda view: states(view)["a"] == "succeeded")
        assert "fire" in view.problem
        with pytest.raises(NotAllowed, match="fire"):
            await here.start(plan(task("x"), title="another"))
        assert await here.executor.release(scope, by=ANA.key)
        assert (await here.over(run)).state is RunState.SUCCEEDED
        assert not await here.executor.release(scope, by=ANA.key)


async def test_a_person_is_asked_and_only_the_first_answer_counts(
    database: Database, tmp_path: Path
) -> None:
    echo = scripted()
    async with world(database, tmp_path, [echo]) as here:
        asks = task("ask", agent="person").model_copy(
            update={
                "inputs": {
                    "who": Const(value=ANA.model_dump(mode="json")),
                    "question": Const(value="Are the numbers right?"),
                }
            }
        )
        run = await here.start(plan(asks, task("b", "ask")))
        await here.until(run, lambda view: states(view)["ask"] == "asking")
        (wait,) = await here.executor.open_waits(THREAD)
        assert (wait.question, wait.who, wait.name) == ("Are the numbers right?", ANA, "ana")
        assert await here.executor.answer(PROJECT, wait.id, "yes", by=ANA)
        assert not await here.executor.answer(PROJECT, wait.id, "no", by=ANA)
        await here.over(run)
        said = echo.calls[0].inputs["from_ask"]
        assert isinstance(said, Text)
        assert (said.text, said.asked) == ("yes", "Are the numbers right?")


async def test_cancel_closes_the_questions_of_a_run(sqlite: Database, tmp_path: Path) -> None:
    async with world(sqlite, tmp_path) as here:
        run = await here.start(plan(task("ask", agent="person")))
        await here.until(run, lambda view: states(view)["ask"] == "asking")
        (wait,) = await here.executor.open_waits(THREAD)
        await here.executor.cancel(PROJECT, run, by=ANA.key)
        assert await here.executor.open_waits(THREAD) == ()
        assert not await here.executor.answer(PROJECT, wait.id, "late", by=ANA)


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
        assert stored.state is plans.PlanState.APPROVED
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
        await refused(old, Conflict, "older than 24 hours")
        publishes = (Effect(effect=EffectClass.PUBLISH, target="blog"),)
        grave = plan(task("a", effects=publishes), title="grave")
        await refused(grave, NotAllowed, "Nobody who may", role=Role.MEMBER)
        await refused(plan(task("a"), title="eyes"), NotAllowed, "Nobody", role=Role.VIEWER)
        assert echo.calls == []


async def _model(call: Call) -> Reply:
    return says("ok", Usage(tokens_in=10, tokens_out=10, requests=1, cost_micro_usd=400))


def _budget(limit: int, **more: object) -> Budget:
    return Budget.model_validate(
        {"id": "b", "project": PROJECT, "name": "marketing", "limit_micro_usd": limit, **more}
    )


async def test_alerts_come_once_each_and_the_last_one_pauses(
    database: Database, tmp_path: Path
) -> None:
    model = scripted("model", _model, kind=AgentKind.MODEL)
    async with world(database, tmp_path, [model]) as here:
        async with database.transaction() as tx:
            await budgets.keep(tx, _budget(1_200), at=SystemClock().now())
        chain = [task("t0", agent="model", cost_high_micro_usd=400)]
        chain += [
            task(f"t{n}", f"t{n - 1}", agent="model", cost_high_micro_usd=400) for n in range(1, 5)
        ]
        run = await here.start(plan(*chain))
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert (view.cost_micro_usd, len(model.calls)) == (1_200, 3)
        assert "used up" in view.problem
        told = [one.percent for one in await here.news(run) if one.kind == "budget_alert"]
        assert told == [50, 100]
        async with database.transaction() as tx:
            await budgets.keep(tx, _budget(10_000), at=SystemClock().now())
        assert await here.executor.resume(PROJECT, run, by=ANA.key)
        assert (await here.over(run)).cost_micro_usd == 2_000


async def test_parallel_tasks_wait_for_money_that_others_may_give_back(
    sqlite: Database, tmp_path: Path
) -> None:
    model = scripted("model", _model, kind=AgentKind.MODEL)
    async with world(sqlite, tmp_path, [model]) as here:
        async with sqlite.transaction() as tx:
            await budgets.keep(tx, _budget(2_000), at=SystemClock().now())
        tasks = [task(f"t{n}", agent="model", cost_high_micro_usd=1_000) for n in range(3)]
        view = await here.run(*tasks)
        assert (view.state, view.cost_micro_usd) == (RunState.SUCCEEDED, 1_200)


async def test_a_task_that_does_not_fit_pauses_the_run_before_it_spends(
    sqlite: Database, tmp_path: Path
) -> None:
    model = scripted("model", _model, kind=AgentKind.MODEL)
    async with world(sqlite, tmp_path, [model]) as here:
        async with sqlite.transaction() as tx:
            await budgets.keep(tx, _budget(300), at=SystemClock().now())
        run = await here.start(plan(task("a", agent="model", cost_high_micro_usd=1_000)))
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert "raise the budget" in view.problem
        assert model.calls == []


async def test_an_unknown_price_is_not_nothing(sqlite: Database, tmp_path: Path) -> None:
    async def unknown(call: Call) -> Reply:
        return says("ok", Usage(tokens_in=70, tokens_out=50, requests=1, cost_micro_usd=None))

    model = scripted("model", unknown, kind=AgentKind.MODEL)
    async with world(sqlite, tmp_path, [model]) as here:
        async with sqlite.transaction() as tx:
            budget = _budget(1_000_000, limit_tokens=100)
            await budgets.keep(tx, budget, at=SystemClock().now())
        run = await here.start(plan(task("a", agent="model"), task("b", "a", agent="model")))
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert view.unpriced
        assert len(model.calls) == 1
        async with sqlite.reading() as connection:
            (state,) = await budgets.states(connection, PROJECT, now=SystemClock().now())
        assert state.tokens == 120


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
        assert "not known whether letter" in view.problem
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
