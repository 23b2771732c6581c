"""Whether the record of who did what still holds."""

import asyncio
from typing import Final, Literal

from bot.config.settings import Settings
from bot.language.catalogue import ENGLISH, Locale
from bot.render.audit import chain_verdict
from memory.model.audit import Intact
from memory.model.errors import OrchestraError
from memory.privacy.seals import Seals

CHECK_S: Final = 20.0
Line = tuple[str, Literal["ok", "broken", "absent"], str, str]


async def audit_chain(settings: Settings, _: Locale = ENGLISH) -> tuple[Line, ...]:
    """A line for the report; none where there's no database, or it can't be asked."""
    from memory.store.engine.database import Database, database_url  # noqa: PLC0415 - as below
    from memory.store.traffic import audit  # noqa: PLC0415 - SQLAlchemy takes 0.6 s

    url = settings.database_url.get_secret_value()
    if not url and not (settings.data / "orchestra.db").is_file():
        return ()
    database = Database(database_url(settings.data, url))
    if settings.seal_keys.exists():
        database.seal_with(Seals(settings.seal_keys))
    try:
        async with asyncio.timeout(CHECK_S), database.reading() as connection:
            found = await audit.verify(connection)
    except TimeoutError:
        return (("audit log", "absent", _("not checked: it's long"), "`orchestra audit verify`"),)
    except OrchestraError:
        return ()
    finally:
        await database.close()
    if isinstance(found, Intact):
        return (("audit log", "ok", chain_verdict(_, found), ""),)
    remedy = _("Compare `orchestra audit export` with a backup to see what changed.")
    return (("audit log", "broken", chain_verdict(_, found), remedy),)
