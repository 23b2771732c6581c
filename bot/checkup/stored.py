"""What the checks read of the store, where there is one."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from bot.config.settings import Settings
from memory.model.errors import OrchestraError

if TYPE_CHECKING:
    from memory.store.engine.database import Connection

Read = TypeVar("Read")


async def stored(
    settings: Settings, read: "Callable[[Connection], Awaitable[Read]]"
) -> Read | None:
    """What is read; None where there is no database yet, or it cannot be asked."""
    from memory.store.engine.database import (  # noqa: PLC0415 - SQLAlchemy takes 0.6 s
        Database,
        database_url,
    )

    url = settings.database_url.get_secret_value()
    if not url and not (settings.data / "orchestra.db").is_file():
        return None
    database = Database(database_url(settings.data, url))
    try:
        async with database.reading() as connection:
            return await read(connection)
    except OrchestraError:
        return None
    finally:
        await database.close()
