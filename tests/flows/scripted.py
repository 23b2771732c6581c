"""A planner and an executor whose behaviour is in the words of the request."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from executor.runs.standing_approval import stands
from memory.model.agents.routing import Choice
from memory.model.agents.spec import (
    AgentKind,
    AgentSpec,
    Catalogue,
    EffectClass,
)
from memory.model.base import AgentName, PlanHash, ProjectId, RunId, TaskKey
from memory.model.budget import Budget
from memory.model.errors import Conflict, NotFound
from memory.model.events import (
    BudgetAlert,
    PersonAsked,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
    TaskStarted,
    TaskSucceeded,
)
from memory.model.identity import Identity
from memory.model.timing.firing import FiringState
from memory.model.timing.schedule import Firing
from memory.model.work.approval import PlanState
from memory.model.work.graph import Effect, Task, TaskGraph
from memory.model.work.plan import Estimate, Plan
from memory.model.work.run import (
    RunState,
    RunView,
    TaskState,
    TaskView,
)
from memory.model.work.value import FileInfo, Text
from memory.model.work.wait import WaitView
from memory.store.engine.database import Connection, Database
from memory.store.planning import plans
from memory.store.running import switches
from memory.store.scheduling import firings
from memory.store.traffic import audit, news
from planner.port import (
    Declined,
    NeedsAnswers,
    PlanRequest,
    PlanResult,
    Question,
    Ready,
    Say,
    silent,
)
from tests.conftest import SetClock

WRITER = AgentSpec(
    name=AgentName("files"),
    kind=AgentKind.TOOL,
    title="Files",
    description="writes files",
    task_types=("files.write",),
)
QUESTIONS = (
    Question(
        slot="reader",
        text="Who reads it?",
        options=("developers", "managers"),
        default="developers",
    ),
    Question(
        slot="mode",
        text="Publish now, or leave a draft?",
        options=("draft", "publish"),
        default="draft",
    ),
)


COLUMN = Question(
    slot="sales.csv:sum column",
    text="Which column?",
    options=("revenue", "units"),
    default="revenue",
    accepts=("unit price",),
)


@dataclass
class ScriptedPlanner:
    """`blog` asks two questions, `column` a closed one, `nonsense` is declined, anything else is planned.

    `tell it` makes the first task's instruction of the words; `choice` is kept with every task.
    """

    seen: list[PlanRequest] = field(default_factory=list)
    choice: Choice | None = None

    async def plan(self, request: PlanRequest, say: Say = silent) -> PlanResult:
        self.seen.append(request)
        if "nonsense" in request.text:
            return Declined(
                text="I cannot make a plan of that; name a file and what to do with it."
            )
        known = {answer.slot for answer in request.answers} | set(request.preferences)
        left = tuple(question for question in QUESTIONS if question.slot not in known)
        if "blog" in request.text and left:
            return NeedsAnswers(questions=left)
        if "column" in request.text and COLUMN.slot not in known:
            return NeedsAnswers(questions=(COLUMN,))
        return Ready(plan=_plan(request, self.choice))

    async def answer(self, request: PlanRequest, say: Say = silent) -> PlanResult:
        return await self.plan(request)


def _names(request: PlanRequest) -> list[str]:
    """`skip` and `all but N` in the last change leave out a task, `only N` the others."""
    change = request.text.rsplit("\n\n", 1)[-1]
    number = re.search(r"\d", change)
    place = int(number.group()) - 1 if number else 0
    names = ["think", "write"]
    if "skip" in change or "all but" in change:
        return [name for at, name in enumerate(names) if at != place]
    return [names[place]] if change.startswith("only") else names


def _plan(request: PlanRequest, choice: Choice | None = None) -> Plan:
    words = request.text
    said = " ".join(answer.value for answer in request.answers)
    publishes = "publish" in said or "publish" in words
    usual = EffectClass.CONFIGURE if "configure" in words else EffectClass.WRITE
    effect = EffectClass.PUBLISH if publishes else usual
    names = _names(request)
    return Plan(
        project=request.project,
        request=request.request,
        title=words.splitlines()[0][:60],
        graph=TaskGraph(
            tasks=tuple(
                Task(
                    key=TaskKey(name),
                    title=name,
                    type="files.write",
                    agent=WRITER.name,
                    instruction=words if name == "think" and "tell it" in words else "",
                    effects=(Effect(effect=effect, target="out.md"),) if name == "write" else (),
                    choice=choice,
                )
                for name in names
            )
        ),
        estimate=Estimate(
            cost_low_micro_usd=0, cost_high_micro_usd=0, seconds_low=1, seconds_high=2
        ),
        assumptions=tuple(f"{one.slot}: {one.value}" for one in request.answers),
        author="scripted planner",
        created_at=request.now.isoformat(),
        expires_at=(request.now + timedelta(hours=24)).isoformat(),
    )


@dataclass
class ScriptedExecutor:
    """Finishes every run at once, unless its title has `slow` (runs on), `ask` (asks kim) or `fail`."""

    database: Database
    clock: SetClock
    views: dict[RunId, RunView] = field(default_factory=dict)
    threads: dict[RunId, str] = field(default_factory=dict)
    waits: dict[str, WaitView] = field(default_factory=dict)
    asked: Identity | None = None
    stopped: set[str] = field(default_factory=set)
    starts: int = 0

    async def start(
        self,
        project: ProjectId,
        plan_hash: PlanHash,
        *,
        thread_key: str,
        by: Identity,
        simulated: bool = False,
        firing: Firing | None = None,
    ) -> RunId:
        mark = f"-{firing.mark}" if firing else ""
        run = RunId(f"{'dry' if simulated else 'run'}-{plan_hash[:12]}{mark}")
        if run in self.views:
            return run
        if self.stopped & {"all", f"project:{project}"}:
            raise Conflict("Work is stopped here; say `resume project` first.")
        async with self.database.transaction() as tx:
            stored = await plans.load(tx, project, plan_hash)
            if firing is not None:
                await stands(tx, stored, firing, now=self._now())
                await firings.decide(
                    tx,
                    firing,
                    FiringState.STARTED,
                    only_from=(FiringState.CLAIMED,),
                    at=self._now(),
                    run=run,
                )
            elif not simulated and not await plans.move(
                tx, plan_hash, PlanState.STARTED, only_from=PlanState.APPROVED
            ):
                raise Conflict("That plan is not approved.")
            view = self._view(project, run, stored.plan, simulated=simulated)
            self.views[run], self.threads[run] = view, thread_key
            self.starts += 1
            await news.tell(tx, project, RunStarted(run=run, simulated=simulated), at=self._now())
            await self._go(tx, view)
        return run

    def _view(self, project: ProjectId, run: RunId, plan: Plan, *, simulated: bool) -> RunView:
        return RunView(
            id=run,
            project=project,
            plan_hash=plan.hash,
            title=plan.title,
            state=RunState.RUNNING,
            simulated=simulated,
            tasks=tuple(
                TaskView(key=task.key, title=task.title, agent=task.agent, state=TaskState.RUNNING)
                for task in plan.graph.tasks
            ),
            cost_micro_usd=0,
            started_at=self._now(),
        )

    async def _go(self, tx: Connection, view: RunView) -> None:
        first = view.tasks[0]
        await self._tell(
            tx, view, TaskStarted(run=view.id, task=first.key, agent=first.agent, attempt=1)
        )
        if not view.simulated and "fail" in view.title:
            await self._finish(tx, view.id, RunState.FAILED)
        elif view.simulated or ("slow" not in view.title and "ask" not in view.title):
            await self._finish(tx, view.id, RunState.SUCCEEDED)
        elif "ask" in view.title:
            wait = WaitView(
                id=f"wait-{view.id}",
                project=view.project,
                run=view.id,
                task=first.key,
                asked_at=self._now(),
                question="Are the numbers right?",
                who=self.asked,
                name="kim",
                thread_key=self.threads[view.id],
            )
            self.waits[wait.id] = wait
            self._tasks(view.id, TaskState.ASKING)
            await self._tell(tx, view, PersonAsked(run=view.id, task=first.key, wait_id=wait.id))

    async def _finish(self, tx: Connection, run: RunId, state: RunState) -> None:
        view = self.views[run]
        over = TaskState.SUCCEEDED if state is RunState.SUCCEEDED else TaskState.CANCELLED
        self._tasks(run, over)
        self.views[run] = self.views[run].model_copy(
            update={"state": state, "finished_at": self._now()}
        )
        last = view.tasks[-1]
        if state is RunState.SUCCEEDED:
            await self._tell(tx, view, TaskSucceeded(run=run, task=last.key, agent=last.agent))
        await self._tell(tx, view, RunFinished.model_validate({"run": run, "state": state.value}))

    def _tasks(self, run: RunId, state: TaskState) -> None:
        view = self.views[run]
        value = Text(text="All is well.") if state is TaskState.SUCCEEDED else None
        tasks = tuple(
            task.model_copy(update={"state": state, "value": value}) for task in view.tasks
        )
        self.views[run] = view.model_copy(update={"tasks": tasks})

    async def _tell(self, tx: Connection, view: RunView, item: object) -> None:
        await news.tell(tx, view.project, item, at=self._now())  # type: ignore[arg-type]

    def _now(self) -> datetime:
        return self.clock.now()

    async def ready(self) -> None:
        return

    @asynccontextmanager
    async def _writing(self, tx: Connection | None) -> AsyncIterator[Connection]:
        if tx is not None:
            yield tx
            return
        async with self.database.transaction() as own:
            yield own

    async def _turn(
        self,
        run: RunId,
        wanted: RunState,
        to: RunState,
        item: object,
        by: str,
        deed: str,
        tx: Connection | None,
    ) -> bool:
        if self.views[run].state is not wanted:
            return False
        self.views[run] = self.views[run].model_copy(update={"state": to})
        async with self._writing(tx) as writing:
            await self._tell(writing, self.views[run], item)
            await self._audit(writing, self.views[run].project, by, deed, run)
        return True

    async def cancel(
        self, project: ProjectId, run: RunId, *, by: str, tx: Connection | None = None
    ) -> bool:
        if self.views[run].state.over:
            return False
        async with self._writing(tx) as writing:
            await self._finish(writing, run, RunState.CANCELLED)
            await self._audit(writing, project, by, "run.cancelled", run)
        return True

    async def pause(
        self, project: ProjectId, run: RunId, *, by: str, reason: str, tx: Connection | None = None
    ) -> bool:
        item = RunPaused(run=run, reason=reason)
        return await self._turn(run, RunState.RUNNING, RunState.PAUSED, item, by, "run.paused", tx)

    async def resume(
        self, project: ProjectId, run: RunId, *, by: str, tx: Connection | None = None
    ) -> bool:
        item = RunResumed(run=run)
        return await self._turn(run, RunState.PAUSED, RunState.RUNNING, item, by, "run.resumed", tx)

    async def retry(
        self, project: ProjectId, run: RunId, *, by: str, tx: Connection | None = None
    ) -> bool:
        item = RunResumed(run=run)
        return await self._turn(run, RunState.FAILED, RunState.RUNNING, item, by, "run.retried", tx)

    async def stop_all(
        self, scope: str, *, by: str, reason: str, tx: Connection | None = None
    ) -> bool:
        was = scope in self.stopped
        self.stopped.add(scope)
        async with self._writing(tx) as writing:
            await switches.throw(writing, scope, by=by, reason=reason, at=self._now())
            deed = "project.archived" if scope.startswith("archive:") else "work.stopped"
            await self._audit(writing, ProjectId(""), by, deed, scope)
        return not was

    async def release(self, scope: str, *, by: str, tx: Connection | None = None) -> bool:
        was = scope in self.stopped
        self.stopped.discard(scope)
        async with self._writing(tx) as writing:
            if await switches.release(writing, scope):
                deed = "project.restored" if scope.startswith("archive:") else "work.released"
                await self._audit(writing, ProjectId(""), by, deed, scope)
        return was

    async def answer(
        self,
        project: ProjectId,
        wait_id: str,
        text: str,
        *,
        by: Identity,
        tx: Connection | None = None,
    ) -> bool:
        wait = self.waits.pop(wait_id, None)
        if wait is None:
            return False
        async with self._writing(tx) as writing:
            await self._finish(writing, wait.run, RunState.SUCCEEDED)
            await self._audit(writing, project, by.key, "task.answered", wait_id)
        return True

    async def _audit(
        self, tx: Connection, project: ProjectId, by: str, action: str, on: str
    ) -> None:
        await audit.record(tx, project, actor=by, action=action, on=on, at=self._now())

    async def view(self, project: ProjectId, run: RunId) -> RunView:
        if run not in self.views:
            raise NotFound("There is no such run.")
        return self.views[run]

    async def runs(
        self,
        project: ProjectId,
        *,
        thread_key: str | None = None,
        running_only: bool = False,
        limit: int = 20,
    ) -> tuple[RunView, ...]:
        found = [
            view
            for view in self.views.values()
            if view.project == project
            and (thread_key is None or self.threads[view.id] == thread_key)
            and not (running_only and view.state.over)
        ]
        return tuple(found[-limit:])

    async def open_waits(self, thread_key: str) -> tuple[WaitView, ...]:
        return tuple(wait for wait in self.waits.values() if wait.thread_key == thread_key)

    def catalogue(self) -> Catalogue:
        return Catalogue(agents=(WRITER,))

    async def describe(self, project: ProjectId, path: str) -> FileInfo:
        return FileInfo(path=path, media_type="text/plain", size=1)

    async def list_files(self, project: ProjectId) -> tuple[FileInfo, ...]:
        return ()

    async def spend(self, project: ProjectId, budget: Budget, percent: int) -> None:
        """Pass a threshold of a budget; at 100 % what runs is paused."""
        for run, view in list(self.views.items()):
            if percent >= 100 and view.project == project and view.state is RunState.RUNNING:
                reason = f'budget "{budget.name}" is used up'
                await self.pause(project, run, by="system", reason=reason)
        alert = BudgetAlert(
            budget=budget.id,
            percent=percent,
            spent_micro_usd=budget.limit_micro_usd * percent // 100,
            limit_micro_usd=budget.limit_micro_usd,
            paused=percent >= 100,
        )
        async with self.database.transaction() as tx:
            await news.tell(tx, project, alert, at=self._now())
