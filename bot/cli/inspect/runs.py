"""`orchestra runs`: what runs and what ran."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.cli.inspect.tables import (
    Shown,
    age,
    look_on,
    table,
    the_project,
)
from bot.config.settings import Settings
from memory.model.money import show_money

if TYPE_CHECKING:
    from memory.model.overview import RunRow
    from memory.store.engine.database import Connection

HEADER = ("run", "project", "plan", "state", "tasks", "cost", "age", "note")
NOTE_CHARS = 60


def runs(
    settings: Settings,
    *,
    project: str,
    running_only: bool,
    limit: int,
    as_json: bool,
    every_s: float | None,
) -> int:
    """Print the newest runs, of every project where none is named. Raises as `look_on`."""

    async def look(connection: "Connection", now: datetime) -> Shown:
        from memory.store.running import overview

        owner = await the_project(connection, project)
        found = await overview.run_rows(
            connection, project=owner, running_only=running_only, limit=limit
        )
        if not found:
            return Shown(("Nothing runs." if running_only else "Nothing has run yet.",), [])
        return Shown(table(HEADER, [run_cells(one, now) for one in found]), list(found))

    return look_on(settings, look, as_json=as_json, every_s=every_s)


def run_cells(run: "RunRow", now: datetime) -> tuple[str, ...]:
    """The run as a row of the table."""
    cost = show_money(run.cost_micro_usd) + (" + ?" if run.unpriced else "")
    state = f"{run.state} (dry)" if run.simulated else run.state
    return (
        run.id,
        run.project,
        run.title[:NOTE_CHARS],
        state,
        f"{run.done}/{run.tasks}",
        cost,
        age(run.started_at, now),
        run.problem[:NOTE_CHARS],
    )
