"""Who comes in by a cookie or a token, and which projects they may know of."""

from dataclasses import dataclass

from bot.config.projects import is_admin, refuse_strangers
from bot.queries.asking import Asking
from bot.queries.projects import ProjectLine, visible
from bot.services import Desk
from memory.model.access.caller import TOKEN_PREFIX, Caller, Token
from memory.model.base import ProjectId, sha256
from memory.model.errors import NotAllowed, NotFound
from memory.model.identity import Role
from memory.store.access import browsers, tokens
from memory.store.engine.database import Connection as Connection
from memory.store.knowledge import people

NOBODYS = ProjectId("")


@dataclass(frozen=True)
class Reach:
    """A caller with the projects they may see, by id, and what they are in each."""

    caller: Caller
    lines: dict[ProjectId, ProjectLine]
    admin: bool

    def role(self, project: ProjectId) -> Role:
        """What they are there; an admin who isn't in it only looks. Raises NotFound."""
        line = self.lines.get(project)
        if line is None:
            raise NotFound("There's no such project among yours.")
        return line.role or Role.VIEWER

    def name(self, project: str) -> str:
        """What people call the project; "" for none of theirs."""
        line = self.lines.get(ProjectId(project))
        return line.name if line else ""


async def caller_of(
    connection: Connection, desk: Desk, *, cookie: str, token: str
) -> Caller | None:
    """Who shows this; a token goes before a cookie. None where it's no good."""
    if token and not token.startswith(TOKEN_PREFIX):
        return None
    proof = sha256((token or cookie).encode(errors="replace"))
    return await _shown(connection, desk, proof, by_token=bool(token))


async def still_good(connection: Connection, desk: Desk, caller: Caller) -> bool:
    """Whether what the caller showed before would let them in now."""
    found = await _shown(connection, desk, caller.proof, by_token=bool(caller.token))
    return found is not None


async def accounts(connection: Connection, caller: Caller) -> tuple[str, ...]:
    """The keys of the caller's own identities, the one they came in by first."""
    others = await people.accounts_of(connection, caller.person.key)
    return (caller.person.key, *(key for key, _ in others))


async def _shown(
    connection: Connection, desk: Desk, proof: str, *, by_token: bool
) -> Caller | None:
    known = tokens.caller if by_token else browsers.caller
    found = await known(connection, proof, at=desk.clock.now())
    if found is None:
        return None
    try:
        refuse_strangers(desk.settings, found.person, None)
    except NotAllowed:
        return None
    return found


async def reach_of(connection: Connection, desk: Desk, caller: Caller) -> Reach:
    """What the caller may see now."""
    asking = Asking(connection, desk, caller.person, NOBODYS, Role.VIEWER, desk.clock.now())
    known = {
        line.id: line
        for line in await visible(asking)
        if not caller.project or line.id == caller.project
    }
    return Reach(caller=caller, lines=known, admin=is_admin(desk.settings, caller.person))


async def every_token(connection: Connection) -> tuple[Token, ...]:
    """Every token there ever was, oldest first."""
    return await tokens.listed(connection)
