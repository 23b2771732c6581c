"""Round after round of trouble for two workers; kept for `make chaos`, and reports its figures."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.restart.crowd import LEASE_S, PATIENCE_S, Crowd, crowd, new_database
from tests.restart.proxy import Proxy
from tests.unit.executor.world import PROJECT, task

ROUNDS = 24
RUNS = 5
AGAIN_WITHIN_S = LEASE_S + 3.0
CANCEL_WITHIN_S = 1.5

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(ROUNDS * PATIENCE_S),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("workers-chaos"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workers(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str
) -> AsyncIterator[Crowd]:
    root = tmp_path_factory.mktemp("chaos")
    async with crowd(root, new_database(postgres_server, "chaos")) as made:
        yield made


async def test_whatever_happens_to_one_of_two_workers_nothing_is_lost_or_done_twice(
    workers: Crowd,
) -> None:
    rng, endings, took = random.Random(7), Counter[str](), list[float]()
    for _ in range(ROUNDS):
        await workers.two()
        line = Proxy(workers.url)
        await line.mend()
        victim = await workers.join(url=line.url)
        workers.close_gate()
        await workers.give(RUNS)
        await workers.occupy(victim)
        calls = {line_[1] for line_ in workers.book("calls.txt") if line_[0] == str(victim)}
        began = time.monotonic()
        trouble = rng.choice(["kill", "stop", "cut"])
        _trouble(trouble, victim, line)
        first = await _again(workers, calls, victim)
        took += [first - began] if trouble == "kill" else []
        workers.open_gate()
        if trouble == "stop" and rng.random() < 0.5:
            os.kill(victim, signal.SIGCONT)
        await workers.over()
        if trouble != "kill":
            os.kill(victim, signal.SIGCONT)
            await asyncio.sleep(rng.random())  # it does what a worker does that wakes
            os.kill(victim, signal.SIGKILL)
        endings += await workers.all_is_well()
        line.cut()
    print(f"\n{endings['succeeded']} of {len(workers.accepted)} runs in {ROUNDS} rounds")
    print(f"first repeated task after kill -9 with a lease of {LEASE_S} s: {_spread(took)}")
    assert endings == {"succeeded": len(workers.accepted)}
    assert max(took) < AGAIN_WITHIN_S


def _trouble(kind: str, victim: int, line: Proxy) -> None:
    match kind:
        case "kill":
            os.kill(victim, signal.SIGKILL)
        case "stop":
            os.kill(victim, signal.SIGSTOP)
        case _:
            line.cut()


async def _again(workers: Crowd, calls: set[str], victim: int) -> float:
    """When another worker first began what the victim was doing (its calls wait at the gate)."""

    def found() -> str:
        others = (one for one in workers.book("calls.txt") if one[0] != str(victim))
        return next((one[2] for one in others if one[1] in calls), "")

    return float(await workers.until(found, "nobody took over"))


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"median {ordered[len(ordered) // 2]:.1f} s, worst {ordered[-1]:.1f} s of {len(times)}"


async def test_a_cancel_reaches_a_program_elsewhere_within_a_second_and_a_half(
    workers: Crowd,
) -> None:
    took = []
    for _ in range(8):
        await workers.two()
        await workers.give(1, lambda _: [task("program", agent="program")])
        book = workers.root / "program.pid"
        pid = await workers.until(lambda book=book: book.exists() and book.read_text(), "idle")
        began = time.monotonic()
        await workers.executor.cancel(PROJECT, workers.accepted[-1], by="ana")
        await workers.gone(int(pid))
        took.append(time.monotonic() - began)
        book.unlink()
        await workers.over()
    print(f"\ncancel to the program's end on another worker: {_spread(took)}")
    assert max(took) < CANCEL_WITHIN_S
