"""Who takes up how much of this installation, and the refusal of what doesn't fit any more."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.chat import Incoming
from bot.config.settings import Settings
from bot.language import phrases
from memory.model.base import ProjectId
from memory.model.identity import UNLINKED, Identity, People, ThreadRef
from memory.model.work.quotas import Counted, Scope, Share, full
from memory.store.engine.database import Connection
from memory.store.knowledge import people, projects
from memory.store.traffic import quotas

ALWAYS_HEARD: Final = frozenset({"work.stop", "work.stop_all", "run.cancel", "run.pause"})
"""What stops work is taken from everybody at any time."""


@dataclass(frozen=True)
class Whose:
    """Whose shares are looked at; None where it isn't about one."""

    person: Identity | None = None
    thread: ThreadRef | None = None
    project: ProjectId | None = None

    @property
    def subjects(self) -> dict[Scope, str]:
        """The key of each, those of few first."""
        found = {
            Scope.PERSON: self.person.key if self.person else "",
            Scope.PLACE: self.thread.channel_ref().key if self.thread else "",
            Scope.PROJECT: self.project or "",
        }
        return {scope: key for scope, key in found.items() if key} | {Scope.INSTALLATION: ""}


def counts(incoming: Incoming) -> bool:
    """Whether these are words to the bot, and none that stop its work."""
    spoken = incoming.kind in {"message", "command", "edited"}
    to_us = incoming.addressed or bool(incoming.thread.thread)
    return spoken and to_us and phrases.meaning(phrases.spoken(incoming.text)) not in ALWAYS_HEARD


async def shares(
    connection: Connection,
    settings: Settings,
    whose: Whose,
    kinds: Sequence[Counted] = tuple(Counted),
    *,
    now: datetime,
    stored: int = 0,
) -> tuple[Share, ...]:
    """The shares of these, and how much of each is taken. `stored`: the bytes of the project's files."""
    one = await people.of_person(connection, whose.person.key) if whose.person else UNLINKED
    chosen = await quotas.chosen(connection, whose.subjects, one)
    read = await _counting(connection, whose.project, one, now, stored)
    found = []
    for counted in kinds:
        for scope, subject in whose.subjects.items():
            key = (scope, counted)
            most = chosen.get(key, settings.quotas.get(key))
            if counted is Counted.STORAGE and scope is not Scope.PROJECT:
                continue
            used = await read(counted, scope, subject)
            found.append(
                Share(scope=scope, counted=counted, subject=subject, most=most, used=used,
                      chosen=key in chosen)
            )  # fmt: skip
    return tuple(found)


async def refuse_full(
    connection: Connection,
    settings: Settings,
    whose: Whose,
    counted: Counted,
    *,
    now: datetime,
    more: int = 1,
    stored: int = 0,
) -> None:
    """Let nothing be stored that doesn't fit. Raises NotAllowed with what to do and who can help."""
    for share in await shares(connection, settings, whose, (counted,), now=now, stored=stored):
        if not share.has_room(more):
            person = whose.person.display or whose.person.key if whose.person else ""
            raise full(share, person)


async def _counting(
    connection: Connection, project: ProjectId | None, one: People, now: datetime, stored: int
) -> Callable[[Counted, Scope, str], Awaitable[int]]:
    known = await projects.channels_of(connection, project) if project else ()
    places = [channel.key for channel in known]

    async def read(counted: Counted, scope: Scope, subject: str) -> int:
        match counted:
            case Counted.MESSAGES:
                return await quotas.messages(connection, (scope, subject, one), places, now)
            case Counted.PLANS:
                return await quotas.open_plans(connection, (scope, subject, one), now)
            case Counted.RUNS:
                return await quotas.open_runs(connection, (scope, subject, one))
            case Counted.STORAGE:
                return stored

    return read
