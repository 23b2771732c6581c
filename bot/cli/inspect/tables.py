"""Looking on from the command line: as a table, as JSON, once or again and again; read-only."""

import asyncio
import dataclasses
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.config.settings import Settings
from memory.model.errors import BadInput, NotFound

if TYPE_CHECKING:
    from memory.model.base import ProjectId
    from memory.model.overview import RunRow
    from memory.store.engine.database import Connection, Database

CLEAR = "\x1b[H\x1b[2J"
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


@dataclass(frozen=True)
class Shown:
    """What a look gives: `lines` for people, `data` for programs."""

    lines: tuple[str, ...]
    data: object


Look = Callable[["Connection", datetime], Awaitable[Shown]]


def look_on(settings: Settings, look: Look, *, as_json: bool, every_s: float | None) -> int:
    """Print what `look` gives, once, or every so often until Ctrl-C; gives back 0.

    Works beside a running `serve` or `chat`. Raises NotFound where nothing has run yet,
    Misconfigured for tables of another version, StorageTrouble.
    """
    try:
        asyncio.run(_look_on(settings, look, as_json=as_json, every_s=every_s))
    except KeyboardInterrupt:
        if every_s is None:
            raise
    return 0


async def _look_on(settings: Settings, look: Look, *, as_json: bool, every_s: float | None) -> None:
    from memory.model.timing.clock import SystemClock
    from memory.store.engine import schema

    clock, database = SystemClock(), database_of(settings)
    try:
        await schema.require(database)
        while True:
            async with database.reading() as connection:
                shown = await look(connection, clock.now())
            _print(shown, as_json=as_json, again=every_s is not None)
            if every_s is None:
                return
            await asyncio.sleep(every_s)
    finally:
        await database.close()


def database_of(settings: Settings) -> "Database":
    """The database there is. Raises NotFound where nothing has run yet."""
    from memory.store.engine.database import Database, database_url

    database = Database(database_url(settings.data, settings.database_url.get_secret_value()))
    if database.is_sqlite and not (settings.data / "orchestra.db").is_file():
        raise NotFound(
            "Nothing has run yet in {data}; name another folder with --data.", data=settings.data
        )
    return database


def _print(shown: Shown, *, as_json: bool, again: bool) -> None:
    if as_json:
        print(json.dumps(shown.data, default=_plain, indent=None if again else 2), flush=True)
        return
    if again and sys.stdout.isatty():
        sys.stdout.write(CLEAR)
    print("\n".join(shown.lines), flush=True)


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON")


async def the_project(connection: "Connection", named: str) -> "ProjectId | None":
    """The project of that name; None where none was named. Raises NotFound."""
    from bot.config.projects import slug
    from memory.store.running import overview

    if not named:
        return None
    found = await overview.project_named(connection, slug(named))
    if found is None:
        raise NotFound("There is no project {named} here.", named=named)
    return found


async def run_named(connection: "Connection", start: str) -> "RunRow":
    """The run whose id begins so; "" means the newest. Raises NotFound, BadInput for several."""
    from memory.store.running import overview

    if not start:
        newest = await overview.run_rows(connection, project=None, running_only=False, limit=1)
        if not newest:
            raise NotFound("Nothing has run yet.")
        return newest[0]
    found = await overview.find_runs(connection, start)
    whole = [one for one in found if one.id == start]
    if len(whole or found) > 1:
        raise BadInput("Several runs begin so: {found}.", found=", ".join(one.id for one in found))
    if not found:
        raise NotFound("There is no run {start}; `orchestra runs` lists them.", start=start)
    return (whole or found)[0]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Columns as wide as their widest cell, two spaces apart; the last one as long as it is."""
    cells = [tuple(header), *(tuple(_one_line(cell) for cell in row) for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(header))]
    return tuple(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def age(since: datetime | None, now: datetime) -> str:
    """`8 s`, `4 min`, `3 h`, `12 d`; a dash where there is none."""
    if since is None:
        return "–"
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < MINUTE_S:
        return f"{seconds} s"
    if seconds < HOUR_S:
        return f"{seconds // MINUTE_S} min"
    return f"{seconds // HOUR_S} h" if seconds < DAY_S else f"{seconds // DAY_S} d"


def _one_line(text: str) -> str:
    """What others wrote must not draw on the terminal."""
    return "".join(one if one.isprintable() else " " for one in text)
