"""kill -9 at random moments, again and again: no run is lost and no effect happens twice."""

import asyncio
import json
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.accounts import all_is_well, over, until
from tests.chaos.conftest import COUNTED
from tests.restart.crowd import LEASE_S, Crowd, crowd
from tests.unit.executor.world import PROJECT, task, writes

SEED = 20_260_302
MOMENT_S = 1.5
REST_S = 150.0
"""What was under way at several deaths is made one by one."""

Record = Callable[[str, object], None]
pytestmark = pytest.mark.xdist_group("workers")


async def test_a_few_random_kills_lose_nothing_and_repeat_nothing(
    tmp_path: Path, record_property: Record
) -> None:
    await _holds(tmp_path, "", runs=15, kills=3, record=record_property)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_many_random_kills_lose_nothing_and_repeat_nothing(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, record_property: Record
) -> None:
    url = "" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    await _holds(tmp_path, url, runs=20, kills=25, record=record_property)


async def test_one_poison_among_fifty_neighbours_fails_alone(tmp_path: Path) -> None:
    """Its worker dies whenever it is begun; what merely runs beside it ends well."""
    async with crowd(tmp_path, "") as made:
        made.close_gate()  # nobody ends before all have begun
        await made.give(50, lambda number: [writes("a", agent="writer", target=f"f{number}")])
        await made.give(1, lambda _: [task("a", agent="poison")])
        while not await _over(made):
            pid = await _fork(made)
            await until(lambda pid=pid: _done_with(made, pid), "nothing goes on", REST_S)
            made.open_gate()
        keys = [path.name for path in (tmp_path / "keys").iterdir()]
        endings = await all_is_well(made.database, made.accepted, keys)
        assert endings == {"succeeded": 50, "failed": 1}
        told = Counter(line[1] for line in made.book("effects.txt"))
        assert set(told.values()) == {1}, "an effect happened twice"


async def _done_with(made: Crowd, pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists() or await _over(made)


async def _holds(root: Path, url: str, *, runs: int, kills: int, record: Record) -> None:
    """Give so many runs of four tasks; whenever they are over and kills are left, again."""
    rng = random.Random(SEED)
    async with crowd(root, url) as made:
        killed = 0
        while killed < kills:
            await made.give(runs)
            while killed < kills and not await _over(made):
                await _kill_one(made, rng)
                killed += 1
        await _fork(made)
        await over(made.database, REST_S)
        keys = [path.name for path in (root / "keys").iterdir()]
        endings = await all_is_well(made.database, made.accepted, keys)
        count = len(made.accepted)
        record(COUNTED, f"{endings['succeeded']} of {count} runs succeeded over {killed} kills")
        assert endings == {"succeeded": count}
        told = Counter(line[1] for line in made.book("effects.txt"))
        assert set(told.values()) == {1}, "an effect happened twice"


async def _kill_one(made: Crowd, rng: random.Random) -> None:
    """Start a worker, and kill it a moment after it has done something."""
    before = len(made.book("effects.txt"))
    pid = await _fork(made)
    await until(lambda: _begun(made, before), "the worker does nothing", REST_S)
    await asyncio.sleep(rng.random() * MOMENT_S)
    os.kill(pid, signal.SIGKILL)
    await made.gone(pid)


async def _begun(made: Crowd, before: int) -> bool:
    return len(made.book("effects.txt")) > before or await _over(made)


async def _over(made: Crowd) -> bool:
    return not await made.executor.runs(PROJECT, running_only=True, limit=1)


async def _fork(made: Crowd) -> int:
    """One more worker; on SQLite it is the only one."""
    assert made.nursery.stdin is not None
    assert made.nursery.stdout is not None
    request = {"root": str(made.root), "url": made.url, "lease_s": LEASE_S}
    made.nursery.stdin.write(json.dumps(request).encode() + b"\n")
    pid = int(json.loads(await made.nursery.stdout.readline())["pid"])
    made.pids.append(pid)
    return pid
