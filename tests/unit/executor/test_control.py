"""Cancel, pause, the kill switch, and people who are asked."""

import asyncio
from pathlib import Path

import pytest

from executor.port import Call, Reply
from memory.model.agents.spec import AgentKind
from memory.model.errors import (
    NotAllowed,
)
from memory.model.work.graph import Const
from memory.model.work.run import RunState
from memory.model.work.value import Text
from memory.store.engine.database import Database
from memory.store.money import ledger
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    THREAD,
    plan,
    says,
    scripted,
    states,
    task,
    world,
)


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
