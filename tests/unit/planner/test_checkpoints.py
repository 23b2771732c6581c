"""Checkpoints of plans in the making: forgotten by age, without reading them, on both databases."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from planner.graph import KEPT_DAYS, open_graph
from planner.port import Answer, NeedsAnswers, PlanRequest, Ready
from planner.service import Planner
from tests.conftest import SetClock
from tests.fakes.model import Data, FakeModel
from tests.unit.planner.test_service import GAP, TOTAL, draft, endpoint
from tests.unit.planner.world import ask, describe, folder


@pytest.fixture(params=["sqlite", "postgres"])
def checkpoints(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path / "plans.db"
    return str(request.getfixturevalue("postgres_url"))


async def test_questions_nobody_answers_are_forgotten_after_a_month_and_no_sooner(
    checkpoints: Path | str, tmp_path: Path, clock: SetClock
) -> None:
    request = ask(TOTAL, describe(folder(tmp_path / "work"), "sales.csv"))
    async with FakeModel() as model:
        model.default = Data(draft(gaps=[GAP]))
        ends = (endpoint(model, provider="x"),)
        async with Planner(checkpoints, ends, None, None, clock) as planner:
            assert isinstance(await planner.plan(request), NeedsAnswers)
        now = datetime.now(UTC)
        async with open_graph(checkpoints) as graph:
            assert await graph.prune(now + timedelta(days=KEPT_DAYS - 1)) == 0
        model.default = Data(draft())
        async with Planner(checkpoints, ends, None, None, clock) as planner:
            assert isinstance(await planner.answer(answered(request)), Ready)
            assert len(model.chats) == 2, "it went on from the question"
            model.default = Data(draft(gaps=[GAP]))
            later = request.model_copy(update={"request": "req_9"})
            assert isinstance(await planner.plan(later), NeedsAnswers)
        async with open_graph(checkpoints) as graph:
            assert await graph.prune(now + timedelta(days=KEPT_DAYS + 1)) == 1
            assert await graph.prune(now + timedelta(days=KEPT_DAYS + 1)) == 0


def answered(request: PlanRequest) -> PlanRequest:
    return request.model_copy(update={"answers": (Answer(slot="period", value="2024"),)})
