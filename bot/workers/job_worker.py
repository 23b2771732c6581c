"""The job worker: does what is queued, one job at a time per thread, threads side by side."""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, assert_never

import structlog
from pydantic import ValidationError

from bot.actions.chat_events import deciding, post
from bot.chat import Outgoing, say
from bot.conversation.dispatch import hear
from bot.jobs import JOBS, EventJob, FiringJob, Job, MeantJob, PlanJob, RerunJob, StartJob
from bot.language.catalogue import ENGLISH
from bot.later import Later
from bot.places import settle
from bot.render.errors import error_message, unexpected
from bot.services import Services
from memory.model.crash import crashpoint, declare
from memory.model.errors import OrchestraError, StorageTrouble
from memory.model.job import Claimed
from memory.model.work.request import RequestState
from memory.store.engine.database import Connection
from memory.store.planning import requests
from memory.store.traffic import jobs, threads

if TYPE_CHECKING:
    from bot.conversation import schedule_firing
    from bot.conversation.plans import approvals, planning, rerun
else:
    approvals = Later("bot.conversation.plans.approvals")
    planning = Later("bot.conversation.plans.planning")
    rerun = Later("bot.conversation.plans.rerun")
    schedule_firing = Later("bot.conversation.schedule_firing")

declare("after_claim_event")

POLL_S = 1.0
THREADS_AT_ONCE = 32
THREADS_OF_ONE = 4
"""So many threads of one person are worked on at once; the others' don't wait behind them."""
TROUBLE_PAUSE_S = 1.0

_log = structlog.get_logger()


class JobWorker:
    """Does the queued jobs until it is cancelled."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._busy: dict[str, str] = {}

    async def run(self) -> None:
        """Take up again what a dead process had claimed, then go on for ever."""
        await self._recover()
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    for thread, person in await self._waiting():
                        self._busy[thread] = person
                        group.create_task(self._thread(thread))
                except StorageTrouble as error:
                    _log.warning("jobs cannot be read", reason=error.detail)
                    await asyncio.sleep(TROUBLE_PAUSE_S)
                await self._services.wakeups.jobs.wait(POLL_S)

    async def _recover(self) -> None:
        async with self._services.database.transaction() as tx:
            again = await jobs.take_up_again(tx)
        if again:
            _log.info("events taken up again", count=again)

    async def _waiting(self) -> list[tuple[str, str]]:
        room = THREADS_AT_ONCE - len(self._busy)
        if room <= 0:
            return []
        async with self._services.database.reading() as connection:
            waiting = await jobs.waiting_threads(connection)
        of_each, chosen = Counter(self._busy.values()), []
        for thread, person in waiting.items():
            if thread in self._busy or (person and of_each[person] >= THREADS_OF_ONE):
                continue
            of_each[person] += 1
            chosen.append((thread, person))
        return chosen[:room]

    async def _thread(self, thread: str) -> None:
        """Every waiting event of one thread, in order."""
        try:
            while (event := await self._claim(thread)) is not None:
                await self._work(event)
        except StorageTrouble as error:
            _log.warning("event put back", reason=error.detail)
            await asyncio.sleep(TROUBLE_PAUSE_S)
        finally:
            self._busy.pop(thread, None)
            self._services.wakeups.jobs.ring()

    async def _claim(self, thread: str) -> Claimed | None:
        async with self._services.database.transaction() as tx:
            event = await jobs.claim(tx, thread, at=self._services.clock.now())
        if event is not None:
            crashpoint("after_claim_event")
        return event

    async def _work(self, event: Claimed) -> None:
        try:
            job = JOBS.validate_python(event.body)
        except ValidationError as error:
            await self._unreadable(event, error)
            return
        try:
            await self._handle(event, job)
        except StorageTrouble as error:
            await self._put_back(event, error)
        except OrchestraError as error:
            if error.retryable:
                await self._failed(event, job, error)
            else:
                await self._answer(event, job, error_message(self._services.locale, error))
        except Exception as error:  # noqa: BLE001 - the worker's loop: one bad event stops nobody
            await self._failed(event, job, error)

    async def _handle(self, event: Claimed, job: Job) -> None:
        match job:
            case EventJob():
                incoming = job.incoming
                async with self._services.turns.of(incoming.author.key, incoming.text):
                    await hear(self._services, event, incoming)
            case MeantJob():
                await hear(self._services, event, job.incoming, meant=job.name)
            case PlanJob():
                await planning.plan_job(self._services, event, job)
            case StartJob():
                await approvals.start_job(self._services, event, job)
            case RerunJob():
                await rerun.rerun_job(self._services, event, job)
            case FiringJob():
                await schedule_firing.fire_job(self._services, event, job)
            case _:
                assert_never(job)

    async def _unreadable(self, event: Claimed, error: ValidationError) -> None:
        """A job that another version left and this one doesn't know: say so, and go on."""
        _log.error("job cannot be read", event_id=event.event_id, exc_info=error)
        async with deciding(self._services, event) as tx:
            stored = await threads.get(tx, event.thread_key)
            if stored is not None:
                _, key = self._services.locale, f"re:{event.event_id}"
                out = say(
                    _("I was upgraded before I could do what you asked last; please say it again.")
                )
                await post(tx, self._services, stored.project, stored.ref, key, out)

    async def _answer(self, event: Claimed, job: Job, out: Outgoing) -> None:
        async with deciding(self._services, event) as tx:
            await self._say(tx, event, job, out)

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

    async def _failed(self, event: Claimed, job: Job, error: Exception) -> None:
        """Try again, or after three tries put it aside and say so."""
        _log.error("event failed", event_id=event.event_id, tries=event.attempts, exc_info=error)
        while True:
            try:
                async with self._services.database.transaction() as tx:
                    now = self._services.clock.now()
                    if await jobs.give_back(tx, event, type(error).__name__, at=now):
                        await self._say(tx, event, job, _sentence(error, event))
                        await self._close(tx, job)
                break
            except StorageTrouble as trouble:
                _log.warning("event waits for the database", reason=trouble.detail)
                await asyncio.sleep(TROUBLE_PAUSE_S)
        self._services.wakeups.outbox.ring()

    async def _close(self, tx: Connection, job: Job) -> None:
        """Nobody waits for a plan that will not come."""
        if isinstance(job, PlanJob):
            now, planning = self._services.clock.now(), (RequestState.PLANNING,)
            declined = RequestState.DECLINED
            await requests.move(tx, job.request, declined, only_from=planning, at=now)

    async def _say(self, tx: Connection, event: Claimed, job: Job, out: Outgoing) -> None:
        project = getattr(job, "project", None)
        if project is None:
            services = self._services
            project = await settle(tx, services.settings, job.thread, at=services.clock.now())
        await post(tx, self._services, project, job.thread, f"re:{event.event_id}", out)


def _sentence(error: Exception, event: Claimed) -> Outgoing:
    if isinstance(error, OrchestraError):
        return error_message(ENGLISH, error)
    return unexpected(ENGLISH, event.event_id)
