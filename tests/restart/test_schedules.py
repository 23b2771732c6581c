"""The program dies between the time a schedule is due and the start of its run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.model.base import ProjectId
from memory.model.crash import arm
from memory.store import firings, schedules
from memory.store.database import Database
from memory.store.firings import FiringState
from tests.conftest import SetClock
from tests.flows.bench import bench, person
from tests.flows.platform import RecordingPlatform
from tests.flows.scripted import ScriptedExecutor
from tests.restart.test_conversation import Died, Killer

POINTS = ("after_firing", "after_claim_event", "in_decision", "after_decision")


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    for point in POINTS:
        arm(point, lambda: None)


@pytest.mark.parametrize("point", POINTS)
async def test_dying_after_it_was_due_loses_no_run_and_repeats_none(
    point: str, database: Database, clock: SetClock, tmp_path: Path
) -> None:
    platform = RecordingPlatform()
    executor = ScriptedExecutor(database, clock, asked=person("kim"))
    async with bench(database, clock, tmp_path, platform=platform, executor=executor) as ready:
        await ready.say("ana", "every hour: write the report")
        await ready.say("ana", "run")
    clock.forward(minutes=70)
    arm(point, Killer(1))
    with pytest.raises(BaseExceptionGroup) as death:
        async with bench(database, clock, tmp_path, platform=platform, executor=executor) as ready:
            await ready.settled()
    assert death.value.subgroup(Died) is not None
    async with bench(database, clock, tmp_path, platform=platform, executor=executor) as ready:
        await ready.settled()
    assert executor.starts == 1
    async with database.reading() as connection:
        one = await schedules.get(connection, ProjectId("test"), 1)
        rows = await firings.of_schedule(connection, one.id, 10)
    assert [row.state for row in rows] == [FiringState.STARTED]
    told = [one.key for one in platform.messages if one.key.startswith("done:")]
    assert len(told) == 1
