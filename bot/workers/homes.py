"""What people meet before they say anything: their homes, kept true while open, and words to begin with."""

import asyncio

from bot.chat import Outgoing, Prompt, ShowsHome
from bot.config.projects import refuse_strangers
from bot.queries.about.home import home_of
from bot.queries.about.prompts import material
from bot.render.about.home import Address, home_message
from bot.render.about.prompts import prompts
from bot.render.errors import error_message
from bot.services import Services
from memory.model.errors import NotAllowed
from memory.model.identity import Identity, Standing, ThreadRef

LOOK_S = 60.0
"""How often they're looked at when nothing was stored: times pass."""

BETWEEN_S, SHARE = 1.0, 9
"""The least time between two looks, and how many times as long as a look takes."""


async def look(
    services: Services, address: Address, person: Identity, standing: Standing | None
) -> Outgoing:
    """What the person's home shows now."""
    _ = services.locale
    try:
        refuse_strangers(services.settings, person, standing)
    except NotAllowed as refusal:
        return error_message(_, refusal)
    home, now = await home_of(services, person), services.clock.now()
    return home_message(_, home, services.executor.catalogue(), now=now, address=address)


async def suggest(
    services: Services, person: Identity, standing: Standing | None, thread: ThreadRef
) -> tuple[Prompt, ...]:
    """What the person could say in their direct messages."""
    try:
        refuse_strangers(services.settings, person, standing)
    except NotAllowed:
        return ()
    return prompts(services.locale, await material(services, person, thread))


async def keep(services: Services) -> None:
    """Show open homes anew, after what is stored, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        await services.wakeups.homes.wait(LOOK_S)
        began = loop.time()
        for platform in services.platforms.values():
            if isinstance(platform, ShowsHome):
                await platform.refresh_homes()
        await asyncio.sleep(max(BETWEEN_S, SHARE * (loop.time() - began)))
