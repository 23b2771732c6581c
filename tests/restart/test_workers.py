"""Two workers on one Postgres, and one of them dies, sleeps, or is told to go."""

import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from memory.model.work.graph import Task
from tests.restart.crowd import PATIENCE_S, Crowd, crowd, new_database
from tests.restart.proxy import Proxy
from tests.unit.executor.world import PROJECT, task, writes

pytestmark = [
    pytest.mark.timeout(3 * PATIENCE_S),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("workers"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workers(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str
) -> AsyncIterator[Crowd]:
    """One database for all tests here: to make the engine's tables takes seconds."""
    async with crowd(tmp_path_factory.mktemp("crowd"), new_database(postgres_server)) as made:
        yield made


def keeps(number: int) -> list[Task]:
    return [writes("keep", agent="keeper", target=f"kept{number}.txt")]


async def test_the_work_of_a_killed_worker_goes_on_with_the_other(workers: Crowd) -> None:
    victim, other = await workers.two()
    workers.close_gate()
    given = await workers.occupy(victim)
    os.kill(victim, signal.SIGKILL)
    workers.open_gate()
    await workers.over()
    assert await workers.all_is_well() == {"succeeded": given}
    assert {line[0] for line in workers.book("effects.txt")} == {str(other)}


async def test_a_worker_that_slept_changes_nothing_when_it_wakes_and_joins_anew(
    workers: Crowd,
) -> None:
    victim, other = await workers.two()
    workers.close_gate()
    name = await workers.name_of(victim)
    given = await workers.occupy(victim, keeps)
    os.kill(victim, signal.SIGSTOP)
    workers.open_gate()
    await workers.over()
    assert (workers.root / "kept.txt").read_text() == str(other)
    os.kill(victim, signal.SIGCONT)
    await workers.until(lambda: _renamed(workers, victim, name), "it did not join again")
    assert (workers.root / "kept.txt").read_text() == str(other)
    await workers.give(2)
    await workers.over()
    assert await workers.all_is_well() == {"succeeded": given + 2}


async def test_a_worker_that_is_cut_from_the_database_leaves_its_work_and_comes_back(
    workers: Crowd,
) -> None:
    await workers.two()
    line = Proxy(workers.url)
    await line.mend()
    victim = await workers.join(url=line.url)
    name = await workers.name_of(victim)
    workers.close_gate()
    given = await workers.occupy(victim)
    line.cut()
    workers.open_gate()  # it does what it is doing, and cannot tell
    await workers.over()
    await line.mend()
    await workers.until(lambda: _renamed(workers, victim, name), "it did not join again")
    given += await workers.occupy(victim)
    await workers.over()
    assert await workers.all_is_well() == {"succeeded": given}
    os.kill(victim, signal.SIGKILL)
    line.cut()


async def _renamed(workers: Crowd, pid: int, old: str) -> bool:
    return await workers.name_of(pid) not in {"", old}


async def test_a_cancel_reaches_the_program_that_another_worker_runs(
    workers: Crowd,
) -> None:
    await workers.two()
    await workers.give(1, lambda _: [task("program", agent="program")])
    book = workers.root / "program.pid"
    pid = int(await workers.until(lambda: book.exists() and book.read_text(), "it never began"))
    assert await workers.executor.cancel(PROJECT, workers.accepted[-1], by="ana")
    await workers.gone(pid)
    await workers.until(lambda: _none_held(workers), "its attempt never ended")
    assert await workers.all_is_well() == {"cancelled": 1}


async def _none_held(workers: Crowd) -> bool:
    return not sum([await workers.held_by(worker.id) for worker in await workers.alive()])


async def test_a_worker_that_is_told_to_go_ends_what_it_does_and_takes_up_no_more(
    workers: Crowd,
) -> None:
    leaver, other = await workers.two()
    workers.close_gate()
    given = await workers.occupy(leaver)
    os.kill(leaver, signal.SIGTERM)
    await workers.give(2)
    workers.open_gate()
    await workers.over()
    await workers.gone(leaver)
    assert workers.book("left.txt") == [["0"]]
    # The worker that the test before killed may hold its lease yet: only these two count.
    assert not await workers.name_of(leaver), "it left its lease behind"
    assert await workers.name_of(other)
    assert await workers.all_is_well() == {"succeeded": given + 2}
    calls = [line[1] for line in workers.book("calls.txt")]
    assert len(calls) == len(set(calls)), "work that could have ended was done again"
