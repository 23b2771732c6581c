"""The project's approved plans as what they teach: tools, links, and values that were used."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from pydantic import ValidationError

from memory.model.base import ProjectId
from memory.model.work.graph import Const
from memory.model.work.plan import Plan
from memory.store.engine.database import Database
from memory.store.planning import plans
from planner.experience.past import PastPlan

PLANS = 3_000
"""The newest count."""
_OFFERED = 5

Slot = tuple[str, str]
"""A tool and one of its parameters."""


@dataclass(frozen=True)
class History:
    """`number` grows with every plan. `values`: what was put into slots before, newest first."""

    project: ProjectId
    number: int = 0
    plans: tuple[Plan, ...] = ()
    words: tuple[str, ...] = ()
    values: Mapping[Slot, tuple[str, ...]] = field(default_factory=dict)

    def taught(self, tools: Collection[str]) -> tuple[PastPlan, ...]:
        """The past plans that use any of these tools, as far as they do."""
        found = (
            _past(words, plan, tools) for words, plan in zip(self.words, self.plans, strict=True)
        )
        return tuple(past for past in found if past.nodes)


async def read(database: Database, project: ProjectId, known: History | None) -> History:
    """The newest plans; `known` itself where none came since. Raises StorageTrouble."""
    async with database.reading() as connection:
        number = await plans.last_approved(connection, project)
        if known is not None and (known.project, known.number) == (project, number):
            return known
        rows = await plans.approved(connection, project, limit=PLANS)
    words, kept = [], []
    for row in rows:
        try:
            kept.append(Plan.model_validate_json(row.body))
        except ValidationError:
            continue  # of a version that knew other plans; there are others to learn from
        words.append(row.words)
    return History(project, number, tuple(kept), tuple(words), _values(kept))


def _values(kept: list[Plan]) -> dict[Slot, tuple[str, ...]]:
    found: defaultdict[Slot, dict[str, None]] = defaultdict(dict)
    for plan in reversed(kept):
        for task in plan.graph.tasks:
            for name, given in task.inputs.items():
                if isinstance(given, Const) and isinstance(given.value, str | int | float):
                    found[str(task.agent), name].setdefault(str(given.value))
    return {slot: tuple(islice(values, _OFFERED)) for slot, values in found.items()}


def _past(words: str, plan: Plan, tools: Collection[str]) -> PastPlan:
    agents = {task.key: str(task.agent) for task in plan.graph.tasks}
    nodes = dict.fromkeys(agent for agent in agents.values() if agent in tools)
    return PastPlan(
        request=words, nodes=tuple(nodes), links=tuple(dict.fromkeys(_links(plan, tools)))
    )


def _links(plan: Plan, tools: Collection[str]) -> Iterator[tuple[str, str]]:
    agents = {task.key: str(task.agent) for task in plan.graph.tasks}
    for task in plan.graph.tasks:
        for before in task.needs():
            link = agents[before], str(task.agent)
            if link[0] != link[1] and set(link) <= set(tools):
                yield link
