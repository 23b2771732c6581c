"""`orchestra worker`: tasks only, for a second machine."""

from bot.settings import Settings
from memory.model.errors import Misconfigured


def worker(settings: Settings) -> int:
    """Say why there is no such worker yet. Raises Misconfigured."""
    if not settings.database_url.get_secret_value().startswith("postgres"):
        raise Misconfigured(
            "A worker shares its database with `orchestra serve`, which takes Postgres: set "
            "ORCHESTRA_DATABASE_URL. With SQLite, `serve` runs every task itself."
        )
    raise Misconfigured(
        "Workers on other machines come with a later version; until then `orchestra serve` runs "
        "every task itself, on Postgres too."
    )
