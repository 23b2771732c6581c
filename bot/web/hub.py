"""The hub: reads what happened once for all, encodes it once, and hands it to whoever watches."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from bot.queries.web import events
from bot.queries.web.events import NewsRow
from bot.services import Services, WakeUp
from memory.model.audit import AuditRow
from memory.model.errors import StorageTrouble
from memory.model.identity import ThreadRef

QUEUED: Final = 256
"""How many events wait for a client that reads slowly before it has to begin anew."""
POLL_S: Final = 1.0
SAID_S: Final = 1.0
"""What an agent says is told so often at most, for each task."""
_CHANGES_RIGHTS: Final = ("role.", "project.", "person.", "web.", "token.", "place.")

_log = structlog.get_logger()


@dataclass(frozen=True)
class Told:
    """An event as it's sent. `project` "" is the installation's; `seq` 0: it has no number."""

    project: str
    run: str
    data: bytes
    seq: int = 0
    session: str = ""


@dataclass(eq=False)
class Watcher:
    """One client's queue. `behind`: it read too slowly and has to begin anew."""

    queue: "asyncio.Queue[Told | None]" = field(
        default_factory=lambda: asyncio.Queue(maxsize=QUEUED)
    )
    behind: bool = False

    def hand(self, told: Told | None) -> None:
        """Put it into the queue; None wakes it without anything."""
        try:
            self.queue.put_nowait(told)
        except asyncio.QueueFull:
            self.behind = True


class Hub:
    """Tells everything to everybody who watches; they choose what they may see."""

    def __init__(self) -> None:
        self.position = 0
        self.rights = 0
        """Grows whenever somebody's rights may have changed."""
        self.closing = False
        self._acts = 0
        self._watchers: set[Watcher] = set()
        self._wake = WakeUp()
        self._said: dict[str, float] = {}
        self._later: dict[str, Told] = {}
        self.ready = asyncio.Event()

    @property
    def watched(self) -> int:
        """How many clients there are."""
        return len(self._watchers)

    async def run(self, services: Services) -> None:
        """Read for ever, from now on."""
        self.position, self._acts = await events.positions(services)
        services.database.on_commit(self._wake.ring)
        self.ready.set()
        while True:
            try:
                found = await events.happened(services, self.position, self._acts)
            except StorageTrouble as error:
                _log.warning("news can't be read", reason=error.detail)
                found = None
            if found is not None:
                self._tell_all(found.news, found.acts)
            if found is None or max(len(found.news), len(found.acts)) < events.READ:
                await self._wake.wait(POLL_S)

    @contextmanager
    def watching(self) -> Iterator[Watcher]:
        """A queue that everything is put into from now on."""
        watcher = Watcher()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    def posted(self, thread: ThreadRef) -> None:
        """A message of a session is new, or changed."""
        data = encoded("message", {"session": thread.thread})
        self._hand(Told(project="", run="", data=data, session=thread.thread))

    def close(self) -> None:
        """End every stream."""
        self.closing = True
        for watcher in self._watchers:
            watcher.behind = True
            watcher.hand(None)

    def _tell_all(self, news: tuple[NewsRow, ...], acts: tuple[AuditRow, ...]) -> None:
        now = asyncio.get_running_loop().time()
        for row in news:
            self.position = row.seq
            told = Told(row.project, row.run, news_data(row), row.seq)
            if row.kind == "task_said":
                self._say(f"{row.run}:{row.body.get('task')}", told, now)
            else:
                self._hand(told)
        self._say_late(now)
        for act in acts:
            self._acts = act.seq
            if act.action.startswith(_CHANGES_RIGHTS):
                self.rights += 1
            body = {"project": act.project_id, "action": act.action, "on": act.object}
            self._hand(Told(act.project_id, "", encoded("act", body)))

    def _say(self, task: str, told: Told, now: float) -> None:
        if self._said.get(task, 0.0) + SAID_S > now:
            body = told.data.partition(b"\n")[2]  # without its number, which others went past
            self._later[task] = Told(told.project, told.run, body)
            return
        self._later.pop(task, None)
        self._said[task] = now
        self._hand(told)

    def _say_late(self, now: float) -> None:
        """The last words that had to wait; tasks that fell silent are forgotten."""
        for task in [task for task in self._later if self._said.get(task, 0.0) + SAID_S <= now]:
            self._hand(self._later.pop(task))
            self._said[task] = now
        for task in [task for task, at in self._said.items() if at + 60 * SAID_S < now]:
            del self._said[task]

    def _hand(self, told: Told) -> None:
        for watcher in self._watchers:
            watcher.hand(told)


def news_data(row: NewsRow) -> bytes:
    """An event of the store as it's sent."""
    body = {
        "seq": row.seq,
        "project": row.project,
        "kind": row.kind,
        "run": row.run or None,
        "task": row.body.get("task"),
        "at": row.at.isoformat().replace("+00:00", "Z"),
        "body": row.body,
    }
    return encoded("news", body, seq=row.seq)


def encoded(kind: str, body: object, *, seq: int | None = None) -> bytes:
    """An event of a stream, as bytes."""
    number = f"id: {seq}\n" if seq is not None else ""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return f"{number}event: {kind}\ndata: {text}\n\n".encode()
