"""One-time links: made at a terminal, taken by one browser, whose session then ends by itself.

They belong to the installation and to no project, so each is a transaction of its own here.
"""

from bot import places
from bot.queries.web.places import HERE
from bot.services import Desk
from memory.model.access.caller import Caller
from memory.model.authority import CONSOLE
from memory.model.errors import NotAllowed
from memory.model.identity import Identity
from memory.store.access import browsers
from memory.store.traffic import audit


async def offer_link(desk: Desk, who: Identity, *, by: Identity) -> str:
    """A code for one browser of this person, good for a minute. Only a terminal makes them."""
    now = desk.clock.now()
    async with desk.database.transaction() as tx:
        if who.platform == CONSOLE:  # what they'd do at the terminal is about the workspace
            here = await places.settle(tx, desk.settings, HERE, at=now)
            await places.role_of(tx, desk.settings, here, who, at=now)
        code = await browsers.offer(tx, who, at=now)
        await audit.record(
            tx, audit.INSTALLATION, actor=by.key, action="web.link_made", on=who.key, at=now
        )
    return code


async def log_in(desk: Desk, code: str) -> tuple[Identity, str]:
    """Whom the link is for, and what the browser's cookie has to hold. Raises NotAllowed."""
    now = desk.clock.now()
    async with desk.database.transaction() as tx:
        who = await browsers.take(tx, code, at=now)
        if who is None:
            raise NotAllowed(
                "This link was used before, or its minute is over. Type `orchestra web login` to "
                "get a new one."
            )
        secret = await browsers.begin(tx, who, at=now)
        await audit.record(
            tx,
            audit.INSTALLATION,
            actor=who.key,
            action="web.logged_in",
            on=who.key,
            at=now,
            ids={"door": "web"},
        )
    return who, secret


async def log_out(desk: Desk, caller: Caller) -> None:
    """The browser has to come in anew."""
    now = desk.clock.now()
    async with desk.database.transaction() as tx:
        await browsers.end(tx, caller.proof)
        await audit.record(
            tx,
            audit.INSTALLATION,
            actor=caller.person.key,
            action="web.logged_out",
            on=caller.person.key,
            at=now,
            ids={"door": "web"},
        )
