"""What tests say of agents is what a project begins with, and its own work soon says more."""

from memory.model.agents.signal import Signal, SignalKind
from memory.model.base import AgentName, ProjectId, RunId
from memory.profiles.ranking import rank
from memory.store.engine.database import Database
from memory.store.knowledge.learning import Ended, profiles_of, record
from planner.evaluation.priors import keep
from planner.evaluation.routing import Asked, Outcome
from tests.unit.memory.learning.test_ranking import models
from tests.unit.planner.world import NOW

TEST = ProjectId("test")


def graded(questions: int) -> list[Asked]:
    outcomes = {
        "claude": Outcome(quality=0.9, cost_micro_usd=2_000_000),
        "gemini": Outcome(quality=0.4, cost_micro_usd=2_000_000),
    }
    return [
        Asked(id=str(number), task_type="research", text=f"question {number}", outcomes=outcomes)
        for number in range(questions)
    ]


async def first(database: Database) -> str:
    async with database.reading() as connection:
        profiles = await profiles_of(connection, TEST)
    return rank(profiles, "research", models("gemini", "claude"))[0].agent


async def test_a_project_begins_with_what_tests_say(sqlite: Database) -> None:
    assert await first(sqlite) == "gemini"
    for _ in range(2):  # twice is as once
        async with sqlite.transaction() as tx:
            assert await keep(tx, TEST, graded(40), at=NOW) == 80
    async with sqlite.reading() as connection:
        claude, _ = await profiles_of(connection, TEST)
    assert (claude.samples, claude.evidence, claude.mean_cost_micro_usd) == (40, 10.0, 2_000)
    assert await first(sqlite) == "claude"


async def test_its_own_work_says_more(sqlite: Database) -> None:
    async with sqlite.transaction() as tx:
        await keep(tx, TEST, graded(40), at=NOW)
    async with sqlite.transaction() as tx:
        for number in range(60):
            agent, grade = (("gemini", 0.9), ("claude", 0.4))[number % 2]
            said = Signal(kind=SignalKind.GRADED, value=grade)
            ended = Ended(
                project=TEST, attempt=f"a{number}", run=RunId("r"), agent=AgentName(agent),
                task_type="research", text="x", succeeded=True, cost_micro_usd=2_000,
                latency_ms=1, at=NOW, signals=(said,),
            )  # fmt: skip
            await record(tx, ended)
    assert await first(sqlite) == "gemini"
