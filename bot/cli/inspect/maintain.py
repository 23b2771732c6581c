"""`orchestra maintain sweep`: forget now what is kept no longer."""

import asyncio
from datetime import timedelta

from bot.cli.local_user import login
from bot.config.settings import Settings
from memory.model.errors import BadInput, NotFound


def sweep(settings: Settings, *, now: bool, days: int | None) -> int:
    """Print what is older than `days` (the setting where None), and clear it where `now`.

    Works beside a running `serve`. Raises BadInput where everything is kept for ever, NotFound
    where there is no database yet, Misconfigured, StorageTrouble.
    """
    keep = settings.retention_days if days is None else days
    if keep < 1:
        raise BadInput("retention_days = 0 keeps everything; name --older-than DAYS to sweep.")
    asyncio.run(_sweep(settings, keep=keep, really=now))
    return 0


async def _sweep(settings: Settings, *, keep: int, really: bool) -> None:
    from bot.platforms.console.session import person
    from executor.worker import retention
    from memory.model.timing.clock import SystemClock
    from memory.store.engine import schema
    from memory.store.engine.database import Database, database_url

    database = Database(database_url(settings.data, settings.database_url.get_secret_value()))
    if database.is_sqlite and not (settings.data / "orchestra.db").is_file():
        raise NotFound(
            "Nothing is stored in {data}; name another folder with --data.", data=settings.data
        )
    at, age = SystemClock().now(), timedelta(days=keep)
    try:
        await schema.require(database)
        if really:
            swept = await retention.sweep(database, now=at, keep=age, by=person(login()).key)
        else:
            swept = await retention.forecast(database, now=at, keep=age)
    finally:
        await database.close()
    for name, count in vars(swept).items():
        print(f"{name:<10} {count:>10,}")
    if not really:
        print(f"\nOlder than {keep} days. Nothing was changed; add --now to clear it.")
