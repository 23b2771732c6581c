"""Live events: what happens in the projects one may see, as it's stored."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from bot.queries.web import events
from bot.queries.web.callers import accounts, still_good
from bot.queries.web.sessions import beginning
from bot.web.hub import Told, Watcher, encoded, news_data
from bot.web.problems import TooMany
from bot.web.shapes.common import InProject
from bot.web.state import Reads, Visit

router = APIRouter(tags=["events"])

BEAT_S: Final = 15.0
BEAT: Final = b"event: beat\ndata: {}\n\n"
"""An event rather than a comment, so that the page hears that the line is alive."""
MISSED: Final = 5000
"""Whoever missed more than that reads everything anew."""
AT_ONCE: Final = 20
"""Streams that one person may have open."""


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events"}},
)
async def live(
    visit: Reads,
    project: InProject = "",
    run: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    last_event_id: Annotated[str, Header()] = "",
) -> StreamingResponse:
    """What happens from now on, or behind the event that was seen last."""
    chosen = await visit.project(project) if project else ""
    if visit.web.streams.get(visit.person.key, 0) >= AT_ONCE:
        raise TooMany("You have {n} live pages open; close some.", n=AT_ONCE)
    seen = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 16 else after
    stream = Stream(visit, project=chosen, run=run)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream.lines(seen), media_type="text/event-stream", headers=headers)


class Stream:
    """One client's stream. It ends when the server closes, or when nobody may read it any more."""

    def __init__(self, visit: Visit, *, project: str, run: str) -> None:
        self._visit = visit
        self._project = project
        self._run = run
        self._seen: frozenset[str] = frozenset()
        self._rights = -1
        self._mine: tuple[str, ...] = ()

    async def lines(self, after: int | None) -> AsyncIterator[bytes]:
        """The events as they're sent."""
        web, key = self._visit.web, self._visit.person.key
        await web.hub.ready.wait()
        web.streams[key] = web.streams.get(key, 0) + 1
        web.metrics.streams.inc()
        try:
            with web.hub.watching() as watcher:
                async for data in self._told(watcher, after):
                    yield data
        finally:
            web.metrics.streams.dec()
            web.streams[key] -= 1
            if not web.streams[key]:
                del web.streams[key]

    async def _told(self, watcher: Watcher, after: int | None) -> AsyncIterator[bytes]:
        hub = self._visit.web.hub
        position = hub.position
        yield b"retry: 2000\n\n"
        if not await self._allowed():
            return
        for data in await self._before(after, position):
            yield data
        while not hub.closing:
            told = await self._next(watcher)
            if watcher.behind:
                break
            line = await self._line(told, position)
            if line is None:
                return
            yield line
        if not hub.closing:
            yield encoded("resync", {"after": hub.position}, seq=hub.position)

    async def _line(self, told: Told | None, position: int) -> bytes | None:
        """What is sent of it, b"" for nothing; None where the stream has to end."""
        changed = self._rights != self._visit.web.hub.rights
        if (told is None or changed) and not await self._allowed():
            return None
        if told is None:
            return BEAT
        return told.data if self._wants(told, position) else b""

    async def _next(self, watcher: Watcher) -> Told | None:
        try:
            async with asyncio.timeout(BEAT_S):
                return await watcher.queue.get()
        except TimeoutError:
            return None

    def _wants(self, told: Told, last: int) -> bool:
        if told.session:
            return told.session.startswith(self._mine)
        if told.seq and told.seq <= last:
            return False
        if self._run and told.run != self._run:
            return False
        return told.project in self._seen

    async def _before(self, after: int | None, position: int) -> list[bytes]:
        """What was missed since; or that everything has to be read anew."""
        if after is None or after == position:
            return []
        async with self._visit.services.database.reading() as connection:
            rows = await events.missed(connection, after, position, self._seen, MISSED)
        if rows is None:
            return [encoded("resync", {"after": position}, seq=position)]
        return [news_data(row) for row in rows if not self._run or row.run == self._run]

    async def _allowed(self) -> bool:
        """Look anew who may see what; False where the caller is nobody any more."""
        self._rights = self._visit.web.hub.rights
        async with self._visit.reading() as (connection, reach):
            if not await still_good(connection, self._visit.services, self._visit.caller):
                return False
            mine = await accounts(connection, self._visit.caller)
        self._mine = tuple(map(beginning, mine))
        self._seen = frozenset(reach.lines)
        if self._project:
            self._seen &= {self._project}
        return True
