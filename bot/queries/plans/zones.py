"""By whose clock times are read and shown."""

from zoneinfo import ZoneInfo

from bot.config.projects import settings_of
from bot.services import Desk
from memory.model.base import ProjectId
from memory.model.timing.schedule import ZONE_SLOT
from memory.store.engine.database import Connection
from memory.store.planning import preferences
from planner.timing.zone import Zone


async def zone_of(connection: Connection, desk: Desk, project: ProjectId, who: str) -> Zone:
    """By whose clock times are meant that name no zone: the person's, the project's, else UTC."""
    kept = await preferences.kept(connection, project, who)
    named = {bool(wish.person): wish.value for wish in kept if wish.slot == ZONE_SLOT}
    if True in named:
        return Zone(named[True], "your time zone")
    fixed = await settings_of(connection, desk.settings, project)
    zone = named.get(False) or (fixed.zone if fixed else "UTC")
    return Zone(zone, "this project's time zone" if zone != "UTC" or named else "")


async def clock_of(connection: Connection, desk: Desk, project: ProjectId) -> ZoneInfo:
    """The project's clock, by which everybody in it reads times."""
    return ZoneInfo((await zone_of(connection, desk, project, "")).name)
