"""kill -9 at every named point of the whole program, in the middle of a conversation on Slack.

Nothing is faked but Slack's own side, which lives in this process and so remembers what was
posted. The bot is a fork that dies at the point, is started again, and has to bring the
afternoon to the end that it would have had.
"""

import asyncio
import random
import subprocess
from pathlib import Path

import psycopg
import pytest

from memory.model.crash import CRASH_POINTS
from tests.fakes.slack.workspace import open_workspace
from tests.restart.ledgers import all_is_well
from tests.restart.nursery import ROOT, Forks
from tests.restart.whole.program import (
    World,
    forks,
    living,
    open_database,
    play,
)
from tests.restart.whole.victim import every_module

every_module()
ELSEWHERE = {"after_firing": "test_schedules", "after_expand": "test_executor"}
"""Points that an afternoon without schedules and lists does not pass, and where they are tried."""
POINTS = sorted(CRASH_POINTS - set(ELSEWHERE))
LATER = {
    "after_receive": 3,  # the approval
    "after_claim_event": 5,  # its start
    "after_decision": 6,  # kim's answer
    "after_send_before_mark": 4,  # an edit
    "after_reserve": 3,  # the task that costs money
    "before_effect": 2,  # the chart
    "after_agent": 3,
    "after_effect": 2,  # the report
    "in_settle": 4,
    "in_report": 3,
    "after_mark_sent": 2,  # the plan, so that ✅ is told again and read again
    "in_decision": 4,  # its start
    "after_enqueue": 3,
}
"""Points that many things pass: which passing is tried as well as the first."""
KILLS = [*((point, 1) for point in POINTS), *LATER.items()]
AT_ONCE = 6
"""Afternoons side by side: they mostly wait, for redelivery and for leases."""

ON_POSTGRES = 3
"""The same on Postgres, where a life takes a score of the server's hundred connections."""

Failures = dict[tuple[str, int], BaseException]


@pytest.mark.timeout(1200)
async def test_kill_9_at_every_point_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    drawn = _of_this_commit()
    kills = [drawn.choice([kill for kill in KILLS if kill[0] == point]) for point in POINTS]
    _none(await _afternoons(tmp_path, kills))


@pytest.mark.timeout(1200)
async def test_the_same_holds_on_postgres(tmp_path: Path, postgres_server: str) -> None:
    kills = _of_this_commit().sample(KILLS, ON_POSTGRES)
    _none(await _afternoons(tmp_path, kills, postgres=postgres_server))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_the_same_holds_for_the_first_and_a_later_passing(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = "" if kind == "sqlite" else request.getfixturevalue("postgres_server")
    _none(await _afternoons(tmp_path, KILLS, postgres=server))


async def test_every_point_is_passed_in_an_afternoon_and_a_stop_is_polite(
    tmp_path: Path,
) -> None:
    async with forks(tmp_path) as forked:
        counts = await _afternoon(forked, tmp_path / "whole", "", 0)
    assert [point for point in POINTS if not counts.get(point)] == []
    too_late = {point: number for point, number in LATER.items() if counts[point] < number}
    assert too_late == {}


@pytest.mark.timeout(1800)
@pytest.mark.slow
async def test_kill_9_at_every_passing_of_every_point(tmp_path: Path) -> None:
    async with forks(tmp_path / "counted") as forked:
        counts = await _afternoon(forked, tmp_path / "whole", "", 0)
    # How often edits go together differs from one afternoon to the next; the last may not come.
    kills = [(point, number) for point in POINTS for number in range(1, counts[point] - 1)]
    assert len(kills) > len(POINTS)
    _none(await _afternoons(tmp_path, kills))


async def _afternoons(
    folder: Path, kills: list[tuple[str, int]], *, postgres: str = ""
) -> Failures:
    failures: Failures = {}
    room = asyncio.Semaphore(ON_POSTGRES if postgres else AT_ONCE)
    async with forks(folder) as forked:

        async def one(point: str, on_pass: int) -> None:
            name = f"{point}_{on_pass}"
            async with room:
                try:
                    url = await asyncio.to_thread(_empty, postgres, name) if postgres else ""
                    await _afternoon(forked, folder / name, point, on_pass, url)
                except (AssertionError, TimeoutError, ExceptionGroup) as error:
                    failures[point, on_pass] = error

        async with asyncio.TaskGroup() as group:
            for point, on_pass in kills:
                group.create_task(one(point, on_pass))
    return failures


async def _afternoon(
    forked: Forks, folder: Path, point: str, on_pass: int, url: str = ""
) -> dict[str, int]:
    """Play it, with one death on the way; gives back how often each point was passed."""
    async with open_workspace(redeliver_after_s=2.0, patient=True) as workspace:
        world = World(forked, workspace, folder, url=url, point=point, on_pass=on_pass)
        database = open_database(world)
        try:
            async with living(world):
                await play(world)
                await world.settled(database)
            assert world.deaths == bool(point), f"{point} was not passed {on_pass} times"
            await all_is_well(world, database)
        finally:
            await database.close()
        return world.counts()


def _empty(server: str, name: str) -> str:
    """An empty database of its own on the server; it goes with the server."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?")


def _of_this_commit() -> random.Random:
    """Chance that is the same for all who try this commit, and another for the next."""
    told = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return random.Random(told.stdout)


def _none(failures: Failures) -> None:
    if failures:
        text = "\n\n".join(f"{point} × {number}: {_inner(error)}"
                           for (point, number), error in failures.items())  # fmt: skip
        raise AssertionError(f"{len(failures)} of the kills did harm:\n\n{text}")


def _inner(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"
