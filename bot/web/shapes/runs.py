"""Runs as the API gives them."""

from datetime import datetime

from pydantic import JsonValue

from bot.queries.web.runs import RunDetails
from bot.web.shapes.audit import AuditLine, audit_line
from bot.web.shapes.graphs import Layout
from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName, Model
from memory.model.overview import RunRow
from memory.model.work.graph import Effect, Task
from memory.model.work.plan import Estimate, Plan
from memory.model.work.run import TaskView
from memory.model.work.value import Value
from memory.model.work.wait import WaitView


class RunLine(Model):
    """A run in a list; `done` of its `tasks` are over."""

    id: str
    project: str
    project_name: str
    title: str
    state: str
    simulated: bool
    done: int
    tasks: int
    cost_micro_usd: int
    unpriced: bool
    problem: str
    started_at: datetime
    finished_at: datetime | None


class Forecast(Model):
    """What it was said to cost and take; `chain` decides how long, `bottleneck` most of all."""

    cost_low_micro_usd: int
    cost_high_micro_usd: int
    seconds_low: int
    seconds_high: int
    unpriced: tuple[str, ...]
    basis: str
    chain: tuple[str, ...]
    bottleneck: str


class EffectLine(Model):
    """A change outside; `task` is the one that makes it."""

    task: str
    effect: EffectClass
    target: str


class ItemLine(Model):
    """What a map does for one item of its list."""

    key: str
    title: str
    agent: str
    agent_title: str
    state: str
    attempts: int
    cost_micro_usd: int
    note: str
    said: str
    value: Value | None
    started_at: datetime | None
    finished_at: datetime | None


class TaskLine(ItemLine):
    """A task of a run. `said`, `note` and `value` may hold words from outside."""

    type: str
    reason: str
    needs: tuple[str, ...]
    effects: tuple[EffectLine, ...]
    cost_high_micro_usd: int
    critical: bool
    items: tuple[ItemLine, ...]


class AttemptLine(Model):
    """A try at a task."""

    id: str
    task: str
    number: int
    agent: str
    agent_title: str
    state: str
    code: str
    note: str
    cost_micro_usd: int
    started_at: datetime | None
    finished_at: datetime | None


class Artifact(Model):
    """A file that a task gave."""

    task: str
    path: str
    digest: str
    media_type: str
    size: int
    title: str
    url: str


class Asked(Model):
    """What a running task asks of a person; `who` "" is anybody."""

    id: str
    task: str
    question: str
    who: str


class RunDetail(Model):
    """A run with everything a page shows of it. `seq`: the event to follow it from."""

    id: str
    project: str
    project_name: str
    title: str
    state: str
    simulated: bool
    plan: str
    thread: str
    cost_micro_usd: int
    unpriced: bool
    problem: str
    started_at: datetime
    finished_at: datetime | None
    seq: int
    forecast: Forecast
    tasks: tuple[TaskLine, ...]
    layout: Layout
    timeline: tuple[AttemptLine, ...]
    artifacts: tuple[Artifact, ...]
    waits: tuple[Asked, ...]
    audit: tuple[AuditLine, ...]
    may: tuple[str, ...]


class Event(Model):
    """A stored event of a run."""

    seq: int
    kind: str
    at: datetime
    body: dict[str, JsonValue]


_MAY = {
    "running": ("pause", "cancel"),
    "paused": ("resume", "cancel"),
    "failed": ("retry", "undo", "rerun", "rate"),
    "succeeded": ("undo", "rerun", "rate"),
    "cancelled": ("undo", "rerun"),
}


def run_line(row: RunRow) -> RunLine:
    """A row of the list."""
    return RunLine.model_validate(row, from_attributes=True)


def forecast(estimate: Estimate) -> Forecast:
    """What the plan says of cost and time."""
    return Forecast.model_validate(estimate, from_attributes=True)


def run_detail(found: RunDetails, layout: Layout) -> RunDetail:
    """All of one run."""
    view, plan, titles = found.view, found.plan, found.titles
    return RunDetail(
        id=view.id,
        project=view.project,
        project_name=found.row.project_name,
        title=view.title,
        state=view.state,
        simulated=view.simulated,
        plan=view.plan_hash,
        thread=found.thread,
        cost_micro_usd=view.cost_micro_usd,
        unpriced=view.unpriced,
        problem=view.problem,
        started_at=view.started_at,
        finished_at=view.finished_at,
        seq=found.seq,
        forecast=forecast(plan.estimate),
        tasks=tuple(_task(task, plan, titles) for task in view.tasks),
        layout=layout,
        timeline=tuple(
            AttemptLine(
                id=row.id, task=row.task_key, number=row.number, agent=row.agent,
                agent_title=titles.get(AgentName(row.agent), row.agent), state=row.state,
                code=row.code, note=row.reason, cost_micro_usd=row.cost_micro_usd,
                started_at=row.started_at, finished_at=row.finished_at,
            )
            for row in found.attempts
        ),
        artifacts=artifacts_of(found),
        waits=tuple(map(_asked, found.waits)),
        audit=tuple(
            audit_line(row, found.row.project_name, found.people) for row in found.audit
        ),
        may=_MAY.get(view.state, ()),
    )  # fmt: skip


def artifacts_of(found: RunDetails) -> tuple[Artifact, ...]:
    """The files that the run's tasks gave."""
    return tuple(
        Artifact(
            task=key, path=file.path, digest=file.digest, media_type=file.media_type,
            size=file.size, title=file.title,
            url=f"/api/v1/runs/{found.view.id}/artifacts/{file.digest}",
        )
        for key, file in found.files
    )  # fmt: skip


def effect_lines(task: str, effects: tuple[Effect, ...]) -> tuple[EffectLine, ...]:
    """What a task changes."""
    return tuple(
        EffectLine(task=task, effect=effect.effect, target=effect.target) for effect in effects
    )


def _task(view: TaskView, plan: Plan, titles: dict[AgentName, str]) -> TaskLine:
    task: Task = plan.graph.task(view.key)
    return TaskLine(
        **_item(view, titles),
        type=task.type,
        reason=task.reason,
        needs=task.needs(),
        effects=effect_lines(task.key, task.effects),
        cost_high_micro_usd=task.cost_high_micro_usd,
        critical=task.key in plan.estimate.chain,
        items=tuple(ItemLine(**_item(item, titles)) for item in view.items),
    )


def _item(view: TaskView, titles: dict[AgentName, str]) -> dict[str, object]:
    return {
        "key": view.key, "title": view.title, "agent": view.agent,
        "agent_title": titles.get(view.agent, view.agent), "state": view.state,
        "attempts": view.attempts, "cost_micro_usd": view.cost_micro_usd, "note": view.note,
        "said": view.said, "value": view.value, "started_at": view.started_at,
        "finished_at": view.finished_at,
    }  # fmt: skip


def _asked(wait: WaitView) -> Asked:
    who = wait.name or (wait.who.display or wait.who.user_id if wait.who else "")
    return Asked(id=wait.id, task=wait.task, question=wait.question, who=who)
