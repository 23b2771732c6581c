"""Forecasts beside what happened: what is stored, what is computed and what is printed."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.app import run
from memory.model.base import AgentName, PlanHash, ProjectId, RequestId, RunId, TaskKey
from memory.model.work.graph import Task, TaskGraph
from memory.model.work.plan import Estimate, Plan
from memory.model.work.run import RunState, TaskState
from memory.store.engine.database import Database
from memory.store.knowledge import forecasts
from memory.store.knowledge.forecasts import RunOutcome, TaskOutcome
from memory.store.planning import plans
from memory.store.running import runs
from planner.evaluation.calibration import calibrate
from tests.conftest import SetClock

PROJECT = ProjectId("p")
FORECAST = Estimate(
    cost_low_micro_usd=100, cost_high_micro_usd=300, seconds_low=10, seconds_high=30
)


def _outcome(
    *, cost: int = 200, seconds: float = 20, unpriced: bool = False, estimate: Estimate = FORECAST
) -> RunOutcome:
    task = TaskOutcome(
        task_type="draft",
        agent=AgentName("claude"),
        cost_micro_usd=cost,
        ceiling_micro_usd=250,
        seconds=seconds,
    )
    return RunOutcome(
        run=RunId("r"),
        estimate=estimate,
        cost_micro_usd=cost,
        unpriced=unpriced,
        seconds=seconds,
        tasks=(task,),
    )


def test_coverage_tells_the_sides_and_the_middle_error() -> None:
    found = calibrate([_outcome(), _outcome(cost=300), _outcome(cost=50), _outcome(seconds=60)])
    assert found.cost is not None
    assert found.duration is not None
    assert (found.cost.inside, found.cost.below, found.cost.above) == (75.0, 25.0, 0.0)
    assert found.cost.median_error == 25.0
    assert (found.duration.inside, found.duration.above) == (75.0, 25.0)


def test_costs_are_compared_only_where_something_was_to_be_paid_and_prices_are_known() -> None:
    free = FORECAST.model_copy(update={"cost_low_micro_usd": 0, "cost_high_micro_usd": 0})
    found = calibrate([_outcome(cost=0, estimate=free), _outcome(unpriced=True)])
    assert found.cost is None
    assert found.duration is not None
    assert found.duration.cases == 2


def test_tasks_are_told_by_type_and_agent() -> None:
    kind = calibrate([_outcome(cost=200), _outcome(cost=300, seconds=40)]).kinds[0]
    assert (kind.task_type, kind.agent, kind.tasks, kind.within) == ("draft", "claude", 2, 50.0)
    assert (kind.median_cost_micro_usd, kind.median_seconds) == (250, 30.0)


def test_no_runs_give_no_figures() -> None:
    found = calibrate([])
    assert (found.runs, found.cost, found.duration, found.kinds) == (0, None, None, ())


async def _finished(
    database: Database, clock: SetClock, name: str, *, simulated: bool = False, done: bool = True
) -> None:
    task = Task(
        key=TaskKey("draft"),
        title="Draft",
        type="draft",
        agent=AgentName("claude"),
        cost_high_micro_usd=250,
    )
    started = clock.now()
    plan = Plan(
        project=PROJECT,
        request=RequestId(name),
        title=name,
        graph=TaskGraph(tasks=(task,)),
        estimate=FORECAST,
        author="test",
        created_at=started.isoformat(),
        expires_at=(started + timedelta(days=1)).isoformat(),
    )
    ended = started + timedelta(seconds=20)
    async with database.transaction() as tx:
        await plans.keep(tx, plan, thread_key="t", message_key=name, at=started)
        row = _row(name, plan.hash, clock, simulated=simulated)
        await runs.create(tx, row, plan.graph)
        await runs.spent(tx, row.id, task.key, 200, unpriced=False)
        times = {"started_at": started, "finished_at": ended, "attempts": 1}
        await runs.set_task(tx, row.id, task.key, state=TaskState.SUCCEEDED, **times)
        state = RunState.SUCCEEDED if done else RunState.FAILED
        await runs.move(tx, row.id, state, only_from=[RunState.RUNNING], at=ended)


def _row(name: str, plan: PlanHash, clock: SetClock, *, simulated: bool) -> runs.StoredRun:
    return runs.StoredRun(
        id=RunId(name),
        project=PROJECT,
        plan=plan,
        thread_key="t",
        state=RunState.RUNNING,
        simulated=simulated,
        started_by="ana",
        problem="",
        cost_micro_usd=0,
        unpriced=False,
        started_at=clock.now(),
        finished_at=None,
    )


async def test_runs_that_succeeded_come_with_their_forecast(
    database: Database, clock: SetClock
) -> None:
    await _finished(database, clock, "good")
    await _finished(database, clock, "dry", simulated=True)
    await _finished(database, clock, "bad", done=False)
    async with database.reading() as connection:
        found = await forecasts.outcomes(connection, PROJECT)
        assert await forecasts.outcomes(connection, ProjectId("other")) == ()
    assert [one.run for one in found] == ["good"]
    assert (found[0].estimate, found[0].cost_micro_usd, found[0].seconds) == (FORECAST, 200, 20.0)
    assert found[0].tasks == (
        TaskOutcome(
            task_type="draft",
            agent=AgentName("claude"),
            cost_micro_usd=200,
            ceiling_micro_usd=250,
            seconds=20.0,
        ),
    )


def test_a_project_without_runs_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["eval", "estimate", "--data", str(tmp_path / "d"), "--workspace", str(tmp_path)]
    assert run(arguments) == 0
    assert "has succeeded yet" in capsys.readouterr().out


def test_a_project_that_is_not_there_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["eval", "estimate", "--data", str(tmp_path / "d"), "--workspace", str(tmp_path)]
    assert run([*arguments, "--project", "moon"]) == 1
    assert "There's no project moon" in capsys.readouterr().err
