"""The reporter: reads news after a cursor and puts down what people should see of it.

Cursor and messages move in one transaction, so every event is told exactly once.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.chat import OutFile, Outgoing, say
from bot.conversation import shown
from bot.conversation.hearing import RESULT
from bot.conversation.money import alert_message
from bot.conversation.results import keep_result, result_files
from bot.conversation.services import Services
from bot.render.plans import closed_plan
from bot.render.questions import person_question
from bot.render.runs import completion, progress
from bot.render.words import passage
from memory.model.base import ProjectId, RunId
from memory.model.crash import crashpoint, declare
from memory.model.errors import OrchestraError, StorageTrouble
from memory.model.events import (
    BudgetAlert,
    News,
    PersonAsked,
    RunFinished,
    RunPaused,
    RunResumed,
)
from memory.model.identity import ThreadRef
from memory.model.run import RunState, RunView
from memory.store import news, outbox, plans, projects
from memory.store.database import Connection
from memory.store.plans import StoredPlan
from memory.store.waits import WaitView

declare("in_report", "after_report")

CURSOR = "reporter"
POLL_S, IDLE_POLL_S = 0.1, 0.4
BATCH = 200

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
                await asyncio.sleep(1)
            await self._services.bells.news.wait(pause)

    async def _step(self) -> bool:
        """Tell one batch; False when there was nothing."""
        async with self._services.database.reading() as connection:
            position = await news.cursor(connection, CURSOR)
            batch = await news.after(connection, position, BATCH)
        if not batch:
            return False
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
        self._services.bells.outbox.ring()
        return True

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
            thread = await shown.thread_of(connection, stored.thread_key)
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
            case RunPaused():
                text = passage(f"Paused: {item.reason}. Say `resume` to go on, or `cancel`.", 600)
                await self._say(tx, run, f"paused:{seq}", say(text))
            case RunResumed():
                await self._say(tx, run, f"resumed:{seq}", say("It goes on."))
            case RunFinished():
                view = run.view
                names = shown.names(self._services)
                out = completion(view, run.stored.plan, more.files.get(view.id, ()), names=names)
                await self._say(tx, run, f"{RESULT}{view.id}", out)
                await keep_result(tx, self._services, view, run.stored.plan)
            case _:
                pass

    async def _person(self, tx: Connection, wait: WaitView, run: _Run) -> None:
        out = person_question(wait.id, wait.question, who=wait.who, name=wait.name)
        await self._say(tx, run, f"person:{wait.id}", out)

    async def _progress(
        self, tx: Connection, batch: Sequence[Told], runs: dict[RunId, _Run]
    ) -> None:
        """One edit of each run's plan message, however many events there were."""
        seq = batch[-1][0]
        for run in runs.values():
            if run.view.simulated:
                continue
            key = run.stored.message_key
            out = await self._drawn(tx, run)
            await self._say(tx, run, f"progress:{run.view.id}:{seq}", out, edits=key)

    async def _drawn(self, tx: Connection, run: _Run) -> Outgoing:
        picture = await shown.picture_of(tx, run.stored.message_key)
        names = shown.names(self._services)
        plan = run.stored.plan
        if not run.view.state.over:
            return progress(run.view, plan, picture, names=names)
        ended = f"{await shown.approved_by(tx, plan)}{_ENDED[run.view.state]}"
        return closed_plan(plan, ended, picture=picture, names=names)

    async def _alert(
        self, tx: Connection, seq: int, project: ProjectId, alert: BudgetAlert
    ) -> None:
        out = await alert_message(tx, self._services, project, alert)
        if out is None:
            return
        for channel in await projects.channels_of(tx, project):
            await outbox.put(
                tx,
                f"alert:{seq}:{channel.key}",
                project=project,
                thread=channel,
                body=out.model_dump(mode="json"),
                at=self._services.clock.now(),
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
