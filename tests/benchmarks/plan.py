"""How long the offline planner takes, through its LangGraph and its checkpoints on disk."""

import tempfile
import time
from pathlib import Path

from executor.agents.registry import load
from executor.data.file_shapes import describe
from executor.egress.files import ProjectFiles
from memory.model.agents.spec import Catalogue
from memory.model.base import ProjectId, RequestId
from memory.model.identity import Identity
from memory.model.timing.clock import SystemClock
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from planner.port import PlanRequest, Ready
from planner.service import Planner
from tests.benchmarks.figures import Figure

PLANS = 100
WORDS = "Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md"


async def measure() -> tuple[Figure, ...]:
    """p50 and p95 of planning the example, one after the other, once everything is loaded."""
    files = ProjectFiles(Path("deploy/examples/sales"))
    request = PlanRequest(
        project=ProjectId("bench"),
        request=RequestId("warm-up"),
        text=WORDS,
        author=Identity(platform="console", workspace="local", user_id="ana"),
        files=(describe(files, "sales.csv"),),
        catalogue=Catalogue(agents=tuple(agent.spec for agent in load(()))),
        now=SystemClock().now(),
    )
    with tempfile.TemporaryDirectory() as folder:
        database = Database(database_url(Path(folder)))
        await schema.upgrade(database)
        checkpoints = Path(folder) / "planner.db"
        async with Planner(checkpoints, (), database, None, SystemClock()) as planner:
            await planner.plan(request)
            taken = sorted([await _once(planner, request, number) for number in range(PLANS)])
        await database.close()
    return (
        Figure("plan", "offline plan, p50", taken[PLANS // 2] * 1000, "ms"),
        Figure("plan", "offline plan, p95", taken[int(PLANS * 0.95)] * 1000, "ms", most=150),
    )


async def _once(planner: Planner, request: PlanRequest, number: int) -> float:
    begin = time.perf_counter()
    done = await planner.plan(request.model_copy(update={"request": RequestId(f"r{number}")}))
    taken = time.perf_counter() - begin
    assert isinstance(done, Ready), done
    return taken
