"""Sessions in a browser: whose they are, and what was said in them."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.chat import Outgoing
from bot.queries.plans.approval import names_of
from bot.queries.web.callers import Reach, accounts
from memory.model.access.caller import Caller
from memory.model.base import ProjectId, sha256
from memory.model.errors import NotFound
from memory.model.identity import ThreadRef
from memory.store.engine.database import Connection
from memory.store.running import artifacts
from memory.store.traffic import outbox, threads
from memory.store.traffic.threads import Listed as Listed

PLATFORM: Final = "web"
READ: Final = 200


@dataclass(frozen=True)
class Line:
    """Something said in a session. `own`: by whoever looks; `out` None: a person said it."""

    id: str
    at: datetime
    author: str
    own: bool
    text: str
    out: Outgoing | None = None
    version: int = 0


def channel_of(project: str) -> ThreadRef:
    """Where the sessions of a project are."""
    return ThreadRef(platform=PLATFORM, workspace="local", channel=project)


def beginning(person: str) -> str:
    """How the ids of this person's sessions begin."""
    return f"ses_{sha256(person.encode())[:12]}"


def new_session(person: str) -> str:
    """An id for a session of this person."""
    return f"{beginning(person)}{secrets.token_hex(6)}"


async def sessions_of(connection: Connection, reach: Reach, *, limit: int) -> tuple[Listed, ...]:
    """The caller's newest sessions, in projects that they may see."""
    mine = await accounts(connection, reach.caller)
    found = await threads.opened_on(connection, PLATFORM, mine, limit=limit)
    return tuple(session for session in found if session.project in reach.lines)


async def session(connection: Connection, reach: Reach, named: str) -> ThreadRef:
    """The caller's own session with this id. Raises NotFound, the same for those of others."""
    found = await sessions_of(connection, reach, limit=READ)
    ref = next((known.ref for known in found if known.ref.thread == named), None)
    if ref is None:
        raise NotFound("There's no such session of yours.")
    return ref


async def said_in(
    connection: Connection, caller: Caller, ref: ThreadRef, project: ProjectId
) -> tuple[Line, ...]:
    """What was said, oldest first: by people, and by the bot as it reads by now."""
    mine = await accounts(connection, caller)
    names = await names_of(connection, project)
    said = [
        Line(
            id=f"m:{words.seq}", at=words.at, own=words.author in mine, text=words.text,
            author=names.get(words.author, words.author.rpartition(":")[2]),
        )
        for words in await threads.said_in(connection, ref.key, limit=READ)
    ]  # fmt: skip
    for shown in await outbox.shown_in(connection, ref.key, limit=READ):
        out = Outgoing.model_validate(shown.body)
        said.append(
            Line(
                id=shown.key, at=shown.at, author="orchestra", own=False, text=out.text, out=out,
                version=shown.edits,
            )
        )  # fmt: skip
    return tuple(sorted(said, key=lambda line: line.at))


async def file_of(
    connection: Connection, ref: ThreadRef, project: ProjectId, digest: str
) -> tuple[str, str, bytes]:
    """Name, media type and bytes of a file that the bot showed there. Raises NotFound."""
    for shown in await outbox.shown_in(connection, ref.key, limit=READ):
        for file in Outgoing.model_validate(shown.body).files:
            if file.digest == digest:
                return file.name, file.media_type, await artifacts.get(connection, project, digest)
    raise NotFound("That session has no such file.")
