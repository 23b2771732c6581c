"""Plans as the API gives them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

from bot.language.catalogue import Locale
from bot.queries.plans.approval import Need, Needs
from bot.queries.plans.obstacles import Obstacles
from bot.queries.web.callers import Reach
from bot.queries.web.plans import PlanDetails, PlanLine
from bot.render.plans.decisions import needs_words, obstacle_words
from bot.render.plans.differences import changes_text
from bot.render.plans.instructions import plan_text
from bot.render.schedules.message import when_words
from bot.web.shapes.graphs import Layout
from bot.web.shapes.runs import EffectLine, Forecast, effect_lines, forecast
from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName, Model
from memory.model.identity import Role
from memory.model.work.approval import Approval, PlanState
from memory.model.work.graph import Input, Task
from memory.model.work.plan import Plan


class PlanRow(Model):
    """A plan in a list."""

    hash: str
    short: str
    project: str
    project_name: str
    title: str
    state: PlanState
    asked_by: str
    since: datetime
    expires_at: datetime
    tasks: int
    highest_effect: EffectClass
    estimate: Forecast


class Person(Model):
    """Somebody, by key and name."""

    person: str
    name: str


class PlanTask(Model):
    """A task of a plan, with every word its agent is given."""

    key: str
    title: str
    type: str
    agent: str
    agent_title: str
    instruction: str
    reason: str
    needs: tuple[str, ...]
    effects: tuple[EffectLine, ...]
    cost_high_micro_usd: int
    inputs: dict[str, Input]
    critical: bool


class Given(Model):
    """Somebody's decision; `holds` false: it isn't sealed as it was given, so it doesn't count."""

    person: str
    role: Role
    decision: Literal["approve", "refuse"]
    at: datetime
    holds: bool


class NeedLine(Model):
    """An approval that is missing, and who could give it."""

    missing: int
    given: int
    quorum: int
    able: tuple[str, ...]
    rule: int


class NeedsShape(Model):
    """The approvals it still takes. `own`: whoever asked may give them, being alone."""

    each: tuple[NeedLine, ...]
    own: bool
    able: tuple[str, ...]


class Short(Model):
    """A budget with less left than the plan may cost."""

    name: str
    left_micro_usd: int


class ObstaclesShape(Model):
    """What a run would meet now; `words` says it."""

    gone: tuple[str, ...]
    failing: tuple[str, ...]
    short: tuple[Short, ...]
    unpriced: tuple[str, ...]
    words: tuple[str, ...]


class PlanDetail(Model):
    """A plan with everything that somebody who decides has to know. `needs` null: anybody's will do."""

    hash: str
    short: str
    project: str
    project_name: str
    title: str
    state: PlanState
    asked_by: Person
    created_at: datetime
    expires_at: datetime
    author: str
    estimate: Forecast
    assumptions: tuple[str, ...]
    unasked: tuple[str, ...]
    on_failure: str
    schedule: str | None
    highest_effect: EffectClass
    effects: tuple[EffectLine, ...]
    tasks: tuple[PlanTask, ...]
    layout: Layout
    approvals: tuple[Given, ...]
    needs: NeedsShape | None
    policy: tuple[str, ...]
    obstacles: ObstaclesShape
    before: str | None
    changes: str
    text: str
    thread: str
    run: str | None
    yours: bool
    may: tuple[str, ...]


class Decided(Model):
    """What a decision came to. `again`: it's being planned again, with the reason in mind."""

    outcome: str
    state: PlanState
    again: bool = False


def plan_row(row: PlanLine, reach: Reach) -> PlanRow:
    """A line of a list."""
    plan = row.plan
    return PlanRow(
        hash=plan.hash, short=plan.short, project=plan.project,
        project_name=reach.name(plan.project), title=plan.title, state=row.state,
        asked_by=row.asked_by.display or row.asked_by.user_id, since=row.created_at,
        expires_at=row.expires_at, tasks=len(plan.graph.tasks),
        highest_effect=plan.highest_effect(), estimate=forecast(plan.estimate),
    )  # fmt: skip


def plan_detail(_: Locale, found: PlanDetails, layout: Layout, project: str) -> PlanDetail:
    """All of one plan."""
    stored, card, plan = found.stored, found.card, found.stored.plan
    needs = card.needs
    waits = stored.state is PlanState.WAITING
    return PlanDetail(
        hash=plan.hash,
        short=plan.short,
        project=plan.project,
        project_name=project,
        title=plan.title,
        state=stored.state,
        asked_by=Person(
            person=found.asked_by.key, name=found.asked_by.display or found.asked_by.user_id
        ),
        created_at=datetime.fromisoformat(plan.created_at),
        expires_at=stored.expires_at,
        author=plan.author,
        estimate=forecast(plan.estimate),
        assumptions=plan.assumptions,
        unasked=plan.unasked,
        on_failure=plan.on_failure,
        schedule=when_words(_, plan.schedule) if plan.schedule else None,
        highest_effect=plan.highest_effect(),
        effects=effects_of(plan),
        tasks=plan_tasks(plan.graph.tasks, plan.estimate.chain, card.names),
        layout=layout,
        approvals=tuple(_given(given, found.names) for given in found.approvals),
        needs=_needs(needs),
        policy=tuple(filter(None, (needs_words(_, needs),))) if waits else (),
        obstacles=_obstacles(_, found.obstacles),
        before=card.before.hash if card.before else None,
        changes=changes_text(_, card.before, plan, card.names) if card.before else "",
        text=plan_text(_, plan, card.names),
        thread=stored.thread_key,
        run=found.run or None,
        yours=found.yours,
        may=_MAY.get(stored.state, ()),
    )  # fmt: skip


_MAY = {
    PlanState.WAITING: ("approve", "refuse", "dry-run"),
    PlanState.APPROVED: ("dry-run",),
    PlanState.STARTED: ("dry-run",),
}


def effects_of(plan: Plan) -> tuple[EffectLine, ...]:
    """Everything the plan changes, each with its task."""
    return tuple(line for task in plan.graph.tasks for line in effect_lines(task.key, task.effects))


def plan_tasks(
    tasks: Sequence[Task], chain: Collection[str], names: Mapping[AgentName, str]
) -> tuple[PlanTask, ...]:
    """The tasks of a plan; those in `chain` decide how long it takes."""
    return tuple(
        PlanTask(
            key=task.key, title=task.title, type=task.type, agent=task.agent,
            agent_title=names.get(task.agent, task.agent), instruction=task.instruction,
            reason=task.reason, needs=task.needs(), effects=effect_lines(task.key, task.effects),
            cost_high_micro_usd=task.cost_high_micro_usd, inputs=task.inputs,
            critical=task.key in chain,
        )
        for task in tasks
    )  # fmt: skip


def _given(given: Approval, names: Mapping[str, str]) -> Given:
    return Given(
        person=names.get(given.person, given.person.rpartition(":")[2]),
        role=given.role,
        decision=given.decision,
        at=given.at,
        holds=given.holds,
    )


def _needs(needs: Needs | None) -> NeedsShape | None:
    if needs is None:
        return None
    return NeedsShape(each=tuple(map(_need, needs.each)), own=needs.own, able=needs.able)


def _need(need: Need) -> NeedLine:
    return NeedLine.model_validate(need, from_attributes=True)


def _obstacles(_: Locale, found: Obstacles) -> ObstaclesShape:
    return ObstaclesShape(
        gone=found.gone,
        failing=found.failing,
        short=tuple(Short.model_validate(short, from_attributes=True) for short in found.short),
        unpriced=found.unpriced,
        words=obstacle_words(_, found),
    )
