"""`orchestra runs`: what is running and what ran."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.cli.inspect.tables import Shown, age, show, table
from bot.config.settings import Settings
from memory.model.money import show_money

if TYPE_CHECKING:
    from bot.queries.asking import Asking
    from memory.model.overview import RunRow

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
    """Print the newest runs, of every project where none is named. Raises as `show`."""

    async def look(asking: "Asking") -> Shown:
        from bot.queries.runs import newest_runs

        rows = await newest_runs(
            asking, everywhere=not project, running_only=running_only, limit=limit
        )
        if not rows:
            _ = asking.desk.locale
            return Shown(
                (_("Nothing is running.") if running_only else _("Nothing has run yet."),), []
            )
        return Shown(table(HEADER, [run_cells(row, asking.now) for row in rows]), list(rows))

    return show(settings, look, project=project, as_json=as_json, every_s=every_s)


def run_cells(run: "RunRow", now: datetime) -> tuple[str, ...]:
    """The run as a row of the table."""
    cost = show_money(run.cost_micro_usd) + (" + ?" if run.unpriced else "")
    state = f"{run.state} (dry)" if run.simulated else run.state
    return (
        run.id,
        run.project_name,
        run.title[:NOTE_CHARS],
        state,
        f"{run.done}/{run.tasks}",
        cost,
        age(run.started_at, now),
        run.problem[:NOTE_CHARS],
    )
