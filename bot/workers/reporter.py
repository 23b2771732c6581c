"""The reporter: reads news after a cursor and puts down what people should see of it.

Cursor and messages move in one transaction, so every event is told exactly once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.actions.chat_events import post
from bot.actions.plans.knowledge import keep_result, result_files
from bot.actions.proposing import proposed
from bot.chat import OutFile, Outgoing, Section, say
from bot.language.words import passage, untrusted
from bot.message_keys import RESULT, rule_key
from bot.queries.budgets import outlook_of
from bot.queries.plans.approval import given_to
from bot.queries.plans.cards import agent_names, picture_of, thread_of
from bot.queries.plans.obstacles import obstacles
from bot.queries.plans.scheduled_runs import scheduled_run
from bot.queries.plans.timing import clock_of
from bot.render.budgets import budget_alert
from bot.render.plans.decisions import ended_words, obstacle_words, run_heading
from bot.render.plans.message import closed_plan
from bot.render.questions import person_question
from bot.render.runs import ENDED, completion, progress
from bot.render.teaching import proposal
from bot.services import Services
from executor.controls.failure_decisions import WORDS as DECISIONS
from executor.controls.failure_decisions import is_decision
from memory.model.base import ProjectId, RunId
from memory.model.crash import crashpoint, declare
from memory.model.errors import NotFound, OrchestraError, StorageTrouble
from memory.model.events import (
    BudgetAlert,
    News,
    PersonAsked,
    RunFinished,
    RunPaused,
    RunResumed,
    TaskWaits,
)
from memory.model.identity import Role, ThreadRef
from memory.model.work.approval import StoredPlan
from memory.model.work.graph import map_key
from memory.model.work.run import RunView
from memory.model.work.wait import WaitView
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.planning import plans
from memory.store.running import runs as run_rows
from memory.store.traffic import news, outbox

declare("in_report", "after_report")

CURSOR = "reporter"
POLL_S, IDLE_POLL_S = 0.1, 0.4
BATCH = 200
RETRY_S = 1.0
TRIES = 3

_log = structlog.get_logger()

Told = tuple[int, ProjectId, News]


@dataclass(frozen=True)
class _Run:
    """A run as it stands, with its plan and the thread it belongs to."""

    view: RunView
    stored: StoredPlan
    thread: ThreadRef
    waits: tuple[WaitView, ...]
    """What it asks of people, where the news is about that."""
    files: tuple[OutFile, ...]
    """What it wrote, once it is over."""


class Reporter:
    """Turns events into messages until it is cancelled."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._failures = 0
        """Times in a row that the next piece of news could not be told."""
        self._careful = 0
        """How many pieces more are told one by one, so that a bad one is found."""

    async def run(self) -> None:
        """Report for ever."""
        while True:
            pause = IDLE_POLL_S
            try:
                while await self._step():
                    pause = POLL_S
            except StorageTrouble as error:
                _log.warning("news cannot be read", reason=error.detail)
            except Exception as error:  # noqa: BLE001 - the worker's loop: told again next time
                _log.error("news cannot be told", exc_info=error)
                self._failures, self._careful = self._failures + 1, BATCH
                pause = RETRY_S
            await self._services.wakeups.news.wait(pause)

    async def _step(self) -> bool:
        """Tell one batch; False when there was nothing."""
        async with self._services.database.reading() as connection:
            position = await news.cursor(connection, CURSOR)
            batch = await news.after(connection, position, 1 if self._careful else BATCH)
        if not batch:
            return False
        if self._failures > TRIES:
            await self._leave_out(*batch[0])
        else:
            await self._tell(batch)
        self._failures, self._careful = 0, max(0, self._careful - 1)
        self._services.wakeups.outbox.ring()
        return True

    async def _leave_out(self, seq: int, project: ProjectId, item: News) -> None:
        """What cannot be shown must not keep all that comes after it from being shown."""
        _log.error("a piece of news is left out", seq=seq, kind=item.kind)
        async with self._services.database.transaction() as tx:
            await news.move_cursor(tx, CURSOR, seq)
            thread = await _thread(tx, project, getattr(item, "run", None))
            if thread is not None:
                _ = self._services.locale
                out = say(
                    _("Something happened in this run that I couldn't show; say `status` for more.")
                )
                await post(tx, self._services, project, thread, f"untold:{seq}", out)

    async def _tell(self, batch: Sequence[Told]) -> None:
        runs = await self._runs(batch)
        async with self._services.database.transaction() as tx:
            await self._progress(tx, batch, runs)
            for seq, project, item in batch:
                run = runs.get(getattr(item, "run", None) or RunId(""))
                if isinstance(item, BudgetAlert):
                    await self._alert(tx, seq, project, item)
                if run is not None:
                    await self._moment(tx, seq, item, run)
            await news.move_cursor(tx, CURSOR, batch[-1][0])
            crashpoint("in_report")
        crashpoint("after_report")

    async def _runs(self, batch: Sequence[Told]) -> dict[RunId, _Run]:
        """Every run the batch speaks of; one that is gone is left out."""
        asking = {item.run for *_, item in batch if isinstance(item, PersonAsked)}
        found: dict[RunId, _Run] = {}
        for _seq, project, item in batch:
            run = getattr(item, "run", None)
            if run is None or run in found:
                continue
            try:
                found[run] = await self._look(project, run, asks=run in asking)
            except OrchestraError as error:
                if error.retryable:
                    raise
                _log.warning("run cannot be shown", run=run, reason=error.detail)
        return found

    async def _look(self, project: ProjectId, run: RunId, *, asks: bool) -> _Run:
        services = self._services
        view = await services.executor.view(project, run)
        async with services.database.reading() as connection:
            stored = await plans.load(connection, project, view.plan_hash)
            thread = await thread_of(connection, stored.thread_key)
        if thread is None:
            raise OrchestraError("That thread isn't known here any more.", detail="no thread")
        waits = await services.executor.open_waits(thread.key) if asks else ()
        ended = view.state.over and not view.simulated
        files = await result_files(services, view) if ended else ()
        return _Run(view, stored, thread, waits, files)

    async def _moment(self, tx: Connection, seq: int, item: News, run: _Run) -> None:
        """What deserves a message of its own."""
        _ = self._services.locale
        match item:
            case PersonAsked():
                for wait in run.waits:
                    if wait.id == item.wait_id:
                        await self._person(tx, wait, run)
            case TaskWaits():
                title = run.stored.plan.graph.task(map_key(item.task)).title
                text = _(
                    "“{task}” is waiting: {reason} No other agent can take it, so I'll keep trying. "
                    "Say `cancel` to stop."
                ).format(task=untrusted(title, 80), reason=item.reason)
                await self._say(tx, run, f"waits:{seq}", say(passage(text, 600)))
            case RunPaused():
                text = _("Paused: {reason}. Say `resume` to go on, or `cancel`.")
                out = say(passage(text.format(reason=item.reason), 600))
                await self._say(tx, run, f"paused:{seq}", out)
            case RunResumed():
                await self._say(tx, run, f"resumed:{seq}", say(_("It goes on.")))
            case RunFinished():
                # A run that is tried again ends more than once, and each end is told.
                out = await self._end(tx, run)
                await self._say(tx, run, f"{RESULT}{run.view.id}#{seq}", out)
                await keep_result(tx, self._services, run.view, run.stored.plan)
                await self._propose(tx, run)
            case _:
                pass

    async def _propose(self, tx: Connection, run: _Run) -> None:
        """A rule that the records suggest by now, for a person to accept."""
        rule = await proposed(tx, self._services, run.view.project)
        if rule is not None:
            await self._say(tx, run, rule_key(rule.id), proposal(self._services.locale, rule))

    async def _end(self, tx: Connection, run: _Run) -> Outgoing:
        """How the run ended, under the schedule that started it if one did."""
        _, view, plan = self._services.locale, run.view, run.stored.plan
        met: tuple[str, ...] = ()
        if view.simulated:
            met = obstacle_words(_, await obstacles(tx, self._services, plan))
        names = agent_names(self._services)
        out = completion(_, view, plan, run.files, names=names, obstacles=met)
        scheduled = await scheduled_run(tx, view.id) if plan.schedule else None
        if scheduled is None:
            return out
        heading = Section(text=run_heading(_, scheduled))
        return out.model_copy(update={"sections": (heading, *out.sections)})

    async def _person(self, tx: Connection, wait: WaitView, run: _Run) -> None:
        options = tuple(DECISIONS) if is_decision(wait.id) else ()
        out = person_question(
            self._services.locale,
            wait.id,
            wait.question,
            who=wait.who,
            name=wait.name,
            options=options,
        )
        await self._say(tx, run, f"person:{wait.id}", out)

    async def _progress(
        self, tx: Connection, batch: Sequence[Told], runs: dict[RunId, _Run]
    ) -> None:
        """One edit of each run's plan message, however many events there were."""
        seq = batch[-1][0]
        moved = {getattr(item, "run", None) for _, _, item in batch if item.kind != "task_said"}
        for run in runs.values():
            if run.view.simulated or run.stored.plan.schedule is not None:
                continue  # the plan's message says when it runs; each run has its own end
            key, kind = run.stored.message_key, "progress"
            if run.view.id not in moved:  # nothing but words: of those edits few are kept
                kind = "said"
                await outbox.forget_edits(tx, f"{kind}:{run.view.id}:")
            out = await self._drawn(tx, run)
            await self._say(tx, run, f"{kind}:{run.view.id}:{seq}", out, edits=key)

    async def _drawn(self, tx: Connection, run: _Run) -> Outgoing:
        picture = await picture_of(tx, run.stored.message_key)
        _, names, plan = self._services.locale, agent_names(self._services), run.stored.plan
        if not run.view.state.over:
            return progress(_, run.view, plan, picture, names=names)
        zone = await clock_of(tx, self._services, plan.project)
        ended = ended_words(_, await given_to(tx, plan), run.view.state, zone)
        tone = ENDED[run.view.state]
        return closed_plan(_, plan, ended, picture=picture, names=names, tone=tone)

    async def _alert(
        self, tx: Connection, seq: int, project: ProjectId, alert: BudgetAlert
    ) -> None:
        now = self._services.clock.now()
        outlook = await outlook_of(tx, project, alert.budget, now=now)
        if outlook is None:
            return
        members = await projects.members_of(tx, project)
        owners = [key for key, _, role in members if role is Role.OWNER]
        for channel in await projects.channels_of(tx, project):
            there = f"{channel.platform}:{channel.workspace}:"
            near = [key.removeprefix(there) for key in owners if key.startswith(there)]
            out = budget_alert(self._services.locale, alert, outlook, owners=near)
            await post(tx, self._services, project, channel, f"alert:{seq}:{channel.key}", out)

    async def _say(
        self, tx: Connection, run: _Run, key: str, out: Outgoing, *, edits: str = ""
    ) -> None:
        await post(tx, self._services, run.view.project, run.thread, key, out, edits=edits)


async def _thread(
    connection: Connection, project: ProjectId, run: RunId | None
) -> ThreadRef | None:
    """Where the run was asked for, from its row alone."""
    if run is None:
        return None
    try:
        stored = await run_rows.get(connection, project, run)
    except NotFound:
        return None
    return await thread_of(connection, stored.thread_key)
