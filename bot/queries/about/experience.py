"""How good agents are, as far as is known here."""

from bot.queries.about.question import Question
from bot.queries.asking import Asking
from bot.queries.plans.material import profiles_of
from memory.model.agents.profile import AgentProfile
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import Model, name_key
from memory.model.overview import AgentRow
from memory.profiles.evidence import belief
from memory.store.running import overview

LITTLE = 5
"""Below so many attempts at a type of work an order of agents says little."""

DAYS = 7


class Standing(Model):
    """What is believed of an agent at one type of work.

    `quality` (0..1) is expected of its next result, give or take `doubt`; it rests on `samples`
    attempts of which `arrived` gave a result.
    """

    agent: str
    task_type: str
    quality: float
    doubt: float
    samples: int
    arrived: int
    cost_micro_usd: int | None
    latency_ms: int | None


class Best(Model):
    """The agents that can do the work, best first; without a type of work, the best of each type.

    `agents` are those who could do it, whether or not anything is known of them.
    """

    task_type: str
    standings: tuple[Standing, ...]
    agents: tuple[str, ...]
    types: tuple[str, ...] = ()

    @property
    def samples(self) -> int:
        """On how many attempts it all rests."""
        return sum(standing.samples for standing in self.standings)


class Record(Model):
    """One agent: what it is, how it did at each type of work, how it is now."""

    agent: str
    description: str
    local: bool
    standings: tuple[Standing, ...]
    lately: AgentRow | None
    days: int = DAYS


async def best(asking: Asking, asked: Question) -> Best:
    """Who is best at the type of work, or at each type that was done here."""
    asking.must_see()
    profiles = await profiles_of(asking.desk, asking.project)
    wanted = asked.subject.task_type
    models = [agent for agent in asking.desk.executor.catalogue().agents if _ranked(agent)]
    able = _compared(models, asked)
    found = [standing for agent in able for standing in _standings(agent, profiles)]
    fit = [standing for standing in found if _fits(standing, wanted)]
    fit.sort(key=lambda standing: (standing.task_type, -standing.quality))
    types = {kind for agent in models for kind in agent.task_types}
    return Best(
        task_type=wanted,
        standings=tuple(fit),
        agents=tuple(agent.title for agent in able),
        types=tuple(sorted(types)),
    )


async def record(asking: Asking, asked: Question) -> Record | None:
    """The record of the agent that is named; None where none is."""
    asking.must_see()
    agent = asked.subject.agent
    if agent is None:
        return None
    profiles = await profiles_of(asking.desk, asking.project)
    since = asking.now.fromtimestamp(asking.now.timestamp() - DAYS * 86400, tz=asking.now.tzinfo)
    rows = await overview.agent_rows(asking.connection, project=asking.project, since=since)
    return Record(
        agent=agent.title,
        description=agent.description,
        local=agent.local,
        standings=tuple(
            sorted(_standings(agent, profiles), key=lambda standing: -standing.samples)
        ),
        lately=next((row for row in rows if row.agent == agent.name), None),
    )


def _ranked(agent: AgentSpec) -> bool:
    return agent.kind not in {AgentKind.TOOL, AgentKind.HUMAN, AgentKind.SIMULATED}


def _compared(models: list[AgentSpec], asked: Question) -> list[AgentSpec]:
    """Those who can do the work; of several that are named, only these."""
    wanted, named = asked.subject.task_type, asked.subject.agents
    able = [agent for agent in models if not wanted or wanted in agent.task_types]
    return [agent for agent in able if agent in named] if len(named) > 1 else able


def _fits(standing: Standing, wanted: str) -> bool:
    return not wanted or name_key(standing.task_type) == name_key(wanted)


def _standings(agent: AgentSpec, profiles: tuple[AgentProfile, ...]) -> list[Standing]:
    mine = name_key(agent.name)
    own = {
        name_key(profile.task_type): profile
        for profile in profiles
        if name_key(profile.agent) == mine
    }
    return [_standing(agent, profile, own) for profile in own.values() if profile.samples]


def _standing(agent: AgentSpec, profile: AgentProfile, own: dict[str, AgentProfile]) -> Standing:
    believed = belief(profile.task_type, own)
    return Standing(
        agent=agent.title,
        task_type=profile.task_type,
        quality=believed.mean,
        doubt=believed.doubt,
        samples=profile.samples,
        arrived=profile.successes,
        cost_micro_usd=profile.mean_cost_micro_usd,
        latency_ms=profile.mean_latency_ms,
    )
