"""A small world for the executor: scripted agents, plans in one line, an open executor."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from executor.engine.dbos import NEAR, DbosEngine
from executor.port import Call, Reply
from executor.service import Executor
from memory.model.agents.spec import AgentKind, AgentSpec, EffectClass
from memory.model.base import AgentName, PlanHash, ProjectId, RequestId, RunId, TaskKey
from memory.model.events import News
from memory.model.identity import Identity, Role
from memory.model.timing.clock import Clock, SystemClock
from memory.model.work.approval import PlanState
from memory.model.work.graph import (
    Effect,
    FromTask,
    Task,
    TaskGraph,
)
from memory.model.work.plan import Estimate, Plan
from memory.model.work.run import RunState, RunView, Usage
from memory.model.work.value import Text
from memory.store.engine.database import Database
from memory.store.knowledge import projects
from memory.store.planning import plans
from memory.store.traffic import news

PROJECT = ProjectId("p")
ANA = Identity(platform="console", workspace="w", user_id="ana", display="ana")
THREAD = "console:w:c:t"


class Unhurried:
    """Chance that always says 0, so that a retry comes at once."""

    def random(self) -> float:
        return 0.0


Does = Callable[[Call], Awaitable[Reply]]


def says(text: str, usage: Usage | None = None) -> Reply:
    return Reply(value=Text(text=text), usage=usage or Usage())


@dataclass
class Scripted:
    """An agent that does what its test says, and remembers its calls."""

    spec: AgentSpec
    does: Does
    calls: list[Call] = field(default_factory=list)

    async def run(self, call: Call) -> Reply:
        self.calls.append(call)
        return await self.does(call)


def scripted(name: str = "echo", does: Does | None = None, **spec: Any) -> Scripted:
    async def echo(call: Call) -> Reply:
        return says(f"{call.task.key} done")

    given = {"kind": AgentKind.TOOL, "title": name, "description": name, "task_types": ("t",)}
    return Scripted(AgentSpec(name=AgentName(name), **{**given, **spec}), does or echo)


def task(key: str, *needs: str, agent: str = "echo", **more: Any) -> Task:
    inputs = {f"from_{need}": FromTask(task=TaskKey(need)) for need in needs}
    return Task(
        key=TaskKey(key), title=key, type="t", agent=AgentName(agent), inputs=inputs, **more
    )


def writes(key: str, *needs: str, target: str = "out.txt", **more: Any) -> Task:
    return task(key, *needs, effects=(Effect(effect=EffectClass.WRITE, target=target),), **more)


def plan(*tasks: Task, title: str = "plan", now: Clock | None = None) -> Plan:
    at = (now or SystemClock()).now()
    return Plan(
        project=PROJECT,
        request=RequestId("r"),
        title=title,
        graph=TaskGraph(tasks=tasks),
        estimate=Estimate(
            cost_low_micro_usd=0, cost_high_micro_usd=0, seconds_low=0, seconds_high=1
        ),
        author="test",
        created_at=at.isoformat(),
        expires_at=at.replace(year=at.year + 1).isoformat(),
    )


async def approved(
    database: Database, made: Plan, root: Path, *, role: Role = Role.OWNER
) -> PlanHash:
    at = SystemClock().now()
    async with database.transaction() as tx:
        await projects.make(tx, made.project, name=made.project, root=root, at=at)
        await projects.set_role(tx, made.project, ANA, role, at=at)
        await plans.keep(tx, made, thread_key=THREAD, message_key="m", at=at)
        await plans.decide(
            tx, made.project, made.hash, ANA, role, "approve", via="words", message="m", at=at
        )
        await plans.move(tx, made.hash, PlanState.APPROVED, only_from=PlanState.WAITING)
    return made.hash


@dataclass
class World:
    database: Database
    executor: Executor
    root: Path

    async def start(self, made: Plan, **how: Any) -> RunId:
        await approved(self.database, made, self.root)
        return await self.executor.start(PROJECT, made.hash, thread_key=THREAD, by=ANA, **how)

    async def run(self, *tasks: Task, **how: Any) -> RunView:
        """Run a plan of these tasks to its end."""
        return await self.over(await self.start(plan(*tasks), **how))

    async def over(self, run: RunId) -> RunView:
        return await self.until(run, lambda view: view.state.over)

    async def until(
        self, run: RunId, holds: Callable[[RunView], bool], within_s: float = 120
    ) -> RunView:
        async with asyncio.timeout(within_s):
            while True:
                view = await self.executor.view(PROJECT, run)
                if holds(view):
                    return view
                await asyncio.sleep(0.02)

    async def news(self, run: RunId) -> list[News]:
        async with self.database.reading() as connection:
            return await news.of_run(connection, run)

    async def kinds(self, run: RunId) -> list[str]:
        return [event.kind for event in await self.news(run)]


def queued(database: Database) -> DbosEngine:
    """An engine that has so little room that all its work comes from the queue."""
    return DbosEngine(database, per_worker=NEAR - 1)


@asynccontextmanager
async def world(
    database: Database, root: Path, agents: Sequence[Scripted] = (), **more: Any
) -> AsyncIterator[World]:
    everyone = agents or (scripted(),)
    given = {"engine": DbosEngine(database), "clock": SystemClock(), "random": Unhurried(), **more}
    async with Executor(database, everyone, **given) as executor:
        yield World(database, executor, root)


def states(view: RunView) -> Mapping[str, str]:
    return {entry.key: entry.state.value for entry in view.tasks}


SUCCEEDED = RunState.SUCCEEDED
