"""`orchestra tasks`: the tasks of a run."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.cli.inspect.runs import HEADER as RUN_HEADER
from bot.cli.inspect.runs import run_cells
from bot.cli.inspect.tables import Shown, age, show, table
from bot.config.settings import Settings
from memory.model.money import show_money

if TYPE_CHECKING:
    from bot.queries.asking import Asking
    from memory.model.overview import TaskRow

HEADER = ("task", "state", "agent", "attempts", "cost", "took", "worker", "note")


def tasks(settings: Settings, *, run: str, as_json: bool, every_s: float | None) -> int:
    """Print the tasks of the run whose id starts so; "" means the newest run.

    Raises NotFound, BadInput where several start so, and as `show`.
    """

    async def look(asking: "Asking") -> Shown:
        from bot.queries.runs import run_named, tasks_of

        row = await run_named(asking, run.strip())
        rows = await tasks_of(asking, row.id)
        lines = (
            *table(RUN_HEADER, [run_cells(row, asking.now)]),
            "",
            *table(HEADER, [_cells(task, asking.now) for task in rows]),
        )
        return Shown(lines, {"run": row, "tasks": list(rows)})

    return show(settings, look, as_json=as_json, every_s=every_s)


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
