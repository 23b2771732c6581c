"""`orchestra eval plan`: predict tools and links for requests, and score them.

Requests go the way of every request: through `Planner.plan`, over a catalogue of the tools and a
store with the past plans. Where the planner asks, the plan behind its questions counts.
"""

import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from pydantic import JsonValue

from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue, Parameter
from memory.model.base import AgentName, Model, ProjectId, RequestId, TaskKey
from memory.model.identity import Identity
from memory.model.timing.clock import SystemClock
from memory.model.work.graph import Task, TaskGraph
from memory.model.work.plan import Estimate, Plan
from memory.model.work.value import Label
from memory.store.engine import schema
from memory.store.engine.database import Connection, Database, database_url
from memory.store.knowledge import notes
from memory.store.planning import plans
from planner.evaluation.cases import Case, PlanGold, matched
from planner.evaluation.scores import PlanScores, f1
from planner.experience.linking import Link
from planner.experience.past import PastPlan
from planner.experience.tools import ToolCard
from planner.names import slug
from planner.port import Answered, Declined, NeedsAnswers, PlanRequest, PlanResult, Ready
from planner.service import Planner

SHOWN = 10
"""How far down the list of found tools recall looks."""
_PROVIDER = "evaluation"
_PROJECT = ProjectId("evaluation")
_SOMEBODY = Identity(platform="console", workspace="local", user_id="evaluation")
_NAME_CHARS = 64


class Predicted(Model):
    """The tools a request needs, in order, and what passes from one to another.

    `asked` counts the questions that come before the plan.
    """

    nodes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    took_ms: float = 0.0
    asked: int = 0


class Evaluated:
    """A planner over the tools and past plans of an evaluation; `opened` makes one."""

    def __init__(self, planner: Planner, tools: Sequence[ToolCard]) -> None:
        self._planner = planner
        self._names = {str(spec.name): tool.id for spec, tool in specs_of(tools)}
        self._catalogue = Catalogue(agents=tuple(spec for spec, _ in specs_of(tools)))
        self.loaded_s = 0.0
        """How long learning took; storing the past plans is no part of it."""

    async def predict(self, case: Case) -> Predicted:
        """Plan one request as anybody's would be."""
        started = time.perf_counter()
        result = await self._planner.plan(self._request(case))
        took = (time.perf_counter() - started) * 1000
        graph, asked = _graph(result)
        if graph is None:
            return Predicted(took_ms=took)
        names = {task.key: self._names[str(task.agent)] for task in graph.tasks}
        links = dict.fromkeys(
            (names[before], names[task.key]) for task in graph.tasks for before in task.needs()
        )
        return Predicted(
            nodes=tuple(dict.fromkeys(names.values())),
            links=tuple(links),
            took_ms=took,
            asked=asked,
        )

    async def learn(self) -> Self:
        """Learn from the past plans, so that no prediction waits for it."""
        started = time.perf_counter()
        await self._planner.warm()
        await self._planner.learn(self._request(Case(id="first", request="-")))
        self.loaded_s = time.perf_counter() - started
        return self

    async def nearest(self, case: Case, *, limit: int = SHOWN) -> tuple[str, ...]:
        """The tools that retrieval finds first, as a model would be shown them."""
        found = await self._planner.nearest(self._request(case), limit)
        return tuple(self._names[name] for name in found)

    def _request(self, case: Case) -> PlanRequest:
        return PlanRequest(
            project=_PROJECT,
            request=RequestId(f"req_{case.id}"),
            text=case.request,
            author=_SOMEBODY,
            catalogue=self._catalogue,
            now=datetime(2026, 1, 1, tzinfo=UTC),
        )


@asynccontextmanager
async def opened(
    tools: Sequence[ToolCard], history: Sequence[PastPlan] = (), cache: Path | None = None
) -> AsyncIterator[Evaluated]:
    """A planner without models over a store of its own, which has learnt from the past plans.

    `cache` keeps what it learnt for the next time.
    """
    with TemporaryDirectory(prefix="orchestra-eval-") as folder:
        database = Database(database_url(Path(folder)))
        try:
            await schema.upgrade(database)
            await _remember(database, tools, history)
            checkpoints = Path(folder) / "planner.db"
            async with Planner(
                checkpoints, (), database, None, SystemClock(), learnt=cache
            ) as planner:
                yield await Evaluated(planner, tools).learn()
        finally:
            await database.close()


async def predictions(
    planner: Evaluated, cases: Sequence[Case]
) -> AsyncIterator[tuple[str, Predicted]]:
    """A prediction per case, with its id."""
    for case in cases:
        yield case.id, await planner.predict(case)


def specs_of(tools: Sequence[ToolCard]) -> Iterator[tuple[AgentSpec, ToolCard]]:
    """The tools as a catalogue has them. They change nothing: what they would, nobody says."""
    for number, tool in enumerate(tools):
        name = tool.id if len(tool.id) <= _NAME_CHARS else f"{tool.id[:50]}-{number}"
        fields = {kind: kind for kind in tool.takes} or tool.parameters
        needed = frozenset(fields if tool.required is None else tool.required)
        yield (
            AgentSpec(
                name=AgentName(name),
                kind=AgentKind.TOOL,
                title=name,
                description=f"{tool.desc} {tool.field}".strip() or tool.id,
                task_types=(name,),
                parameters=tuple(
                    Parameter(
                        name=field,
                        description=meaning or field,
                        type="text",
                        required=field in needed,
                    )
                    for field, meaning in fields.items()
                ),
                gives=tool.gives or tuple(tool.results),
                provider=_PROVIDER,
            ),
            tool,
        )


async def _remember(
    database: Database, tools: Sequence[ToolCard], history: Sequence[PastPlan]
) -> None:
    """Keep the past plans as approved ones are kept: without tools that are gone, and without
    links back, for no plan can have them."""
    names = {tool.id: str(spec.name) for spec, tool in specs_of(tools)}
    at = datetime(2025, 1, 1, tzinfo=UTC)
    async with database.transaction() as tx:
        for number, past in enumerate(history):
            await _keep(tx, number, past, names, at)


async def _keep(
    tx: Connection, number: int, past: PastPlan, names: Mapping[str, str], at: datetime
) -> None:
    nodes = [node for node in dict.fromkeys(past.nodes) if node in names]
    if not nodes:
        return
    keys = {
        node: TaskKey(f"{slug(names[node], limit=36)}-{place}") for place, node in enumerate(nodes)
    }
    tasks = tuple(
        Task(
            key=keys[node],
            title=names[node],
            type=names[node],
            agent=AgentName(names[node]),
            after=tuple(
                keys[before]
                for before, then in dict.fromkeys(past.links)
                if then == node and before in nodes[: nodes.index(node)]
            ),
        )
        for node in nodes
    )
    plan = Plan(
        project=_PROJECT,
        request=RequestId(f"past_{number}"),
        title=f"Plan {number}",
        graph=TaskGraph(tasks=tasks),
        estimate=Estimate(
            cost_low_micro_usd=0, cost_high_micro_usd=0, seconds_low=0, seconds_high=1
        ),
        author=_PROVIDER,
        created_at=at.isoformat(),
        expires_at=at.isoformat(),
    )
    kept = await plans.keep(tx, plan, thread_key="", message_key="", at=at)
    await notes.keep_note(tx, _PROJECT, "plan", plan.title, past.request, kept, Label.UNTRUSTED, at)


def _graph(result: PlanResult) -> tuple[TaskGraph | None, int]:
    match result:
        case Ready(plan=plan):
            return plan.graph, 0
        case NeedsAnswers(graph=graph, questions=questions):
            return graph, len(questions)
        case Declined() | Answered():
            return None, 0


def prediction_rows(found: Mapping[str, Predicted]) -> list[dict[str, JsonValue]]:
    """A row per case: `{"id", "nodes", "links"}`."""
    return [
        {"id": name, "nodes": list(plan.nodes), "links": [list(link) for link in plan.links]}
        for name, plan in found.items()
    ]


def score_plans(found: Mapping[str, Predicted], gold: Sequence[PlanGold]) -> PlanScores:
    """Mean F1 over the gold cases. Raises BadInput where a case was not predicted."""
    pairs = matched(found, gold)
    return PlanScores(
        cases=len(pairs),
        node_f1=100 * sum(f1(mine.nodes, theirs.nodes) for mine, theirs in pairs) / len(pairs),
        edge_f1=100 * sum(f1(mine.links, theirs.links) for mine, theirs in pairs) / len(pairs),
    )


async def recall_of(planner: Evaluated, cases: Sequence[Case], gold: Sequence[PlanGold]) -> float:
    """How many of the right tools, in per cent, are among the first ten that are found."""
    pairs = matched({case.id: case for case in cases}, gold)
    right = sum(len(set(row.nodes)) for _, row in pairs)
    found = [len(set(row.nodes) & set(await planner.nearest(case))) for case, row in pairs]
    return 100 * sum(found) / right if right else 100.0
