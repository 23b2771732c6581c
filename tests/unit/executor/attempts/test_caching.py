"""The same call twice is paid for once, where the settings say so."""

from pathlib import Path

from executor.port import Call, Reply
from memory.model.agents.profile import AgentProfile
from memory.model.agents.spec import AgentKind
from memory.model.work.check import Contains
from memory.model.work.run import RunState, Usage
from memory.store.engine.database import Database
from memory.store.knowledge import learning
from memory.store.running import calls
from tests.unit.executor.world import PROJECT, Scripted, plan, says, scripted, task, world, writes

PAID = Usage(requests=1, cost_micro_usd=20_000)


def model(**more: object) -> Scripted:
    async def answer(call: Call) -> Reply:
        return says("a draft", PAID)

    return scripted("echo", answer, kind=AgentKind.MODEL, **more)


async def savings(database: Database) -> tuple[int, int]:
    async with database.reading() as connection:
        return await calls.savings(connection, PROJECT)


async def test_the_same_call_is_answered_from_before_and_costs_nothing(
    database: Database, tmp_path: Path
) -> None:
    agent = model()
    async with world(database, tmp_path, [agent], cache_s=3600) as here:
        first = await here.run(task("a", instruction="Draft it"))
        again = await here.over(
            await here.start(plan(task("a", instruction="Draft it"), title="again"))
        )
        assert len(agent.calls) == 1
        assert (first.cost_micro_usd, again.cost_micro_usd) == (20_000, 0)
        assert again.tasks[0].value == first.tasks[0].value
        assert "saved $0.02" in again.tasks[0].note
        other = await here.over(
            await here.start(plan(task("a", instruction="Draft it well"), title="other"))
        )
        assert (len(agent.calls), other.cost_micro_usd) == (2, 20_000)
    assert await savings(database) == (1, 20_000)


async def test_by_default_everything_is_asked_anew(sqlite: Database, tmp_path: Path) -> None:
    agent = model()
    async with world(sqlite, tmp_path, [agent]) as here:
        await here.run(task("a"))
        await here.over(await here.start(plan(task("a"), title="again")))
        assert len(agent.calls) == 2


async def test_what_changes_something_is_always_done(sqlite: Database, tmp_path: Path) -> None:
    agent, tool = model(), scripted("tool")
    async with world(sqlite, tmp_path, [agent, tool], cache_s=3600) as here:
        for title in ("one", "two"):
            made = plan(writes("a"), task("b", agent="tool"), title=title)
            await here.over(await here.start(made))
        assert (len(agent.calls), len(tool.calls)) == (2, 2)


async def test_an_old_answer_is_not_taken(sqlite: Database, tmp_path: Path) -> None:
    agent = model()
    async with world(sqlite, tmp_path, [agent], cache_s=0.001) as here:
        await here.run(task("a"))
        await here.over(await here.start(plan(task("a"), title="again")))
        assert len(agent.calls) == 2


async def profile(database: Database) -> AgentProfile:
    async with database.reading() as connection:
        (found,) = await learning.profiles_of(connection, PROJECT)
    return found


async def test_an_answer_from_before_says_nothing_about_the_agent(
    database: Database, tmp_path: Path
) -> None:
    agent = model()
    async with world(database, tmp_path, [agent], cache_s=3600) as here:
        await here.run(task("a"))
        before = await profile(database)
        again = await here.over(await here.start(plan(task("a"), title="again")))
        assert again.state is RunState.SUCCEEDED
        assert len(agent.calls) == 1
        assert await profile(database) == before
        await here.over(await here.start(plan(task("a", instruction="anew"), title="anew")))
    assert (before.successes, (await profile(database)).successes) == (1, 2)


async def test_nor_does_one_that_is_of_no_use_here(sqlite: Database, tmp_path: Path) -> None:
    agent = model()
    async with world(sqlite, tmp_path, [agent], cache_s=3600) as here:
        await here.run(task("a"))
        wants_more = plan(task("a", checks=(Contains(text="bees"),)), title="again")
        await here.over(await here.start(wants_more))
    failed_for_real = len(agent.calls) - 1
    assert (await profile(sqlite)).failures == failed_for_real > 0
