"""The inbox worker: takes up stored events, one at a time per thread, threads side by side."""

import asyncio
from typing import assert_never

import structlog

from bot.chat import Outgoing
from bot.conversation.approvals import start_due
from bot.conversation.context import deciding
from bot.conversation.control import steer_due
from bot.conversation.dispatch import hear
from bot.conversation.jobs import (
    MATTERS,
    AgainDue,
    AnswerDue,
    FiringDue,
    Heard,
    Matter,
    PlanDue,
    StartDue,
    SteerDue,
)
from bot.conversation.people import answer_due
from bot.conversation.places import place_of
from bot.conversation.planning import plan_due
from bot.conversation.rerun import again_due
from bot.conversation.schedule_firing import fire_due
from bot.conversation.services import Services
from bot.render.errors import error_message, unexpected
from memory.model.crash import crashpoint, declare
from memory.model.errors import OrchestraError, StorageTrouble
from memory.store.engine.database import Connection
from memory.store.planning import requests
from memory.store.planning.requests import RequestState
from memory.store.traffic import jobs, outbox
from memory.store.traffic.jobs import Claimed

declare("after_claim_event")

POLL_S = 1.0
THREADS_AT_ONCE = 32
TROUBLE_PAUSE_S = 1.0

_log = structlog.get_logger()


class InboxWorker:
    """Works off the inbox until it is cancelled."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._busy: set[str] = set()

    async def run(self) -> None:
        """Take up again what a dead process had claimed, then go on for ever."""
        await self._recover()
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    for thread in await self._waiting():
                        self._busy.add(thread)
                        group.create_task(self._thread(thread))
                except StorageTrouble as error:
                    _log.warning("inbox cannot be read", reason=error.detail)
                    await asyncio.sleep(TROUBLE_PAUSE_S)
                await self._services.bells.inbox.wait(POLL_S)

    async def _recover(self) -> None:
        async with self._services.database.transaction() as tx:
            again = await jobs.take_up_again(tx)
        if again:
            _log.info("events taken up again", count=again)

    async def _waiting(self) -> list[str]:
        room = THREADS_AT_ONCE - len(self._busy)
        if room <= 0:
            return []
        async with self._services.database.reading() as connection:
            waiting = await jobs.waiting_threads(connection)
        return [thread for thread in waiting if thread not in self._busy][:room]

    async def _thread(self, thread: str) -> None:
        """Every waiting event of one thread, in order."""
        try:
            while (event := await self._claim(thread)) is not None:
                await self._work(event)
        except StorageTrouble as error:
            _log.warning("event put back", reason=error.detail)
            await asyncio.sleep(TROUBLE_PAUSE_S)
        finally:
            self._busy.discard(thread)
            self._services.bells.inbox.ring()

    async def _claim(self, thread: str) -> Claimed | None:
        async with self._services.database.transaction() as tx:
            event = await jobs.claim(tx, thread, at=self._services.clock.now())
        if event is not None:
            crashpoint("after_claim_event")
        return event

    async def _work(self, event: Claimed) -> None:
        matter = MATTERS.validate_python(event.body)
        try:
            await self._handle(event, matter)
        except StorageTrouble as error:
            await self._put_back(event, error)
        except OrchestraError as error:
            if error.retryable:
                await self._failed(event, matter, error)
            else:
                await self._answer(event, matter, error_message(error))
        except Exception as error:  # noqa: BLE001 - the worker's loop: one bad event stops nobody
            await self._failed(event, matter, error)

    async def _handle(self, event: Claimed, matter: Matter) -> None:
        match matter:
            case Heard():
                await hear(self._services, event, matter.incoming)
            case PlanDue():
                await plan_due(self._services, event, matter)
            case StartDue():
                await start_due(self._services, event, matter)
            case AnswerDue():
                await answer_due(self._services, event, matter)
            case SteerDue():
                await steer_due(self._services, event, matter)
            case AgainDue():
                await again_due(self._services, event, matter)
            case FiringDue():
                await fire_due(self._services, event, matter)
            case _:
                assert_never(matter)

    async def _answer(self, event: Claimed, matter: Matter, out: Outgoing) -> None:
        async with deciding(self._services, event) as tx:
            await self._say(tx, event, matter, out)

    async def _put_back(self, event: Claimed, error: StorageTrouble) -> None:
        """Nothing is wrong with the event; it waits for the database, however long."""
        while True:
            _log.warning("event waits for the database", reason=error.user_text)
            await asyncio.sleep(TROUBLE_PAUSE_S)
            try:
                async with self._services.database.transaction() as tx:
                    await jobs.put_back(tx, event)
            except StorageTrouble as again:
                error = again
            else:
                return

    async def _failed(self, event: Claimed, matter: Matter, error: Exception) -> None:
        """Try again, or after three tries put it aside and say so."""
        _log.error("event failed", event_id=event.event_id, tries=event.attempts, exc_info=error)
        while True:
            try:
                async with self._services.database.transaction() as tx:
                    now = self._services.clock.now()
                    if await jobs.give_back(tx, event, type(error).__name__, at=now):
                        await self._say(tx, event, matter, _sentence(error, event))
                        await self._close(tx, matter)
                break
            except StorageTrouble as trouble:
                _log.warning("event waits for the database", reason=trouble.detail)
                await asyncio.sleep(TROUBLE_PAUSE_S)
        self._services.bells.outbox.ring()

    async def _close(self, tx: Connection, matter: Matter) -> None:
        """Nobody waits for a plan that will not come."""
        if isinstance(matter, PlanDue):
            now, planning = self._services.clock.now(), (RequestState.PLANNING,)
            declined = RequestState.DECLINED
            await requests.move(tx, matter.request, declined, only_from=planning, at=now)

    async def _say(self, tx: Connection, event: Claimed, matter: Matter, out: Outgoing) -> None:
        project = getattr(matter, "project", None)
        if project is None:
            project = place_of(self._services.settings, matter.thread).project
        await outbox.put(
            tx,
            f"re:{event.event_id}",
            project=project,
            thread=matter.thread,
            body=out.model_dump(mode="json"),
            at=self._services.clock.now(),
        )


def _sentence(error: Exception, event: Claimed) -> Outgoing:
    if isinstance(error, OrchestraError):
        return error_message(error)
    return unexpected(event.event_id)
