"""The notifier: sends what the outbox holds, in order, paced, and nothing with a key twice."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.chat import ChatPlatform, Holds, Outgoing, SendFailed
from bot.services import Services
from bot.workers.pauses import Pauses
from bot.workers.undelivered import INSTEAD, tell_owners, tell_requesters
from memory.model.crash import crashpoint, declare
from memory.model.errors import NotFound, StorageTrouble
from memory.model.identity import MessageRef, ThreadRef
from memory.model.outgoing import Waiting
from memory.store.running import artifacts
from memory.store.traffic import outbox

declare("before_send", "after_send_before_mark", "after_mark_sent")

POLL_S = 1.0
TRIES, OLDEST = 8, timedelta(days=1)
"""What may go out later is tried for a day, and so often at least."""
BACKOFF_S, LONGEST_BACKOFF_S = 0.5, 60.0
UNPACED = frozenset({"console", "web"})

_log = structlog.get_logger()


class Notifier:
    """Empties the outbox until it is cancelled. `pace_s` is the least time between two messages
    to one channel; a console and a browser are not paced.
    """

    def __init__(self, services: Services, *, pace_s: float) -> None:
        self._services = services
        self._pace_s = pace_s
        self._free_at: dict[str, float] = {}
        self._busy: set[str] = set()
        self._pauses = Pauses(services)

    def heard(self, thread: ThreadRef) -> None:
        """Somebody spoke there, so that it may take messages again."""
        self._pauses.works(thread)

    async def run(self) -> None:
        """Send for ever; channels side by side, each in order."""
        await self._pauses.begin()
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    for place, error in await self._pauses.look():
                        await tell_requesters(self._services, place, error)
                    for channel, rows in (await self._waiting()).items():
                        if channel not in self._busy:
                            self._busy.add(channel)
                            group.create_task(self._channel(channel, rows))
                except StorageTrouble as error:
                    _log.warning("outbox cannot be read", reason=error.detail)
                await self._services.wakeups.outbox.wait(POLL_S)

    async def _waiting(self) -> dict[str, list[Waiting]]:
        """What may go out now, by channel."""
        now = self._services.clock.now()
        async with self._services.database.reading() as connection:
            rows = await outbox.waiting(connection, self._services.platforms, now=now)
        ready: dict[str, list[Waiting]] = defaultdict(list)
        for row in rows:
            if not self._pauses.holds(row):
                ready[row.thread.channel_ref().key].append(row)
        return ready

    async def _channel(self, channel: str, rows: list[Waiting]) -> None:
        try:
            for row in rows:
                if self._pauses.holds(row):
                    continue
                await self._pace(channel, row)
                await self._send(row)
        except StorageTrouble as error:
            _log.warning("sending waits for the database", reason=error.detail)
            await asyncio.sleep(POLL_S)
        finally:
            self._busy.discard(channel)
            self._services.wakeups.outbox.ring()

    async def _pace(self, channel: str, row: Waiting) -> None:
        if row.thread.platform in UNPACED or self._pace_s <= 0:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        begin = max(now, self._free_at.get(channel, now))
        self._free_at[channel] = begin + self._pace_s
        await asyncio.sleep(begin - now)

    async def _send(self, row: Waiting) -> None:
        """Send one message; what fails is tried again later."""
        async with self._services.database.transaction() as tx:
            if not await outbox.begin_send(tx, row.seq):
                return  # a newer edit took its place while it waited
        platform = self._services.platforms[row.thread.platform]
        try:
            crashpoint("before_send")
            message = await self._posted(platform, row)
        except SendFailed as error:
            await self._failed(row, error)
            return
        except Exception as error:  # noqa: BLE001 - the worker's loop: an adapter's bug stops nobody
            _log.error("platform failed", key=row.key, exc_info=error)
            bug = SendFailed("{error}", error=type(error).__name__, ambiguous=True, retry_after_s=1)
            await self._failed(row, bug)
            return
        crashpoint("after_send_before_mark")
        async with self._services.database.transaction() as tx:
            await outbox.mark_sent(tx, row.seq, message.message, at=self._services.clock.now())
        crashpoint("after_mark_sent")
        await self._pauses.let_go(row)
        self._services.wakeups.jobs.ring()

    async def _posted(self, platform: ChatPlatform, row: Waiting) -> MessageRef:
        edits = await self._edited(row)
        if row.doubtful and edits is None:
            found = await platform.find(row.thread, row.key)
            if found is not None:
                return found
        out = Outgoing.model_validate(row.body)
        return await platform.post(
            row.thread, out, await self._bytes(row, out), key=row.key, edits=edits
        )

    async def _edited(self, row: Waiting) -> MessageRef | None:
        if not row.edits:
            return None
        async with self._services.database.reading() as connection:
            sent = await outbox.by_key(connection, row.edits)
        return sent.ref if sent else None

    async def _bytes(self, row: Waiting, out: Outgoing) -> Mapping[str, bytes]:
        found: dict[str, bytes] = {}
        async with self._services.database.reading() as connection:
            for file in out.files:
                try:
                    found[file.digest] = await artifacts.get(connection, row.project, file.digest)
                except NotFound:
                    _log.warning("file is gone", key=row.key)
        return found

    async def _failed(self, row: Waiting, error: SendFailed) -> None:
        tries, place = row.attempts + 1, _place(row.thread, error.holds)
        if place and not (row.key.startswith(INSTEAD) and error.holds != "platform"):
            await self._wait_for(place, row, error)
            return
        if error.retry_after_s is None and not error.ambiguous:
            await self._give_up(row, str(error))
            return
        if tries >= TRIES and self._services.clock.now() - row.since >= OLDEST:
            await self._give_up(row, str(error))
            return
        backoff = min(BACKOFF_S * 2 ** min(row.attempts, TRIES), LONGEST_BACKOFF_S)
        delay = max(backoff, error.retry_after_s or 0)
        async with self._services.database.transaction() as tx:
            await outbox.try_later(
                tx,
                row.seq,
                str(error),
                not_before=self._services.clock.now() + timedelta(seconds=delay),
                ambiguous=error.ambiguous or row.doubtful,
            )
        _log.warning("message is sent later", key=row.key, tries=tries, delay_s=delay)
        asyncio.get_running_loop().call_later(delay, self._services.wakeups.outbox.ring)

    async def _wait_for(self, place: str, row: Waiting, error: SendFailed) -> None:
        """Keep the message until its place takes some again, and tell whom it concerns."""
        if await self._pauses.keep(row, place, error):
            await tell_owners(self._services, row, error)
        await tell_requesters(self._services, place, error)
        self._services.wakeups.outbox.ring()

    async def _give_up(self, row: Waiting, reason: str) -> None:
        _log.error("message was not sent", key=row.key, reason=reason)
        async with self._services.database.transaction() as tx:
            await outbox.mark_failed(tx, row.seq, reason)
        await self._pauses.let_go(row)


def _place(thread: ThreadRef, holds: Holds) -> str:
    """How the keys of all threads begin that take nothing, "" where there's no such place."""
    match holds:
        case "channel":
            return thread.channel_ref().key
        case "platform":
            return f"{thread.platform}:"
        case "thread":
            return thread.key
        case "":
            return ""
