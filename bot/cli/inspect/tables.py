"""Showing rows on the command line: as a table or as JSON, once or every two seconds."""

import asyncio
import dataclasses
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.cli.desk import at_desk, looking
from bot.config.settings import Settings

if TYPE_CHECKING:
    from bot.queries.asking import Asking

CLEAR = "\x1b[H\x1b[2J"
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


@dataclass(frozen=True)
class Shown:
    """What a look gives: `lines` for people, `data` for programs."""

    lines: tuple[str, ...]
    data: object


Look = Callable[["Asking"], Awaitable[Shown]]


def show(
    settings: Settings, look: Look, *, project: str = "", as_json: bool, every_s: float | None
) -> int:
    """Print what `look` gives, once, or every so often until Ctrl-C; gives back 0.

    Works beside a running `serve` or `chat`. `project` "" is for looks at every project. Raises
    NotFound where nothing has run yet, Misconfigured for tables of another version, StorageTrouble.
    """
    try:
        asyncio.run(_show(settings, look, project, as_json=as_json, every_s=every_s))
    except KeyboardInterrupt:
        if every_s is None:
            raise
    return 0


async def _show(
    settings: Settings, look: Look, project: str, *, as_json: bool, every_s: float | None
) -> None:
    from bot.queries.projects import project_named

    async with at_desk(settings) as desk:
        about = await project_named(desk, project) if project else None
        while True:
            async with looking(desk, about) as asking:
                shown = await look(asking)
            _print(shown, as_json=as_json, again=every_s is not None)
            if every_s is None:
                return
            await asyncio.sleep(every_s)


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
    return "".join(char if char.isprintable() else " " for char in text)
