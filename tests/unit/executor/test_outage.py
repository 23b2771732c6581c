"""When nobody can be reached: work waits, says so once, and goes on by itself."""

from collections.abc import Callable
from pathlib import Path

from executor.policy.breaker import BreakerPolicy
from executor.policy.retry import RetryPolicy
from executor.port import Call, Reply
from executor.worker.probing import probe
from memory.model.errors import AgentBusy, AgentUnavailable
from memory.model.work.run import RunState
from memory.store.engine.database import Database
from memory.store.running import breakers
from tests.unit.executor.world import Scripted, plan, says, scripted, task, world


class Flaky:
    """An agent that is down until it is told otherwise, and knows how it is."""

    def __init__(self, down: Callable[[], Exception]) -> None:
        self.up, self.tries, self.down = False, 0, down
        self.spec = scripted("flaky").spec
        self.asked = 0

    async def run(self, call: Call) -> Reply:
        self.tries += 1
        if not self.up and self.tries < 8:
            raise self.down()
        return says("back")

    async def healthy(self) -> bool:
        self.asked += 1
        return self.up


PATIENT = RetryPolicy(base_s=0.0, cap_s=0.05, patience_s=600)


async def test_an_outage_is_waited_out_and_the_thread_hears_of_it_once(
    sqlite: Database, tmp_path: Path
) -> None:
    flaky = Flaky(lambda: AgentUnavailable("Flaky is out of order."))
    calm = BreakerPolicy(threshold=100)
    async with world(sqlite, tmp_path, [flaky], retry=PATIENT, breaker=calm) as here:  # type: ignore[list-item]  # a Scripted in all that counts
        view = await here.run(task("a", agent="flaky"))
        assert view.state is RunState.SUCCEEDED
        assert flaky.tries == 8
        assert (await here.kinds(view.id)).count("task_waits") == 1


async def test_too_many_requests_do_not_count_against_an_agent(
    sqlite: Database, tmp_path: Path
) -> None:
    flaky = Flaky(lambda: AgentBusy("Flaky has too many requests.", retry_after_s=0.0))
    strict = BreakerPolicy(threshold=1)
    async with world(sqlite, tmp_path, [flaky], retry=PATIENT, breaker=strict) as here:  # type: ignore[list-item]  # see above
        assert (await here.run(task("a", agent="flaky"))).state is RunState.SUCCEEDED
        async with sqlite.reading() as connection:
            assert await breakers.all_of(connection) == ()


async def test_a_resting_agent_that_is_well_again_is_tried_at_once(
    sqlite: Database, tmp_path: Path
) -> None:
    flaky = Flaky(lambda: AgentUnavailable("Flaky is out of order."))
    resting = BreakerPolicy(threshold=4, cool_down_s=3600)
    async with world(sqlite, tmp_path, [flaky], breaker=resting) as here:  # type: ignore[list-item]  # see above
        assert (await here.run(task("a", agent="flaky"))).state is RunState.FAILED
        parts = here.executor._parts
        assert await probe(parts) == ()
        flaky.up = True
        assert await probe(parts) == ("flaky",)
        assert await probe(parts) == ()
        assert (await here.run(task("b", agent="flaky"))).state is RunState.SUCCEEDED
        async with sqlite.reading() as connection:
            assert (await breakers.get(connection, "flaky", "")).state == "closed"


async def test_an_agent_that_cannot_be_asked_rests_its_time(
    sqlite: Database, tmp_path: Path
) -> None:
    async def down(call: Call) -> Reply:
        raise AgentUnavailable("It is down.")

    mute: Scripted = scripted("mute", down)
    resting = BreakerPolicy(threshold=1, cool_down_s=3600)
    async with world(sqlite, tmp_path, [mute, scripted()], breaker=resting) as here:
        run = await here.start(plan(task("a", agent="mute")))
        await here.until(run, lambda view: "keeps failing" in view.tasks[0].note)
        assert await probe(here.executor._parts) == ()
