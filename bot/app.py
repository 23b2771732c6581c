"""The running program: what comes in, the workers, and whether anything is left to do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

import structlog

from bot.actions.budgets import keep_fixed
from bot.chat import HOME, AgentSurface, ChatPlatform, Incoming, SendFailed, ShowsDetails, ShowsHome
from bot.config.projects import refuse_strangers
from bot.config.settings import Settings
from bot.groups import keep_fresh
from bot.jobs import EventJob
from bot.language import phrases
from bot.language.catalogue import ENGLISH
from bot.language.emoji import SEEN
from bot.language.secret_words import stated
from bot.pasted import Pasted
from bot.queries.about.home import pressed_there
from bot.queries.plans.cards import agent_names
from bot.queries.plans.details import plan_shown
from bot.queries.said import placed
from bot.quotas import Whose, counts, refuse_full
from bot.render.errors import error_message
from bot.render.plans.instructions import plan_text
from bot.services import Services, Soon
from bot.workers import boards, homes
from bot.workers.job_worker import JobWorker
from bot.workers.notifier import Notifier
from bot.workers.reporter import CURSOR, Reporter
from bot.workers.scheduler import Scheduler
from memory.model.crash import crashpoint, declare
from memory.model.errors import NotAllowed, OrchestraError
from memory.model.identity import MessageRef
from memory.model.limits import LONG_CHARS
from memory.model.timing.clock import Clock
from memory.model.work.quotas import Counted
from memory.model.work.run import RunState, RunView, TaskState
from memory.store.engine.database import Connection, Database
from memory.store.knowledge import projects
from memory.store.planning import plans
from memory.store.scheduling import schedules
from memory.store.traffic import jobs, news, outbox
from memory.store.traffic.quotas import HOUR

declare("before_receive", "after_receive")

LOOK_S = 0.5
"""How often `settled` looks again when nothing wakes it: rows tell, whoever changed them."""
TOGETHER_S = 0.01
"""What is committed within this time is looked at together."""

_log = structlog.get_logger()


class App:
    """Receives at once; works as soon as `work` was given the services."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        platforms: Mapping[str, ChatPlatform],
        soon: Soon,
        settings: Settings,
    ) -> None:
        self.platforms = platforms
        self._settings = settings
        self._told: dict[str, datetime] = {}
        self._soon = soon
        self._database = database
        self._clock = clock
        self._services: Services | None = None
        self._notifier: Notifier | None = None
        self.pasted = Pasted()
        self._ready = asyncio.Event()

    async def receive(self, incoming: Incoming) -> None:
        """Store the event; when this returns it will be dealt with, whatever happens.

        The same event twice is stored once, and never a secret that it holds. What is beyond a
        quota isn't stored, and its author is told so. Raises StorageTrouble when it cannot be stored.
        """
        try:
            await self.take(incoming)
        except NotAllowed as refusal:
            self._refused(incoming, refusal)

    async def take(self, incoming: Incoming) -> None:
        """The same for a door that says itself what was refused. Raises NotAllowed as well."""
        incoming = incoming.without_long_gaps()
        crashpoint("before_receive")
        new = await self._stored(incoming)
        crashpoint("after_receive")
        platform = self.platforms.get(incoming.thread.platform)
        if new and platform is not None and _asks_for_work(incoming):
            message = MessageRef(where=incoming.thread, message=incoming.message)
            self._soon(partial(platform.react, message, SEEN))
        if self._services is not None:
            self._services.wakeups.jobs.ring()
        if self._notifier is not None:
            self._notifier.heard(incoming.thread)

    def _without_secrets(self, incoming: Incoming) -> Incoming:
        """The event as it may be stored; what was taken out waits in memory for the gate."""
        by_name = stated(phrases.spoken(incoming.text))
        found = (by_name,) if by_name else self._database.redactor.found(incoming.text)
        if found:
            self.pasted.hold(incoming.event_id, found)
        return incoming.without_secrets(self._database.redactor, *([by_name] if by_name else []))

    async def _stored(self, incoming: Incoming) -> bool:
        """Store it, where there's room for it. Raises NotAllowed."""
        async with self._database.reading() as connection:
            if incoming.kind == "button" and incoming.action.startswith(HOME):
                about = await pressed_there(connection, self._settings, incoming)
            else:
                about = await placed(connection, incoming)
        if about is None:
            return False
        incoming = about
        if not self._heard(incoming):
            return False
        now, counted = self._clock.now(), counts(incoming)
        if counted:  # before any work is put into it
            async with self._database.reading() as connection:
                if await jobs.known(connection, incoming.event_id):
                    return False
                await self._room(connection, incoming, now)
        clean = await self._clean(incoming)
        async with self._database.transaction() as tx:
            if counted and not await jobs.known(tx, clean.event_id):
                await self._room(tx, incoming, now)
            return await jobs.put(
                tx,
                clean.event_id,
                thread_key=clean.thread.key,
                body=EventJob(incoming=clean).model_dump(mode="json"),
                at=now,
                author=clean.author.key,
                place=clean.thread.channel_ref().key if counted else "",
            )

    def _heard(self, incoming: Incoming) -> bool:
        """Whether its author is somebody to work for. Raises NotAllowed where they spoke to us."""
        try:
            refuse_strangers(self._settings, incoming.author, incoming.standing)
        except NotAllowed:
            if incoming.addressed and incoming.kind not in {"edited", "deleted"}:
                raise
            return incoming.kind == "deleted"  # Discord doesn't say who deleted
        return True

    async def _clean(self, incoming: Incoming) -> Incoming:
        if len(incoming.text) < LONG_CHARS:
            return self._without_secrets(incoming)
        return await asyncio.to_thread(self._without_secrets, incoming)

    async def _room(self, connection: Connection, incoming: Incoming, now: datetime) -> None:
        project = await projects.of_channel(connection, incoming.thread)
        whose = Whose(incoming.author, incoming.thread, project)
        await refuse_full(connection, self._settings, whose, Counted.MESSAGES, now=now)

    def _refused(self, incoming: Incoming, refusal: NotAllowed) -> None:
        """Say why it was dropped, once an hour to each person; nothing of it is kept."""
        now, person = self._clock.now(), incoming.author.key
        self._told = {key: at for key, at in self._told.items() if now - at < HOUR}
        if person in self._told:
            return
        self._told[person] = now
        _log.warning("message refused", person=person, place=incoming.thread.key)
        platform = self.platforms.get(incoming.thread.platform)
        if platform is not None:
            out, key = error_message(ENGLISH, refusal), f"full:{incoming.event_id}"
            self._soon(partial(platform.post, incoming.thread, out, {}, key=key))

    async def open_messages(self) -> tuple[MessageRef, ...]:
        """The messages of plans that can still be decided, newest first."""
        async with self._database.reading() as connection:
            keys = await plans.waiting_messages(connection, now=self._clock.now())
            sent = [await outbox.by_key(connection, key) for key in keys]
        return tuple(
            message.ref for message in sent if message is not None and message.ref is not None
        )

    async def listen(self, platform: ChatPlatform) -> None:
        """Let a platform hand over what people do, until cancelled."""
        await platform.listen(self.receive, self.open_messages)

    async def work(self, services: Services) -> None:
        """Run the workers until cancelled."""
        await keep_fixed(services)
        for platform in services.platforms.values():
            if isinstance(platform, ShowsDetails):
                platform.explain(partial(_details, services))
            if isinstance(platform, ShowsHome):
                platform.at_home(partial(homes.look, services, platform.address))
            if isinstance(platform, AgentSurface):
                platform.suggest(partial(homes.suggest, services))
        self._notifier = Notifier(services, pace_s=services.settings.pace_s)
        async with asyncio.TaskGroup() as group:
            group.create_task(JobWorker(services).run())
            group.create_task(self._notifier.run())
            group.create_task(Reporter(services).run())
            group.create_task(Scheduler(services).run())
            group.create_task(keep_fresh(services))
            group.create_task(homes.keep(services))
            group.create_task(boards.keep(services))
            self._services = services
            self._database.on_commit(services.wakeups.committed)
            self._ready.set()

    async def services(self) -> Services:
        """What everything works with, once it's open."""
        await self._ready.wait()
        assert self._services is not None
        return self._services

    async def settled(self) -> None:
        """Return when every event is dealt with, all news told and every message out."""
        await self._ready.wait()
        assert self._services is not None
        while not await self._is_settled():
            await self.changed()

    async def changed(self) -> None:
        """Return when something was stored, or after a while."""
        await self._ready.wait()
        assert self._services is not None
        await self._services.wakeups.any.wait(LOOK_S)
        await asyncio.sleep(TOGETHER_S)

    async def running(self) -> bool:
        """Whether any run is not over."""
        return bool(await self._runs())

    async def working(self) -> bool:
        """Whether work is under way that needs no person to go on."""
        return any(_needs_nobody(view) for view in await self._runs())

    async def _is_settled(self) -> bool:
        """Look in the order in which things move on, so that nothing slips past between looks."""
        async with self._database.reading() as connection:
            if await schedules.due(connection, self._clock.now(), 1):
                return False
            if await jobs.open_count(connection):
                return False
            position = await news.cursor(connection, CURSOR)
            if await news.after(connection, position, 1):
                return False
            return not await outbox.open_count(connection, self.platforms)

    async def _runs(self) -> tuple[RunView, ...]:
        await self._ready.wait()
        assert self._services is not None
        async with self._database.reading() as connection:
            known = await projects.every(connection)
        executor = self._services.executor
        found = [await executor.runs(project, running_only=True) for project in known]
        return tuple(view for views in found for view in views)


def _asks_for_work(incoming: Incoming) -> bool:
    """Whether it may take a while to answer, as far as the words alone can tell."""
    if incoming.kind != "message" or not incoming.addressed or not incoming.message:
        return False
    text = phrases.spoken(incoming.text)
    return bool(text) and not phrases.meaning(text)


async def _details(services: Services, message: MessageRef, plan: str) -> str:
    """Every word of the plan that the message shows, as Markdown."""
    shown = await plan_shown(services, message, plan)
    return plan_text(services.locale, shown, agent_names(services)) if shown else ""


def _needs_nobody(view: RunView) -> bool:
    if view.state is not RunState.RUNNING:
        return False
    states = {task.state for task in view.pieces}
    return TaskState.ASKING not in states or bool(states & {TaskState.READY, TaskState.RUNNING})


@asynccontextmanager
async def beside() -> AsyncIterator[Soon]:
    """A place for small things to be done beside the work; they end with it."""
    async with asyncio.TaskGroup() as group:
        tasks: set[asyncio.Task[None]] = set()

        def soon(work: Callable[[], Awaitable[object]]) -> None:
            quiet = _quietly(work)
            try:
                task = group.create_task(quiet)
            except RuntimeError:  # the program is closing; small things are left undone
                quiet.close()
                return
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        try:
            yield soon
        finally:
            for task in tasks:
                task.cancel()


async def _quietly(work: Callable[[], Awaitable[object]]) -> None:
    try:
        await work()
    except (SendFailed, OrchestraError) as error:
        _log.info("small thing not done", reason=str(error))
