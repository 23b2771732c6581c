"""Built-in tools in worker processes: as before, but held to limits, killed, and in turn."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from executor.agents.files.read import FilesRead
from executor.agents.registry import load
from executor.documents.reading import readable
from executor.egress.cell import landlock
from executor.egress.files import FileTrouble, ProjectFiles
from executor.egress.http import Page
from executor.port import Agent, Call
from executor.workshop.inner import PAGE, page_inputs
from executor.workshop.pool import Pool
from executor.workshop.shapes import Shapes
from executor.workshop.turns import Turns
from memory.model.base import ProjectId
from memory.model.errors import AgentUnavailable, BadInput
from memory.model.work.value import File, Json, Table, Text
from tests.unit.executor.agents.calls import SALES, call, file_of, table, table_of, text_of, until

ENDLESS = "SELECT count(*) FROM range(1000000000) a, range(1000000000) b"


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    made = Pool()
    yield made
    await made.close()


@pytest.fixture
def tools(pool: Pool) -> dict[str, Agent]:
    return {agent.spec.name: agent for agent in load((), pool=pool, third_parties=())}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "sales.csv").write_bytes(SALES)
    return tmp_path


async def test_tools_give_what_they_gave(tools: dict[str, Agent], root: Path) -> None:
    sql = "SELECT region, sum(units) AS units FROM sales GROUP BY ALL ORDER BY ALL"
    assert (await table_of(tools["data.query"], root, sources=["sales.csv"], sql=sql)).rows == (
        ("North", 5), ("South", 1),
    )  # fmt: skip
    chart = await file_of(
        tools["data.chart"], root, table=table(("a", 1), ("b", 2)), path="o/c.png"
    )
    assert (root / "o" / "c.png").read_bytes().startswith(b"\x89PNG")
    report = call(root, path="r.md", title="Q3", parts=["Words.", chart, table(("a", 1))])
    assert isinstance((await tools["report.write"].run(report)).value, File)
    assert "![" in (root / "r.md").read_text()
    exported = call(root, sources=["sales.csv"], sql="FROM sales", path="all.xlsx")
    await tools["data.export"].run(exported)
    assert exported.said == ["3 rows"]  # type: ignore[attr-defined]
    assert "Tea" in await text_of(tools["text.summarise"], root, text="Tea sold well in July.")


async def test_errors_come_back_as_they_were(tools: dict[str, Agent], root: Path) -> None:
    with pytest.raises(BadInput) as caught:
        await table_of(
            tools["data.query"], root, sources=["sales.csv"], sql="SELECT nothing FROM sales"
        )
    assert caught.value.user_text.startswith("There's no column nothing in sales.csv.")


async def test_the_bot_writes_and_looks_whether_it_still_may(
    tools: dict[str, Agent], root: Path
) -> None:
    def check() -> None:
        raise FileTrouble("Another worker has it.")

    held = replace(
        call(root, table=table(("a", 1)), path="c.png"), files=ProjectFiles(root, check=check)
    )
    with pytest.raises(FileTrouble, match="Another worker"):
        await tools["data.chart"].run(held)
    assert not (root / "c.png").exists()


@pytest.mark.parametrize("how", ["deadline", "cancel"])
async def test_what_is_given_up_is_killed(
    pool: Pool, tools: dict[str, Agent], root: Path, how: str
) -> None:
    timeout_s = 0.5 if how == "deadline" else 20
    task = asyncio.create_task(
        tools["data.query"].run(call(root, timeout_s=timeout_s, sources=["sales.csv"], sql=ENDLESS))
    )
    if how == "cancel":
        await until(lambda: len(busy(pool)) > 0)
        task.cancel()
    with pytest.raises((AgentUnavailable, asyncio.CancelledError)):
        await task
    await until(lambda: not busy(pool))


async def test_a_killed_worker_is_a_sentence_and_the_next_order_has_another(
    pool: Pool, tools: dict[str, Agent], root: Path
) -> None:
    endless = call(root, sources=["sales.csv"], sql=ENDLESS)
    task = asyncio.create_task(tools["data.query"].run(endless))
    await until(lambda: len(busy(pool)) > 0)
    os.kill(busy(pool)[0], signal.SIGKILL)
    with pytest.raises(BadInput, match="needed more memory or time than it may have"):
        await task
    task = asyncio.create_task(tools["data.query"].run(endless))
    await until(lambda: len(busy(pool)) > 0)
    assert pool._process is not None
    pool._process.kill()  # all of them at once
    with pytest.raises(BadInput, match="needed more"):
        await task
    await until(lambda: pool._process is not None and pool._process.returncode is not None)
    found = await table_of(tools["data.query"], root, sources=["sales.csv"], sql="SELECT 1 AS x")
    assert found.rows == ((1,),)


async def test_a_flood_of_memory_ends_in_a_sentence(tools: dict[str, Agent], root: Path) -> None:
    sql = "SELECT list(repeat('x', 1000000) || a.range) FROM range(4000) a"
    with pytest.raises(BadInput, match="memory"):
        await table_of(tools["data.query"], root, sources=["sales.csv"], sql=sql)


async def test_twelve_abandoned_queries_stop_nobody(tools: dict[str, Agent], root: Path) -> None:
    endless = call(root, sources=["sales.csv"], sql=ENDLESS)
    tasks = [asyncio.create_task(tools["data.query"].run(endless)) for _ in range(12)]
    try:
        await asyncio.sleep(0)
        began = time.monotonic()
        assert "Tea" in await text_of(FilesRead(), root, path="sales.csv")
        assert time.monotonic() - began < 2
        other = replace(
            call(root, sources=["sales.csv"], sql="SELECT 2 AS x"), project=ProjectId("other")
        )
        value = (await tools["data.query"].run(other)).value
        assert isinstance(value, Table)
        assert value.rows == ((2,),)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_projects_take_turns() -> None:
    turns, order, gate = Turns(2), list[str](), asyncio.Event()

    async def work(project: str) -> None:
        async with turns.turn(project):
            order.append(project)
            await gate.wait()

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(work("a"))
        await asyncio.sleep(0)
        for project in ("b", "c"):
            group.create_task(work(project))
        await until(lambda: len(order) == 2)
        assert order == ["a", "b"]  # one of two places stays free of a
        gate.set()
    assert set(order[:4]) == {"a", "b", "c"}  # before a's third


async def test_who_gives_up_while_waiting_leaves_no_hole() -> None:
    turns, gate = Turns(1), asyncio.Event()

    async def work(project: str) -> None:
        async with turns.turn(project):
            await gate.wait()

    first = asyncio.create_task(work("a"))
    second = asyncio.create_task(work("b"))
    await asyncio.sleep(0)
    second.cancel()
    gate.set()
    await asyncio.gather(first, second, return_exceptions=True)
    async with asyncio.timeout(1), turns.turn("c"):
        pass


@pytest.mark.skipif(not landlock.supported(), reason="needs Landlock")
def test_a_worker_reads_the_project_and_writes_scratch_alone(root: Path, tmp_path: Path) -> None:
    outside, scratch = (
        tmp_path.parent / f"{tmp_path.name}-out",
        tmp_path.parent / f"{tmp_path.name}-s",
    )
    outside.mkdir()
    scratch.mkdir()
    (outside / "secret").write_text("x")
    code = f"""
import socket
from pathlib import Path
from types import SimpleNamespace
from executor.workshop.worker import _limit
_limit(SimpleNamespace(timeout_s=5, root={str(root)!r}), Path({str(scratch)!r}))
def refused(act):
    try: act()
    except OSError: return True
Path({str(root / "sales.csv")!r}).read_bytes()
Path({str(scratch / "x")!r}).write_bytes(b"x")
assert refused(lambda: Path({str(outside / "secret")!r}).read_bytes())
assert refused(lambda: Path({str(root / "new")!r}).write_bytes(b"x"))
assert refused(lambda: socket.create_connection(("127.0.0.1", 9)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def busy(pool: Pool) -> list[int]:
    """Workers that burn: children of the process that forks, with time on their clocks."""
    if pool._process is None:
        return []
    found = []
    for entry in Path("/proc").iterdir():
        try:
            parts = (entry / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        if entry.name.isdigit() and int(parts[1]) == pool._process.pid and int(parts[11]) > 20:
            found.append(int(entry.name))
    return found


async def test_shapes_are_found_by_workers_and_kept_until_a_file_changes(
    pool: Pool, root: Path
) -> None:
    files, project = ProjectFiles(root), ProjectId("p")
    (root / "notes.md").write_text("# Notes")
    shapes, here = Shapes(pool), Shapes()
    assert await shapes.every(files, project) == await here.every(files, project)
    for path in ("sales.csv", "notes.md", "none.csv", "../out.csv"):
        wanted = await here.describe(files, project, path)
        assert await shapes.describe(files, project, path) == wanted
    (root / "sales.csv").write_text("a,b\n1,2\n")
    _, changed = await shapes.every(files, project)
    assert [column.name for column in changed.columns] == ["a", "b"]
    await pool.close()
    assert (await shapes.every(files, project))[1] == changed  # so no worker is asked again


async def test_a_file_too_large_for_a_worker_has_a_problem_and_spoils_no_other(
    pool: Pool, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "sales.csv").rename(root / "a.csv")
    (root / "b.csv").write_bytes(SALES)

    async def value(_pool: Pool, given: Call, *_: object, **__: object) -> Json:
        paths = given.inputs["paths"]
        if "b.csv" in paths:  # type: ignore[operator]
            raise BadInput("Too much.")
        return Json(value={"a.csv": [{"path": "a.csv", "media_type": "text/csv", "size": 1}]})

    monkeypatch.setattr(Pool, "value", value)
    good, bad = await Shapes(pool).every(ProjectFiles(root), ProjectId("p"))
    assert (good.problem, bad.problem) == ("", "Too much.")


async def test_a_page_is_read_by_a_worker(pool: Pool, root: Path) -> None:
    page = Page("https://example.com/", "text/html", "utf-8", b"<h1>Rain</h1><p>It rains.</p>")
    given = replace(call(root), inputs=page_inputs(page))
    value = await pool.value(given, PAGE)
    assert value == Text(text=readable(page))
