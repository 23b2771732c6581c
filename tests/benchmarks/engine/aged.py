"""What a hundred thousand finished runs cost: the thousand no-ops in a new and in an old database."""

from pathlib import Path

import sqlalchemy as sa

from memory.store.engine.database import Database
from tests.benchmarks.figures import Figure
from tests.benchmarks.flows import KINDS, fresh, noop
from tests.unit.executor.world import queued, task, world

FINISHED = 100_000
MOST_LOST = 0.25
ROUNDS = 3
OURS = ("runs", "tasks", "attempts", "task_records", "events", "audit")
THEIRS = ("workflow_status", "workflow_input", "workflow_output")


async def measure() -> tuple[Figure, ...]:
    """Tasks per second after the rows were multiplied, against those in a new database."""
    figures = []
    for kind in KINDS:
        async with fresh(kind) as young, fresh(kind) as grown:
            await _age(*grown[:2])
            # In turn, so that whatever else the machine does meanwhile meets both.
            pairs = [(await noop(*young[:2]), await noop(*grown[:2])) for _ in range(ROUNDS)]
        new, old = (max(column) for column in zip(*pairs, strict=True))
        figures.append(
            Figure(
                "engine",
                f"executor after 100,000 finished runs, {kind}",
                old,
                "tasks/s",
                least=new * (1 - MOST_LOST),
                against=new,
            )
        )
    return tuple(figures)


async def _age(database: Database, folder: Path) -> None:
    """Do one run of one task, and write all that it left behind so often again."""
    async with world(database, folder, engine=queued(database)) as here:  # with tickets, too
        view = await here.run(task("only"))
    schema = "" if database.is_sqlite else "dbos."
    async with database.transaction() as tx:
        await tx.run_sync(_multiply, view.id, [*OURS, *(f"{schema}{name}" for name in THEIRS)])
    # A hundred thousand runs do not come in one transaction: leave no log that is as long as they.
    tidy = "PRAGMA wal_checkpoint(TRUNCATE)" if database.is_sqlite else "VACUUM ANALYZE"
    async with database.engine.connect() as connection:
        own = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await own.execute(sa.text(tidy))


def _multiply(connection: sa.Connection, run: str, names: list[str]) -> None:
    """Every row again under other ids; a chain of hashes is not a chain then, which none reads."""
    numbers = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {FINISHED})"
    )
    for name in names:
        schema, _, plain = name.rpartition(".")
        columns = sa.inspect(connection).get_columns(plain, schema=schema or None)
        kept = [column for column in columns if column["name"] != "seq"]
        into = ", ".join(f'"{one["name"]}"' for one in kept)
        values = ", ".join(_other(one) for one in kept)
        connection.execute(
            sa.text(f"INSERT INTO {name} ({into}) {numbers} SELECT {values} FROM {name}, n"),
            {"run": run},
        )


def _other(column: "sa.engine.interfaces.ReflectedColumn") -> str:
    name = f'"{column["name"]}"'
    if not isinstance(column["type"], sa.Text | sa.String):
        return name
    if column["name"] in {"hash", "creator_xid"}:
        return f"{name} || '-' || i"
    return f"replace({name}, :run, :run || '-' || i)"
