"""Agents as the API gives them."""

from collections.abc import Mapping
from datetime import datetime

from memory.model.agents.profile import AgentProfile
from memory.model.agents.spec import AgentKind, AgentSpec, EffectClass, Kind, Parameter
from memory.model.base import AgentName, Model
from memory.model.overview import AgentRow


class AgentLately(Model):
    """An agent with what it did lately, and how its breaker stands."""

    agent: str
    title: str
    breaker: str
    failures: int
    opened_at: datetime | None
    waiting: int
    working: int
    succeeded: int
    failed: int
    success_rate: float | None
    cost_micro_usd: int


def lately(row: AgentRow, titles: Mapping[AgentName, str]) -> AgentLately:
    """The row with the agent's title."""
    return AgentLately(
        agent=row.agent, title=titles.get(AgentName(row.agent), row.agent), breaker=row.breaker,
        failures=row.failures, opened_at=row.opened_at, waiting=row.waiting, working=row.working,
        succeeded=row.succeeded, failed=row.failed, success_rate=row.success_rate,
        cost_micro_usd=row.cost_micro_usd,
    )  # fmt: skip


class Profile(Model):
    """How an agent did one type of work in the project. Nulls where nothing is known yet."""

    task_type: str
    tries: int
    success_rate: float | None
    quality: float | None
    evidence: float
    cost_micro_usd: int | None
    seconds: float | None


class AgentShape(Model):
    """Somebody or something that does work."""

    name: str
    title: str
    kind: AgentKind
    description: str
    task_types: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    output: Kind
    effect: EffectClass
    local: bool
    provider: str
    lately: AgentLately | None
    profiles: tuple[Profile, ...]


class Place(Model):
    """An agent's place among those who could do it."""

    agent: str
    title: str
    score: float
    samples: int
    reason: str
    cost_micro_usd: int | None
    paused: bool


def agent_shape(
    spec: AgentSpec, row: AgentLately | None, profiles: tuple[AgentProfile, ...]
) -> AgentShape:
    """An entry of the catalogue, with what is known of it here."""
    return AgentShape(
        name=spec.name, title=spec.title, kind=spec.kind, description=spec.description,
        task_types=spec.task_types, parameters=spec.parameters, output=spec.output,
        effect=spec.effect, local=spec.local, provider=spec.provider, lately=row,
        profiles=tuple(_profile(known) for known in profiles if known.agent == spec.name),
    )  # fmt: skip


def _profile(known: AgentProfile) -> Profile:
    latency = known.mean_latency_ms
    return Profile(
        task_type=known.task_type,
        tries=known.samples,
        success_rate=known.successes / known.samples if known.samples else None,
        quality=known.quality,
        evidence=known.evidence,
        cost_micro_usd=known.mean_cost_micro_usd,
        seconds=latency / 1000 if latency is not None else None,
    )
