"""Deleting what is old. Whoever can open the database may: no project is asked.

The executor writes the audit row of a sweep.
"""

from datetime import timedelta

from bot.actions.act import Actor
from bot.services import Desk
from executor.worker import retention


async def sweep(desk: Desk, actor: Actor, days: int) -> dict[str, int]:
    """Delete what finished runs made more than `days` ago; gives back how much, by kind."""
    now, keep, by = desk.clock.now(), timedelta(days=days), actor.identity.key
    return vars(await retention.sweep(desk.database, now=now, keep=keep, by=by))


async def forecast(desk: Desk, days: int) -> dict[str, int]:
    """What a sweep would delete now. Changes nothing."""
    now, keep = desk.clock.now(), timedelta(days=days)
    return vars(await retention.forecast(desk.database, now=now, keep=keep))
