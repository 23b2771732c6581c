"""What the bot is, where what it's told goes, and what time it is: true of what is connected now."""

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from zoneinfo import ZoneInfo

from bot.config.config_file import is_loopback
from bot.language.asking.places import zone_in
from bot.queries.about.here import Connected, connected
from bot.queries.asking import Asking
from bot.queries.plans.zones import zone_of
from memory.model.agents.spec import AgentKind
from memory.model.base import Model
from memory.store.knowledge import projects


class Itself(Model):
    """What answers: its version ("" where it was never installed), and who reads and plans for it.

    `works` are the agents that work on words.
    """

    version: str
    plans: tuple[Connected, ...]
    works: tuple[Connected, ...]


class DataFlow(Model):
    """Where words and files go, and how long they're kept.

    `search` is the model that is sent texts so that they can be found, "" where it's on this
    machine; `platform` is who carries the messages; `retention_days` 0 for ever.
    """

    plans: tuple[Connected, ...]
    works: tuple[Connected, ...]
    servers: tuple[str, ...]
    search: str
    platform: str
    folder: str
    files: int
    retention_days: int


class Clock(Model):
    """The time by the clock of a zone, and whose that is ("" where it's nobody's)."""

    at: datetime
    zone: str
    whose: str


async def itself(asking: Asking) -> Itself:
    """What the bot is."""
    asking.must_see()
    try:
        number = version("orchestra")
    except PackageNotFoundError:
        number = ""
    return Itself(version=number, plans=_planners(asking), works=connected(asking))


async def data_flow(asking: Asking) -> DataFlow:
    """Where what people say and keep here goes."""
    asking.must_see()
    settings, search = asking.desk.settings, asking.desk.settings.search
    files = await asking.desk.executor.list_files(asking.project)
    return DataFlow(
        plans=_planners(asking),
        works=connected(asking),
        servers=tuple(server.name for server in settings.external.servers),
        search="" if search is None or is_loopback(search.base_url) else search.model,
        platform=asking.person.platform,
        folder=(await projects.root(asking.connection, asking.project)).name,
        files=len(files),
        retention_days=settings.retention_days,
    )


async def clock(asking: Asking, words: str) -> Clock:
    """The time where the words say, else by the clock of whoever asks."""
    asking.must_see()
    own = await zone_of(asking.connection, asking.desk, asking.project, asking.person.key)
    there = zone_in(words)
    zone = there or own.name
    return Clock(
        at=asking.now.astimezone(ZoneInfo(zone)), zone=zone, whose="" if there else own.whose
    )


def _planners(asking: Asking) -> tuple[Connected, ...]:
    """The models that read what people say and draft plans."""
    return tuple(
        Connected(
            title=f"{endpoint.title} ({endpoint.model})",
            kind=AgentKind.MODEL,
            local=endpoint.local,
        )
        for endpoint in asking.desk.settings.endpoints
    )
