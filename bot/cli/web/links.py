"""One-time links, and the settings of a start that serves the web."""

import asyncio

from bot.cli.desk import at_desk, you
from bot.config.settings import Settings
from bot.language.catalogue import ENGLISH
from memory.model.base import name_key
from memory.model.errors import BadInput
from memory.model.identity import Identity


def on_the_web(settings: Settings, port: int | None) -> Settings:
    """The settings of a start that answers browsers; `port` goes before the settings' own."""
    place = settings.web if port is None else settings.web.model_copy(update={"port": port})
    return settings.model_copy(update={"web_serves": True, "web": place})


def show_link(settings: Settings, person: str) -> int:
    """Print a link. Raises BadInput, NotFound where nothing was ever started here."""
    print(asyncio.run(_link(settings, visitor(person))))
    return 0


def visitor(named: str) -> Identity:
    """Who is let in: whoever types here, somebody by a whole id, or a name of the web's own."""
    if not named.strip():
        return you()
    if ":" in named:
        return Identity.of(named)
    key = name_key(named)
    if not all(char.isalnum() or char in "._-" for char in key):
        raise BadInput("A name has letters, digits, dots and dashes: {name} doesn't.", name=named)
    return Identity(platform="web", workspace="local", user_id=key, display=named.strip())


def link_text(address: str, code: str) -> str:
    """What is printed."""
    return ENGLISH("Open {link}\nIt lets one browser in, once, within a minute.").format(
        link=f"{address}/login?code={code}"
    )


async def _link(settings: Settings, person: Identity) -> str:
    from bot.actions.access.logins import offer_link

    async with at_desk(settings) as desk:
        code = await offer_link(desk, person, by=you())
    place = settings.web
    return link_text(place.url or f"http://{place.bind}:{place.port}", code)
