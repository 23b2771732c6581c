"""`orchestra queue`: what waits for whom, and who works."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.cli.inspect.tables import Shown, age, show, table
from bot.config.settings import Settings
from bot.language.catalogue import Locale

if TYPE_CHECKING:
    from bot.queries.asking import Asking
    from bot.queries.runs import Queue

LANES = ("agent", "waiting", "oldest", "later", "working")
WORKERS = ("worker", "version", "up for", "last heard of")


def queue(settings: Settings, *, project: str, as_json: bool, every_s: float | None) -> int:
    """Print the queue of each agent and the workers with the age of their lease."""

    async def look(asking: "Asking") -> Shown:
        from bot.queries.runs import queue as queue_now

        now, _ = asking.now, asking.desk.locale
        rows = await queue_now(asking, everywhere=not project)
        data = {"lanes": list(rows.lanes), "workers": list(rows.workers)}
        return Shown((*_lanes(_, rows, now), "", *_workers(_, rows, now)), data)

    return show(settings, look, project=project, as_json=as_json, every_s=every_s)


def _lanes(_: Locale, queue: "Queue", now: datetime) -> tuple[str, ...]:
    if not queue.lanes:
        return (_("Nothing is waiting."),)
    rows = [
        (
            lane.agent,
            str(lane.waiting),
            age(lane.oldest_at, now),
            str(lane.later),
            str(lane.working),
        )
        for lane in queue.lanes
    ]
    return table(LANES, rows)


def _workers(_: Locale, queue: "Queue", now: datetime) -> tuple[str, ...]:
    if not queue.shared:
        return (_("On SQLite, the one `serve` or `chat` that uses this folder does all the work."),)
    if not queue.workers:
        return (
            _(
                "No worker is running. Start `orchestra worker`, or `orchestra serve` without "
                "--no-work."
            ),
        )
    rows = [
        (worker.id, worker.version, age(worker.started_at, now), age(worker.beat_at, now))
        for worker in queue.workers
    ]
    return table(WORKERS, rows)
