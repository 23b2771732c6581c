"""Who should do a task: what is believed of each agent against what it costs. Pure.

Rules that people made come first, then agents that are paused or known to fail go last. Among the
others the best is the measure: a cheaper one takes its place where it is expected to fall short of
it by no more than the dial gives for the saving, and then as often as a draw of what is believed
says so (Thompson sampling), the surer the more often. Others are tried out as far as the project's
allowance goes, in money and in number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log1p, log10
from types import MappingProxyType

import numpy as np

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.agents.routing import (
    AgentState,
    Allowance,
    Choice,
    Considered,
    Dial,
    RoutingRule,
    WorkType,
)
from memory.model.agents.spec import AgentSpec
from memory.model.base import AgentName, Model, name_key
from memory.model.timing.clock import Random
from memory.profiles.evidence import NOTHING, Seen, alike, counted
from memory.profiles.posterior import Posterior, posterior
from memory.profiles.reasons import reason_for
from memory.profiles.trading import MARGINS, Rivals, picked

LATENCY_WEIGHT = 0.02
WAITING_WEIGHT = 0.02
"""What the slowest agent loses, and one for each doubling of the line in front of it."""

FLOOR, FLOOR_EVIDENCE = 0.35, 3.0
"""An agent that is worse than this, as seen on so many attempts' worth, isn't chosen in silence."""

ELSEWHERE_SHARE, ELSEWHERE_AT_MOST = 0.5, 12.0
"""How much an attempt at other work counts as evidence, and the most that all of them do."""


@dataclass(frozen=True)
class Terms:
    """On which terms agents are compared. Without an allowance trials may cost anything.

    `prices` are what an attempt should cost, for agents that have no record of it: micro-USD, None
    where unknown. `difficulty` is that of the task at hand, 0..1.
    """

    dial: Dial = Dial.BALANCED
    rules: Sequence[RoutingRule] = ()
    states: Sequence[AgentState] = ()
    prices: Mapping[AgentName, int | None] = field(default_factory=dict)
    allowance: Allowance | None = None
    difficulty: float | None = None


USUAL = Terms()


class Ranked(Model):
    """An agent with its place. `score` is 0..1; `reason` is for people and says only what is so.

    `poor`: it fails more often than not, as far as is known. `paused`: its breaker is open.
    """

    agent: AgentName
    score: float
    samples: int
    reason: str
    quality: float = 0.0
    evidence: float = 0.0
    cost_micro_usd: int | None = None
    rule: str = ""
    explored: bool = False
    paused: bool = False
    poor: bool = False
    work: WorkType | None = None
    """What the task counts as, where the history tells it."""

    @property
    def considered(self) -> Considered:
        """Its numbers, to be kept with a choice."""
        return Considered(
            agent=self.agent,
            quality=round(self.quality, 3),
            evidence=round(self.evidence, 1),
            samples=self.samples,
            cost_micro_usd=self.cost_micro_usd,
        )


def chosen(best: Ranked, others: Sequence[Ranked], dial: Dial) -> Choice:
    """The choice of the first, to be kept with its task."""
    return Choice(
        chosen=best.considered,
        over=tuple(other.considered for other in others[:OVER]),
        dial=dial,
        rule=best.rule,
        explored=best.explored,
    )


OVER = 4
"""How many of those who were not chosen are kept with a choice."""


@dataclass(frozen=True)
class _Candidate:
    """An agent, and all that its place depends on."""

    spec: AgentSpec
    record: AgentProfile | None
    similar: Sequence[SimilarTask]
    quality: float
    evidence: float
    cost_micro_usd: int | None
    dear: float
    """Its cost as a share of the dearest's."""
    handicap: float
    """What it loses for its slowness and the line in front of it."""
    rule: RoutingRule | None = None
    paused: bool = False
    explored: bool = False

    @property
    def poor(self) -> bool:
        return self.quality < FLOOR and self.evidence >= FLOOR_EVIDENCE

    @property
    def level(self) -> tuple[bool, bool, int]:
        """What goes before its use, the least first."""
        wanted = (
            0 if self.rule is None else {"always": -2, "prefer": -1, "never": 0}[self.rule.effect]
        )
        return self.paused, self.poor and wanted != -2, wanted

    def use(self, dial: Dial) -> float:
        """Its quality, less what the dial gives for its cost."""
        return round(self.quality - self.handicap - MARGINS[dial].paid * self.dear, 9)


def rank(
    profiles: Sequence[AgentProfile],
    task_type: str,
    agents: Sequence[AgentSpec],
    *,
    similar: Sequence[SimilarTask] = (),
    random: Random | None = None,
    terms: Terms = USUAL,
    work: WorkType | None = None,
    shares: Mapping[str, float] = MappingProxyType({}),
) -> tuple[Ranked, ...]:
    """The agents, best first; those that are equal stay in the order given.

    An agent that a rule forbids is left out. `work`: how `task_type` was told from the history.
    `shares`: how likely it is of other types, whose records then speak for it so much.
    """
    held = _allowed(agents, task_type, terms.rules)
    if not held:
        return ()
    known = _known(profiles, task_type, held, similar, shares, terms)
    candidates = known.candidates
    level = min(candidate.level for candidate in candidates)
    rivals = [place for place, found in enumerate(candidates) if found.level == level]
    place, explored = picked(_rivals(known, rivals, terms), random, terms.allowance)
    first = rivals[place]
    rest = [candidate for other, candidate in enumerate(candidates) if other != first]
    rest.sort(key=lambda candidate: (candidate.level, -candidate.use(terms.dial)))
    ordered = (replace(candidates[first], explored=explored), *rest)
    return tuple(_ranked(candidate, task_type, terms.dial, work) for candidate in ordered)


@dataclass(frozen=True)
class _Known:
    """The agents that may do the task, and what is believed of them together."""

    candidates: Sequence[_Candidate]
    believed: Posterior


def _rivals(known: _Known, places: Sequence[int], terms: Terms) -> Rivals:
    """Those of the agents that only their use decides between."""
    found = [known.candidates[place] for place in places]
    handicap = np.array([candidate.handicap for candidate in found])
    return Rivals(
        believed=Posterior(
            known.believed.mean[places] - handicap,
            known.believed.covariance[np.ix_(places, places)],
        ),
        costs=np.array([candidate.dear for candidate in found]),
        prices=[candidate.cost_micro_usd for candidate in found],
        evidence=[candidate.evidence for candidate in found],
        dial=terms.dial,
    )


def _known(
    profiles: Sequence[AgentProfile],
    task_type: str,
    held: Sequence[tuple[AgentSpec, RoutingRule | None]],
    similar: Sequence[SimilarTask],
    shares: Mapping[str, float],
    terms: Terms,
) -> _Known:
    wanted = name_key(task_type)
    own = [_by_type(profiles, agent) for agent, _ in held]
    records = [mine.get(wanted) for mine in own]
    alikes = [_of_agent(agent, similar) for agent, _ in held]
    types = list(dict.fromkeys([wanted, *(kind for mine in own for kind in mine)]))
    cells = [_leaning(_row(mine, types), types, shares) for mine in own]
    for row, near in zip(cells, alikes, strict=True):
        row[0] = row[0].and_also(alike(near, terms.difficulty))
    costs = [_cost(agent, record, terms) for (agent, _), record in zip(held, records, strict=True)]
    dear = _relative(costs)
    believed = posterior(cells, 0, [log10(max(share, 1e-9)) for share in dear])
    slow = _relative([record.mean_latency_ms if record else None for record in records])
    states = {name_key(state.agent): state for state in terms.states}
    found = []
    for place, (agent, rule) in enumerate(held):
        state = states.get(name_key(agent.name), AgentState(agent=agent.name))
        found.append(
            _Candidate(
                spec=agent,
                record=records[place],
                similar=alikes[place],
                quality=float(believed.mean[place]),
                evidence=_evidence(cells[place]),
                cost_micro_usd=costs[place],
                dear=dear[place],
                handicap=LATENCY_WEIGHT * slow[place] + WAITING_WEIGHT * log1p(state.waiting),
                rule=rule,
                paused=state.paused,
            )
        )
    return _Known(found, believed)


def _row(mine: Mapping[str, AgentProfile], types: Sequence[str]) -> list[Seen]:
    return [counted(mine[kind]) if kind in mine else NOTHING for kind in types]


def _leaning(row: list[Seen], types: Sequence[str], shares: Mapping[str, float]) -> list[Seen]:
    """The row with what each type tells of the first given to it, by how likely it is of that type."""
    first, rest = row[0], [row[0]]
    for kind, seen in zip(types[1:], row[1:], strict=True):
        lent = seen.weight * shares.get(kind, 0.0)
        first = first.and_also(Seen(seen.quality, lent))
        rest.append(Seen(seen.quality, seen.weight - lent))
    return [first, *rest[1:]]


def _evidence(row: Sequence[Seen]) -> float:
    """On how many attempts' worth the belief rests; the first of the row is the type at hand."""
    elsewhere = sum(seen.weight for seen in row[1:])
    return row[0].weight + min(ELSEWHERE_AT_MOST, ELSEWHERE_SHARE * elsewhere)


def _allowed(
    agents: Sequence[AgentSpec], task_type: str, rules: Sequence[RoutingRule]
) -> list[tuple[AgentSpec, RoutingRule | None]]:
    """The agents that no rule forbids, each with the rule that holds for it."""
    held = [(agent, _rule(agent, task_type, rules)) for agent in agents]
    return [(agent, rule) for agent, rule in held if rule is None or rule.effect != "never"]


def _of_agent(agent: AgentSpec, similar: Sequence[SimilarTask]) -> list[SimilarTask]:
    return [task for task in similar if name_key(task.agent) == name_key(agent.name)]


def _by_type(profiles: Sequence[AgentProfile], agent: AgentSpec) -> dict[str, AgentProfile]:
    mine = name_key(agent.name)
    return {
        name_key(profile.task_type): profile
        for profile in profiles
        if name_key(profile.agent) == mine
    }


def _rule(agent: AgentSpec, task_type: str, rules: Sequence[RoutingRule]) -> RoutingRule | None:
    """The rule that holds for the agent here: what forbids it goes before what wants it."""
    order = ("never", "always", "prefer")
    mine = [
        rule
        for rule in rules
        if agent.answers_to(rule.agent) and name_key(rule.task_type) in {"", name_key(task_type)}
    ]
    return min(mine, key=lambda rule: order.index(rule.effect), default=None)


def _cost(agent: AgentSpec, record: AgentProfile | None, terms: Terms) -> int | None:
    """What an attempt costs: as it was lately, else as it should by the price list."""
    known = record.mean_cost_micro_usd if record else None
    return terms.prices.get(agent.name) if known is None else known


def _relative(values: Sequence[int | None]) -> list[float]:
    """Each value as a share of the largest; one that is not known counts as the largest."""
    largest = max((value for value in values if value is not None), default=0)
    if largest == 0:
        return [0.0] * len(values)
    return [1.0 if value is None else value / largest for value in values]


def _ranked(candidate: _Candidate, task_type: str, dial: Dial, work: WorkType | None) -> Ranked:
    rule = candidate.rule
    return Ranked(
        agent=candidate.spec.name,
        score=min(1.0, max(0.0, candidate.use(dial))),
        samples=candidate.record.samples if candidate.record else 0,
        reason=reason_for(
            task_type,
            candidate.record,
            candidate.similar,
            explored=candidate.explored,
            paused=candidate.paused,
        ),
        quality=candidate.quality,
        evidence=candidate.evidence,
        cost_micro_usd=candidate.cost_micro_usd,
        rule=(rule.said or f"{rule.effect} {rule.agent}") if rule else "",
        explored=candidate.explored,
        paused=candidate.paused,
        poor=candidate.poor,
        work=work,
    )
