"""`orchestra run …`, `stop` and `release`: beside whoever works, or with nobody at work."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cli.app import run as orchestra
from bot.cli.desk import you
from bot.cli.steering.actions import nobody
from memory.model.errors import AgentRejected
from memory.model.identity import Role
from memory.model.work.request import StoredRequest
from memory.model.work.run import RunState
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.engine.ownership import owning
from memory.store.knowledge import projects
from memory.store.planning import requests
from memory.store.tables import audit, inbox
from tests.unit.executor.world import ANA, PROJECT, THREAD, World, plan, says, scripted, task, world


class Moody:
    """Waits until it is let go; fails while it is told to."""

    def __init__(self) -> None:
        self.go, self.fails = asyncio.Event(), False

    async def run(self, call):  # type: ignore[no-untyped-def]  # the test's agent
        await self.go.wait()
        if self.fails and call.task.key == "b":
            raise AgentRejected("Not like this.")
        return says("done")


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder; on Postgres the environment names the database."""
    if request.param == "postgres":
        monkeypatch.setenv("ORCHESTRA_DATABASE_URL", request.getfixturevalue("postgres_url"))
    return tmp_path


@pytest.fixture
async def here(where: Path) -> AsyncIterator[Database]:
    database = Database(database_url(where, os.environ.get("ORCHESTRA_DATABASE_URL", "")))
    await schema.upgrade(database)
    yield database
    await database.close()


class Shell:
    """Commands as somebody types them at the same machine."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys

    async def __call__(self, *words: str) -> tuple[int, str]:
        code = await asyncio.to_thread(orchestra, [*words, "--data", str(self._folder)])
        said = self._capsys.readouterr()
        return code, (said.out + said.err).strip()


@pytest.fixture
def shell(where: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(where, capsys)


async def test_a_run_is_steered_while_somebody_else_works(
    here: Database, where: Path, shell: Shell
) -> None:
    moody = Moody()
    with owning(where):
        async with world(here, where, [scripted("echo", moody.run)]) as place:
            run = await _begun(place)
            assert await shell("run", "pause", run[:12]) == (
                0, f"Run {run} is paused. Tasks already running will finish.",
            )  # fmt: skip
            code, said = await shell("run", "pause", run)
            assert (code, said) == (1, f"Run {run} isn't running, so there's nothing to pause.")
            moody.fails = True
            moody.go.set()
            await place.until(run, lambda view: view.tasks[0].state.value == "succeeded")
            assert (await place.executor.view(PROJECT, run)).state is RunState.PAUSED
            assert await shell("run", "resume", run) == (0, f"Run {run} continues.")
            assert (await place.over(run)).state is RunState.FAILED
            moody.fails = False
            assert await shell("run", "retry", run) == (0, f"Run {run} is retrying what failed.")
            assert (await place.over(run)).state is RunState.SUCCEEDED
            code, said = await shell("run", "cancel", run)
            assert (code, said) == (1, f"Run {run} is already over.")
            code, said = await shell("run", "undo", run)
            assert code != 0
            assert said
    async with here.reading() as connection:
        rows = await connection.execute(sa.select(audit.c.actor, audit.c.action))
        by_hand = [row.action for row in rows if row.actor.startswith("console:local:")]
    assert [one for one in by_hand if one != "run.started"] == [
        "run.paused", "run.resumed", "run.retried",  # what can't be undone isn't marked as undone
    ]  # fmt: skip


async def test_a_cancel_reaches_the_work_under_way(
    here: Database, where: Path, shell: Shell
) -> None:
    moody = Moody()
    async with world(here, where, [scripted("echo", moody.run)]) as place:
        run = await _begun(place)
        assert (await shell("run", "cancel", run))[0] == 0
        assert (await place.over(run)).state is RunState.CANCELLED
        async with asyncio.timeout(20):
            while place.executor.health().under_way:
                await asyncio.sleep(0.02)


async def test_the_switch_stops_everything_until_it_is_released(
    here: Database, where: Path, shell: Shell
) -> None:
    moody = Moody()
    moody.go.set()
    async with world(here, where, [scripted("echo", moody.run)]) as place:
        assert (await shell("release"))[0] == 1
        code, said = await shell("stop", "--reason", "the price list is wrong")
        assert (code, said.split(";")[0]) == (0, "All work is stopped")
        assert (await shell("stop"))[0] == 1
        with pytest.raises(Exception, match="the price list is wrong"):
            await place.start(plan(task("a")))
        assert (await shell("release"))[0] == 0
        assert (await place.run(task("b"))).state is RunState.SUCCEEDED
        assert (await shell("stop", "--project", "nosuch"))[0] == 1


async def test_with_nobody_at_work_it_says_so_and_is_kept(
    here: Database, where: Path, shell: Shell
) -> None:
    moody = Moody()
    async with world(here, where, [scripted("echo", moody.run)]) as place:
        run = await _begun(place)
    await shell("run", "pause", run)
    code, said = await shell("run", "resume", run)
    assert (code, said) == (0, f"Run {run} continues.\n{nobody()}")
    code, said = await shell("run", "rerun", run, "--from", "2")
    assert code == 1
    assert "thread" in said
    moody.go.set()
    async with world(here, where, [scripted("echo", moody.run)]) as place:
        assert (await place.over(run)).state is RunState.SUCCEEDED
    async with here.reading() as connection:
        assert not (await connection.execute(sa.select(inbox.c.seq))).all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "pause", "nosuch"), "There's no run nosuch; `orchestra runs` lists them."),
        (("run", "rerun", "x", "--from", "2", "--but", "y"), "Use either --from or --but"),
        (("stop", "--project", "Nosuch"), "There's no project Nosuch here"),
    ],
)
async def test_what_cannot_be_meant_is_said_in_a_sentence(
    here: Database, shell: Shell, words: tuple[str, ...], said: str
) -> None:
    del here
    code, told = await shell(*words)
    assert code != 0
    assert said in told
    assert len(told.splitlines()) == 1


async def _begun(place: World) -> str:
    made = plan(task("a"), task("b", "a"))
    run = await place.start(made)
    asked = StoredRequest(
        id=made.request, project=PROJECT, thread_key=THREAD, author=ANA, text="do it"
    )
    async with place.database.transaction() as tx:
        await requests.create(tx, asked, at=datetime.now(UTC))
        # The project is ana's; whoever types here is among her approvers.
        await projects.set_role(tx, PROJECT, you(), Role.APPROVER, at=datetime.now(UTC))
    await place.until(run, lambda view: view.tasks[0].state.value == "running")
    return run
