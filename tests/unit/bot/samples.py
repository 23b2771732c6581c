"""Plans and runs to draw: one builder that names only what matters."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from memory.model.agents.spec import EffectClass
from memory.model.work.graph import (
    Const,
    Effect,
    FromTask,
    Many,
    Task,
    TaskGraph,
)
from memory.model.work.plan import Estimate, Plan
from memory.model.work.run import (
    RunState,
    RunView,
    TaskState,
    TaskView,
)
from memory.model.work.value import Value

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def task(key: str, title: str, agent: str = "chatgpt", *, after: str = "", **more: object) -> Task:
    body = {"key": key, "title": title, "type": "draft", "agent": agent, "after": after.split()}
    return Task.model_validate({**body, **more})


def writes(*paths: str, effect: EffectClass = EffectClass.WRITE) -> tuple[Effect, ...]:
    return tuple(Effect(effect=effect, target=path) for path in paths)


def plan(*tasks: Task, title: str = "Sales by region", **more: object) -> Plan:
    estimate = Estimate(
        cost_low_micro_usd=110_000, cost_high_micro_usd=240_000, seconds_low=180, seconds_high=360
    )
    body = {
        "project": "sales",
        "request": "req_1",
        "title": title,
        "graph": TaskGraph(tasks=tasks or (task("only", "Do it"),)),
        "estimate": estimate,
        "author": "offline planner",
        "created_at": "2026-03-02T09:00:00Z",
        "expires_at": "2026-03-03T09:00:00Z",
    }
    return Plan.model_validate({**body, **more})


def sales_plan() -> Plan:
    sql = "SELECT region, SUM(revenue) AS revenue FROM sales GROUP BY region"
    return plan(
        task(
            "total",
            "Total the revenue by region",
            "data.query",
            inputs={"sources": Const(value=["sales.csv"]), "sql": Const(value=sql)},
            reason="the tool for tables",
        ),
        task(
            "chart",
            "Chart revenue by region",
            "data.chart",
            inputs={"table": FromTask(task="total")},
            effects=writes("reports/q3.png"),
        ),
        task(
            "report",
            "Write the report",
            "report.write",
            inputs={"parts": Many(items=(FromTask(task="total"), FromTask(task="chart")))},
            effects=writes("reports/q3.md"),
        ),
        title="Revenue by region",
        estimate=Estimate(
            cost_low_micro_usd=0, cost_high_micro_usd=0, seconds_low=2, seconds_high=4
        ),
        assumptions=("Revenue is the column revenue of sales.csv.",),
    )


def view(
    of: Plan,
    states: Mapping[str, TaskState],
    *,
    state: RunState = RunState.RUNNING,
    values: Mapping[str, Value] | None = None,
    notes: Mapping[str, str] | None = None,
    seconds: int = 250,
    cost: int = 90_000,
    **more: object,
) -> RunView:
    tasks = [
        TaskView(
            key=task.key,
            title=task.title,
            agent=task.agent,
            state=states.get(task.key, TaskState.WAITING),
            note=(notes or {}).get(task.key, ""),
            value=(values or {}).get(task.key),
        )
        for task in of.graph.tasks
    ]
    body = {
        "id": "run_1",
        "project": of.project,
        "plan_hash": of.hash,
        "title": of.title,
        "state": state,
        "simulated": False,
        "tasks": tasks,
        "cost_micro_usd": cost,
        "started_at": START,
        "finished_at": START + timedelta(seconds=seconds) if state.over else None,
    }
    return RunView.model_validate({**body, **more})
