"""`orchestra tasks`: the tasks of a run."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.cli.inspect.runs import HEADER as RUN_HEADER
from bot.cli.inspect.runs import run_cells
from bot.cli.inspect.tables import (
    Shown,
    age,
    look_on,
    run_named,
    table,
)
from bot.config.settings import Settings
from memory.model.money import show_money

if TYPE_CHECKING:
    from memory.model.overview import TaskRow
    from memory.store.engine.database import Connection

HEADER = ("task", "state", "agent", "attempts", "cost", "took", "worker", "note")


def tasks(settings: Settings, *, run: str, as_json: bool, every_s: float | None) -> int:
    """Print the tasks of the run whose id begins so; "" means the newest run.

    Raises NotFound, BadInput where several begin so, and as `look_on`.
    """

    async def look(connection: "Connection", now: datetime) -> Shown:
        from memory.store.running import overview

        found = await run_named(connection, run.strip())
        rows = await overview.task_rows(connection, found.id)
        lines = (
            *table(RUN_HEADER, [run_cells(found, now)]),
            "",
            *table(HEADER, [_cells(one, now) for one in rows]),
        )
        return Shown(lines, {"run": found, "tasks": list(rows)})

    return look_on(settings, look, as_json=as_json, every_s=every_s)


def _cells(task: "TaskRow", now: datetime) -> tuple[str, ...]:
    return (
        task.key,
        task.state,
        task.agent,
        str(task.attempts),
        show_money(task.cost_micro_usd),
        age(task.started_at, task.finished_at or now),
        task.worker,
        task.note,
    )
