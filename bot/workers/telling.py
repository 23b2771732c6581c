"""What people should see of a batch of news: progress on the plan's message, moments of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.actions.chat_events import post
from bot.actions.plans.knowledge import keep_result, result_files
from bot.actions.proposing import proposed
from bot.chat import OutFile, Outgoing, Section, say
from bot.language.words import passage, untrusted
from bot.message_keys import RESULT, person_key, rule_key
from bot.queries.budgets import outlook_of
from bot.queries.plans.approval import given_to
from bot.queries.plans.cards import agent_names, picture_of, thread_of
from bot.queries.plans.obstacles import obstacles
from bot.queries.plans.scheduled_runs import scheduled_run
from bot.queries.plans.zones import clock_of
from bot.render.budgets import budget_alert
from bot.render.plans.decisions import ended_words, obstacle_words, run_heading
from bot.render.plans.message import closed_plan
from bot.render.questions import person_question
from bot.render.runs import ENDED, completion, progress
from bot.render.teaching import proposal
from bot.services import Services
from bot.workers.state_pictures import StatePictures
from executor.controls.failure_decisions import WORDS as DECISIONS
from executor.controls.failure_decisions import is_decision
from memory.model.base import ProjectId, RunId
from memory.model.errors import NotFound, OrchestraError
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
from memory.store.traffic import outbox

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
    picture: OutFile | None


async def look(
    services: Services, batch: Sequence[Told], pictures: StatePictures
) -> dict[RunId, _Run]:
    """The runs that the batch is about, to be looked at before the transaction of `tell`."""
    return await _Telling(services).runs(batch, pictures)


async def pictures(services: Services) -> StatePictures:
    """The pictures of runs under way, none drawn yet."""
    return StatePictures(services)


async def tell(
    tx: Connection, services: Services, batch: Sequence[Told], runs: dict[RunId, _Run]
) -> None:
    """Put down what people should see of it."""
    await _Telling(services).tell(tx, batch, runs)


async def leave_out(
    tx: Connection, services: Services, seq: int, project: ProjectId, item: News
) -> None:
    """Say that something could not be shown, where its run was asked for."""
    thread = await _thread(tx, project, getattr(item, "run", None))
    if thread is not None:
        _ = services.locale
        out = say(_("Something happened in this run that I couldn't show; say `status` for more."))
        await post(tx, services, project, thread, f"untold:{seq}", out)


class _Telling:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def tell(self, tx: Connection, batch: Sequence[Told], runs: dict[RunId, _Run]) -> None:
        await self._progress(tx, batch, runs)
        for seq, project, item in batch:
            run = runs.get(getattr(item, "run", None) or RunId(""))
            if isinstance(item, BudgetAlert):
                await self._alert(tx, seq, project, item)
            if run is not None:
                await self._moment(tx, seq, item, run)

    async def runs(self, batch: Sequence[Told], pictures: StatePictures) -> dict[RunId, _Run]:
        """Every run the batch speaks of; one that is gone is left out."""
        asking = {item.run for *_, item in batch if isinstance(item, PersonAsked)}
        found: dict[RunId, _Run] = {}
        for _seq, project, item in batch:
            run = getattr(item, "run", None)
            if run is None or run in found:
                continue
            try:
                found[run] = await self._look(project, run, pictures, asks=run in asking)
            except OrchestraError as error:
                if error.retryable:
                    raise
                _log.warning("run cannot be shown", run=run, reason=error.detail)
        return found

    async def _look(
        self, project: ProjectId, run: RunId, pictures: StatePictures, *, asks: bool
    ) -> _Run:
        services = self._services
        view = await services.executor.view(project, run)
        async with services.database.reading() as connection:
            stored = await plans.load(connection, project, view.plan_hash)
            thread = await thread_of(connection, stored.thread_key)
            first = await picture_of(connection, stored.message_key)
        if thread is None:
            raise OrchestraError("That thread isn't known here any more.", detail="no thread")
        waits = await services.executor.open_waits(thread.key) if asks else ()
        ended = view.state.over and not view.simulated
        files = await result_files(services, view) if ended else ()
        picture = await pictures.of(view, stored.plan, thread, first)
        return _Run(view, stored, thread, waits, files, picture)

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
        await self._say(tx, run, person_key(wait.id), out)

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
        _, names, plan = self._services.locale, agent_names(self._services), run.stored.plan
        picture, now = run.picture, self._services.clock.now()
        if not run.view.state.over:
            return progress(_, run.view, plan, picture, names=names, now=now)
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
