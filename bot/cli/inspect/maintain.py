"""`orchestra maintain sweep`: delete now what is older than the settings keep."""

import asyncio

from bot.cli.desk import actor, at_desk
from bot.config.settings import Settings
from memory.model.errors import BadInput


def sweep(settings: Settings, *, now: bool, days: int | None) -> int:
    """Print what is older than `days` (the setting where None), and delete it where `now`.

    Works beside a running `serve`. Raises BadInput where everything is kept for ever, NotFound
    where there is no database yet, Misconfigured, StorageTrouble.
    """
    keep = settings.retention_days if days is None else days
    if keep < 1:
        raise BadInput(
            "retention_days = 0 keeps everything. To delete old data anyway, use --older-than DAYS."
        )
    asyncio.run(_sweep(settings, keep, really=now))
    return 0


async def _sweep(settings: Settings, days: int, *, really: bool) -> None:
    from bot.actions.maintenance import forecast, sweep

    async with at_desk(settings) as desk:
        swept = await (sweep(desk, actor(), days) if really else forecast(desk, days))
    for name, count in swept.items():
        print(f"{name:<10} {count:>10,}")
    if not really:
        _ = desk.locale
        text = _("This is older than {days} days. Nothing was deleted; to delete it, add --now.")
        print("\n" + text.format(days=days))
