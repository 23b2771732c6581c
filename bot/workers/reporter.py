"""The reporter: reads news after a cursor and puts down what people should see of it.

Cursor and messages move in one transaction, so every event is told exactly once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.chat import OutFile, Outgoing, Section, say
from bot.conversation import messages
from bot.conversation.dispatch import RESULT
from bot.conversation.dry_run_report import obstacles
from bot.conversation.results import keep_result, result_files
from bot.conversation.standing_approval import heading
from bot.queries.budgets import outlook_of
from bot.render.budgets import budget_alert
from bot.render.plans.message import closed_plan
from bot.render.questions import person_question
from bot.render.runs import completion, progress
from bot.render.words import passage, untrusted
from bot.services import Services
from executor.runs.failure_decisions import WORDS as DECISIONS
from executor.runs.failure_decisions import is_decision
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
from memory.model.identity import ThreadRef
from memory.model.work.approval import StoredPlan
from memory.model.work.graph import map_key
from memory.model.work.run import RunState, RunView
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
UNTOLD = "Something happened in this run that I could not show; say `status` to see how it stands."

_log = structlog.get_logger()

_ENDED = {
    RunState.SUCCEEDED: "Done; the result is below.",
    RunState.FAILED: "It failed; the reason is below.",
    RunState.CANCELLED: "Cancelled.",
}

Told = tuple[int, ProjectId, News]


@dataclass(frozen=True)
class _Run:
    """A run as it stands, with its plan and the thread it belongs to."""

    view: RunView
    stored: StoredPlan
    thread: ThreadRef


@dataclass(frozen=True)
class _More:
    """What has to be fetched before the transaction: open questions, files of results."""

    waits: dict[str, WaitView]
    files: dict[RunId, tuple[OutFile, ...]]


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
                await outbox.put(
                    tx,
                    f"untold:{seq}",
                    project=project,
                    thread=thread,
                    body=say(UNTOLD).model_dump(mode="json"),
                    at=self._services.clock.now(),
                )

    async def _tell(self, batch: Sequence[Told]) -> None:
        runs = await self._runs(batch)
        more = await self._more(batch, runs)
        async with self._services.database.transaction() as tx:
            await self._progress(tx, batch, runs)
            for seq, project, item in batch:
                run = runs.get(getattr(item, "run", None) or RunId(""))
                if isinstance(item, BudgetAlert):
                    await self._alert(tx, seq, project, item)
                if run is not None:
                    await self._moment(tx, seq, item, run, more)
            await news.move_cursor(tx, CURSOR, batch[-1][0])
            crashpoint("in_report")
        crashpoint("after_report")

    async def _runs(self, batch: Sequence[Told]) -> dict[RunId, _Run]:
        """Every run the batch speaks of; one that is gone is left out."""
        found: dict[RunId, _Run] = {}
        for _, project, item in batch:
            run = getattr(item, "run", None)
            if run is None or run in found:
                continue
            try:
                found[run] = await self._look(project, run)
            except OrchestraError as error:
                if error.retryable:
                    raise
                _log.warning("run cannot be shown", run=run, reason=error.detail)
        return found

    async def _more(self, batch: Sequence[Told], runs: dict[RunId, _Run]) -> _More:
        asking = {item.run for _, _, item in batch if isinstance(item, PersonAsked)}
        threads = {run.thread.key for key, run in runs.items() if key in asking}
        waits = [await self._services.executor.open_waits(thread) for thread in threads]
        return _More(
            waits={wait.id: wait for found in waits for wait in found},
            files={
                key: await result_files(self._services, run.view)
                for key, run in runs.items()
                if run.view.state.over and not run.view.simulated
            },
        )

    async def _look(self, project: ProjectId, run: RunId) -> _Run:
        view = await self._services.executor.view(project, run)
        async with self._services.database.reading() as connection:
            stored = await plans.load(connection, project, view.plan_hash)
            thread = await messages.thread_of(connection, stored.thread_key)
        if thread is None:
            raise OrchestraError("That thread is not known any more.", detail="no thread")
        return _Run(view, stored, thread)

    async def _moment(
        self,
        tx: Connection,
        seq: int,
        item: News,
        run: _Run,
        more: _More,
    ) -> None:
        """What deserves a message of its own."""
        match item:
            case PersonAsked() if item.wait_id in more.waits:
                await self._person(tx, more.waits[item.wait_id], run)
            case TaskWaits():
                title = run.stored.plan.graph.task(map_key(item.task)).title
                text = (
                    f"“{untrusted(title, 80)}” waits: {item.reason} Nobody else can take it over, so "
                    "I try again until somebody can. Say `cancel` to stop."
                )
                await self._say(tx, run, f"waits:{seq}", say(passage(text, 600)))
            case RunPaused():
                text = passage(f"Paused: {item.reason}. Say `resume` to go on, or `cancel`.", 600)
                await self._say(tx, run, f"paused:{seq}", say(text))
            case RunResumed():
                await self._say(tx, run, f"resumed:{seq}", say("It goes on."))
            case RunFinished():
                view = run.view
                names = messages.names(self._services)
                plan = run.stored.plan
                met = await obstacles(tx, self._services, plan) if view.simulated else ()
                files = more.files.get(view.id, ())
                out = completion(
                    self._services.locale, view, plan, files, names=names, obstacles=met
                )
                head = await heading(tx, view.id) if run.stored.plan.schedule else ""
                if head:
                    out = out.model_copy(update={"sections": (Section(text=head), *out.sections)})
                # A run that is tried again ends more than once, and each end is told.
                await self._say(tx, run, f"{RESULT}{view.id}#{seq}", out)
                await keep_result(tx, self._services, view, run.stored.plan)
            case _:
                pass

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
        picture = await messages.picture_of(tx, run.stored.message_key)
        names = messages.names(self._services)
        plan = run.stored.plan
        if not run.view.state.over:
            return progress(self._services.locale, run.view, plan, picture, names=names)
        ended = f"{await messages.approved_by(tx, plan)}{_ENDED[run.view.state]}"
        return closed_plan(self._services.locale, plan, ended, picture=picture, names=names)

    async def _alert(
        self, tx: Connection, seq: int, project: ProjectId, alert: BudgetAlert
    ) -> None:
        now = self._services.clock.now()
        outlook = await outlook_of(tx, project, alert.budget, now=now)
        if outlook is None:
            return
        out = budget_alert(self._services.locale, alert, outlook.state, ends_on=outlook.ends_on)
        for channel in await projects.channels_of(tx, project):
            await outbox.put(
                tx,
                f"alert:{seq}:{channel.key}",
                project=project,
                thread=channel,
                body=out.model_dump(mode="json"),
                at=now,
            )

    async def _say(
        self, tx: Connection, run: _Run, key: str, out: Outgoing, *, edits: str = ""
    ) -> None:
        await outbox.put(
            tx,
            key,
            project=run.view.project,
            thread=run.thread,
            body=out.model_dump(mode="json"),
            edits=edits,
            at=self._services.clock.now(),
        )


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
    return await messages.thread_of(connection, stored.thread_key)
