"""`orchestra queue`: what waits for whom, and who works."""

from collections.abc import Sequence
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

if TYPE_CHECKING:
    from executor.engine.waiting import Lane
    from memory.model.overview import Worker
    from memory.store.engine.database import Connection

LANES = ("agent", "waiting", "oldest", "later", "working")
WORKERS = ("worker", "version", "up for", "last heard of")


def queue(settings: Settings, *, project: str, as_json: bool, every_s: float | None) -> int:
    """Print the queue of each agent and the workers with the age of their lease."""

    async def look(connection: "Connection", now: datetime) -> Shown:
        from executor.engine.waiting import lanes
        from memory.store.running import workers

        owner = await the_project(connection, project)
        found = await lanes(connection, project=owner, now=now)
        alive = await workers.alive(connection)
        shared = connection.dialect.name == "postgresql"
        lines = (*_lanes(found, now), "", *_workers(alive, now, shared=shared))
        return Shown(lines, {"lanes": list(found), "workers": list(alive)})

    return look_on(settings, look, as_json=as_json, every_s=every_s)


def _lanes(lanes: "Sequence[Lane]", now: datetime) -> tuple[str, ...]:
    if not lanes:
        return ("Nothing waits.",)
    rows = [
        (one.agent, str(one.waiting), age(one.oldest_at, now), str(one.later), str(one.working))
        for one in lanes
    ]
    return table(LANES, rows)


def _workers(workers: "Sequence[Worker]", now: datetime, *, shared: bool) -> tuple[str, ...]:
    if not shared:
        return ("On SQLite the one `serve` or `chat` that has the folder does the work.",)
    if not workers:
        return ("Nobody works; start `orchestra worker`, or `orchestra serve` without --no-work.",)
    rows = [
        (one.id, one.version, age(one.started_at, now), age(one.beat_at, now)) for one in workers
    ]
    return table(WORKERS, rows)
