"""The verbs that look on: beside whoever works, for people and for programs."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cli.app import run as orchestra
from bot.cli.inspect.tables import age, table
from memory.model.events import RunStarted
from memory.model.work.run import Usage
from memory.store.engine import schema
from memory.store.engine.database import Database
from memory.store.tables import workers
from memory.store.traffic import news
from tests.unit.executor.world import PROJECT, World, says, scripted, task, world

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder; on Postgres the environment names the database."""
    if request.param == "postgres":
        monkeypatch.setenv("ORCHESTRA_DATABASE_URL", request.getfixturevalue("postgres_url"))
    return tmp_path


@pytest.fixture
async def here(where: Path) -> Database:
    from memory.store.engine.database import database_url

    database = Database(database_url(where, os.environ.get("ORCHESTRA_DATABASE_URL", "")))
    await schema.upgrade(database)
    return database


async def looked(
    capsys: pytest.CaptureFixture[str], folder: Path, *words: str
) -> tuple[int, str, str]:
    """What the command prints, run as a program beside would."""
    import asyncio

    code = await asyncio.to_thread(orchestra, [*words, "--data", str(folder)])
    said = capsys.readouterr()
    return code, said.out, said.err


async def seen(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> object:
    code, out, err = await looked(capsys, folder, *words, "--json")
    assert code == 0, err
    return json.loads(out)


async def test_all_that_goes_on_is_seen_while_it_goes_on(
    here: Database, where: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncio

    go = asyncio.Event()

    async def wait(call):  # type: ignore[no-untyped-def]  # the test's agent
        await go.wait()
        return says("done", Usage(cost_micro_usd=120_000))

    async with world(here, where, [scripted(), scripted("slow", wait, kind="model")]) as place:
        await place.over(await _started(place, simulated=True))  # does nothing: counts for nobody
        run = await _started(place)
        await place.until(run, lambda view: view.tasks[1].state.value == "running")
        (row,) = await seen(capsys, where, "runs", "--running")
        assert (row["id"], row["state"], row["done"], row["tasks"]) == (run, "running", 1, 3)
        shown = await seen(capsys, where, "tasks", run[4:12])
        assert [one["state"] for one in shown["tasks"]] == ["succeeded", "running", "waiting"]
        assert shown["tasks"][1]["worker"]
        (lane,) = (await seen(capsys, where, "queue"))["lanes"]
        assert (lane["agent"], lane["working"], lane["waiting"]) == ("slow", 1, 0)
        agents = await seen(capsys, where, "agents", "--project", "P")
        assert [(one["agent"], one["working"]) for one in agents] == [("echo", 0), ("slow", 1)]
        go.set()
        await place.over(run)
    assert await seen(capsys, where, "runs", "--running") == []
    agents = {one["agent"]: one for one in await seen(capsys, where, "agents")}
    assert agents["slow"]["cost_micro_usd"] == 120_000
    assert (agents["echo"]["succeeded"], agents["echo"]["success_rate"]) == (2, 1.0)
    assert (await seen(capsys, where, "tasks"))["run"]["cost_micro_usd"] == 120_000
    code, out, _ = await looked(capsys, where, "runs")
    assert code == 0
    assert "succeeded" in out
    assert "$0.12" in out
    await here.close()


async def _started(place: World, *, simulated: bool = False) -> str:
    from tests.unit.executor.world import plan

    made = plan(task("a"), task("b", "a", agent="slow"), task("c", "b"))
    return await place.start(made, simulated=simulated)


async def test_workers_are_listed_with_the_age_of_their_lease(
    here: Database, where: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    async with here.transaction() as tx:
        row = {"id": "host:1:a", "version": "0.1.0", "started_at": now - timedelta(hours=3)}
        await tx.execute(sa.insert(workers).values(beat_at=now - timedelta(minutes=2), **row))
    _, out, _ = await looked(capsys, where, "queue")
    if here.is_sqlite:
        assert "On SQLite, the one" in out
    else:
        assert "host:1:a  0.1.0    3 h     2 min" in out
    await here.close()


async def test_a_sweep_says_what_would_go_and_only_then_clears_it(
    here: Database, where: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=40)
    async with here.transaction() as tx:
        told = RunStarted.model_construct(kind="run_started", run="", simulated=False)
        await news.tell(tx, PROJECT, told, at=long_ago)
    async with here.transaction() as tx:
        await news.move_cursor(tx, "reporter", 10)
    words = ("maintain", "sweep", "--older-than", "30")
    assert _count((await looked(capsys, where, *words))[1]) == 1
    assert _count((await looked(capsys, where, *words, "--now"))[1]) == 1
    assert _count((await looked(capsys, where, *words))[1]) == 0
    await here.close()


def _count(out: str) -> int:
    return int(next(line.split()[1] for line in out.splitlines() if line.startswith("events")))


@pytest.mark.parametrize(
    ("words", "says_"),
    [
        (["tasks", "nosuch"], "There's no run nosuch"),
        (["runs", "--project", "Nosuch"], "There's no project Nosuch here"),
        (["tasks"], "Nothing has run yet."),
    ],
)
async def test_what_is_not_there_is_said_in_a_sentence(
    here: Database,
    where: Path,
    capsys: pytest.CaptureFixture[str],
    words: Sequence[str],
    says_: str,
) -> None:
    code, _, err = await looked(capsys, where, *words)
    assert (code, says_ in err) == (1, True)
    await here.close()


async def test_looking_makes_no_database_and_reads_none_of_another_version(
    sqlite: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = await looked(capsys, tmp_path / "none", "runs")
    assert (code, "Nothing has run yet in" in err) == (1, True)
    assert not (tmp_path / "none").exists()
    async with sqlite.transaction() as tx:
        await tx.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    code, _, err = await looked(capsys, tmp_path, "runs")
    assert (code, "is at version 0001" in err) == (2, True)


@pytest.mark.parametrize("verb", ["serve", "worker"])
def test_workers_are_refused_on_sqlite_with_what_to_do(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "t")
    words = [verb, "--data", str(tmp_path), *(["--no-work"] if verb == "serve" else [])]
    assert orchestra(words) == 2
    assert "set ORCHESTRA_DATABASE_URL" in capsys.readouterr().err


def test_a_worker_says_that_nobody_answers(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRA_OLLAMA_URL", "")
    monkeypatch.setenv("ORCHESTRA_DATABASE_URL", "postgresql://x@127.0.0.1:1/x")
    assert orchestra(["worker", "--data", str(tmp_path)]) == 1
    assert "The database doesn't answer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7300, "2 h"), (200_000, "2 d")]
)
def test_ages_are_short(seconds: int, text: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == text


def test_a_table_cannot_be_drawn_over_by_what_agents_wrote() -> None:
    assert table(("a", "b"), [("x\x1b[2J\n", "long")]) == ("a       b", "x [2J   long")
