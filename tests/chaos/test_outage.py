"""An outage on either kind of database: the agent that comes back is let in, and work goes on."""

from pathlib import Path

from executor.policy.breaker import BreakerPolicy
from executor.policy.retry import RetryPolicy
from executor.port import Call, Reply
from memory.model.agents.breaker import BreakerState
from memory.model.errors import AgentUnavailable
from memory.model.timing.clock import SystemClock
from memory.store.engine.database import Database
from memory.store.running import breakers, switches
from tests.chaos.accounts import all_is_well, until
from tests.unit.executor.world import plan, says, scripted, task, world

RUNS = 6


async def test_the_first_call_after_the_rest_closes_the_breaker(
    database: Database, tmp_path: Path
) -> None:
    up: list[bool] = []

    async def flaky(call: Call) -> Reply:
        if not up:
            raise AgentUnavailable("It is down.")
        return says("back")

    rests = BreakerPolicy(threshold=2, cool_down_s=0.5)
    patient = RetryPolicy(base_s=0.0, cap_s=0.1, patience_s=600)
    agents = [scripted("flaky", flaky)]
    async with world(database, tmp_path, agents, breaker=rests, retry=patient) as here:
        accepted = [
            await here.start(plan(task("a", agent="flaky"), title=f"{n}")) for n in range(RUNS)
        ]
        await until(lambda: _is(database, BreakerState.OPEN), "the agent is never left alone")
        up.append(True)
        for run in accepted:
            await here.over(run)
        assert await _is(database, BreakerState.CLOSED)
        assert await all_is_well(database, accepted, []) == {"succeeded": RUNS}


async def _is(database: Database, state: BreakerState) -> bool:
    async with database.reading() as connection:
        return (await breakers.get(connection, "flaky", "")).state is state


async def test_the_kill_switch_knows_whether_it_was_set_before(database: Database) -> None:
    at = SystemClock().now()
    async with database.transaction() as tx:
        assert await switches.throw(tx, "all", by="ana", reason="fire", at=at)
        assert not await switches.throw(tx, "all", by="bo", reason="fire", at=at)
