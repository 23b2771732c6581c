"""A limit on the whole installation: admins set it, every project's work counts."""

from pathlib import Path

from executor.port import Call, Reply
from memory.model.agents.spec import AgentKind
from memory.model.budget import EVERYWHERE, Budget, budget_id
from memory.model.timing.clock import SystemClock
from memory.model.work.run import RunState, Usage
from memory.store.engine.database import Database
from memory.store.money import budgets
from tests.flows.bench import Talk
from tests.unit.executor.world import PROJECT, plan, says, scripted, task, world


async def test_admins_limit_everybody_in_the_chat(talk_on_both: Talk) -> None:
    async with talk_on_both(owners=("kim",)) as ready:
        await ready.say("kim", "@orchestra budget $500 a month for everyone")
        assert "Only an admin of this installation" in ready.heard()
        await ready.say("ana", "@orchestra budget $500 a month for everyone")
        assert "$500 a month, for everything in this installation" in ready.heard()
        await ready.say("ana", "budget")
        assert "$0 of $500 this month · for everything in this installation" in ready.heard()
        await ready.say("kim", "budget")
        assert "installation" not in ready.heard()
        await ready.say("kim", "remove the budget for everyone")
        assert "gone" not in ready.heard()
        await ready.say("ana", "remove the budget for everyone")
        assert "is gone" in ready.heard()


async def test_what_another_project_spent_counts(database: Database, tmp_path: Path) -> None:
    async def paid(call: Call) -> Reply:
        return says("ok", Usage(tokens_in=1, tokens_out=1, requests=1, cost_micro_usd=300))

    model = scripted("model", paid, kind=AgentKind.MODEL)
    now = SystemClock().now()
    who = budgets.Spender("other", "model", "console:w:bo", "r")
    async with world(database, tmp_path, [model]) as here:
        async with database.transaction() as tx:
            everywhere = Budget(
                id=budget_id(EVERYWHERE, "installation"), project=EVERYWHERE, name="installation",
                scope="installation", limit_micro_usd=1_000,
            )  # fmt: skip
            await budgets.keep(tx, everywhere, at=now)
            promised = await budgets.reserve(tx, who, 600, at=now)
            await budgets.settle(
                tx,
                who,
                promised.holds,
                reserved_micro_usd=600,
                cost_micro_usd=600,
                tokens=2,
                at=now,
            )
        tasks = (task(f"t{n}", agent="model", cost_high_micro_usd=300) for n in range(2))
        run = await here.start(plan(*tasks))
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert len(model.calls) == 1
        assert "installation" in view.problem
        async with database.reading() as connection:
            assert await budgets.states(connection, PROJECT, now=now) == ()
            (state,) = await budgets.states(connection, PROJECT, everywhere=True, now=now)
        assert (state.spent_micro_usd, state.reserved_micro_usd) == (900, 0)
