"""Results of tests as what is known of agents before they worked in a project."""

from collections.abc import Sequence
from datetime import datetime

from memory.model.agents.signal import Signal, SignalKind
from memory.model.base import AgentName, ProjectId, RunId, sha256
from memory.store.engine.database import Connection
from memory.store.knowledge.learning import Ended, record
from planner.evaluation.routing import Asked
from planner.evaluation.streams import ENLARGED

TESTS = RunId("tests")
"""Stands where the run of an attempt would."""


async def keep(tx: Connection, project: ProjectId, tests: Sequence[Asked], *, at: datetime) -> int:
    """Put how each model did on each question on record; how many those are.

    The same question, model and type again replaces nothing and counts once.
    """
    ended = [
        _ended(project, asked, AgentName(name), at) for asked in tests for name in asked.outcomes
    ]
    for test in ended:
        await record(tx, test)
    return len({test.attempt for test in ended})


def _ended(project: ProjectId, asked: Asked, agent: AgentName, at: datetime) -> Ended:
    outcome = asked.outcomes[agent]
    mark = sha256("\0".join((project, agent, asked.task_type, asked.text or asked.id)).encode())
    return Ended(
        project=project,
        attempt=f"test:{mark[:32]}",
        run=TESTS,
        agent=agent,
        task_type=asked.task_type,
        text=asked.text,
        succeeded=True,
        cost_micro_usd=outcome.cost_micro_usd // ENLARGED,
        latency_ms=0,
        at=at,
        signals=(Signal(kind=SignalKind.TESTED, value=outcome.quality),),
    )
