"""Who should do a task: what is believed of each agent against what it costs. Pure.

Rules that people made come first, then agents that are paused or known to fail go last. Among the
others the most useful is first: expected quality less doubt, less its cost by the project's dial.
With a source of randomness each agent's quality is drawn from what is believed of it (Thompson
sampling), so that others are tried now and then, as far as the money for trials allows.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log1p

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.agents.routing import (
    AgentState,
    Allowance,
    Choice,
    Considered,
    Dial,
    RoutingRule,
)
from memory.model.agents.spec import AgentSpec
from memory.model.base import AgentName, Model, name_key
from memory.model.timing.clock import Random
from memory.profiles.additive import STRANGER_WEIGHT, expected
from memory.profiles.evidence import Belief, belief
from memory.profiles.reasons import reason_for

DIALS: Mapping[Dial, float] = {Dial.CHEAP: 0.45, Dial.BALANCED: 0.18, Dial.BEST: 0.06}
"""The quality that somebody gives up to pay nothing rather than the dearest agent's price.

Balanced takes a free agent that is 85 % as good as a perfect one; best lets cost decide between
equals only.
"""

DOUBT = 0.3
"""How much of the doubt is taken off: a short lucky record is not a long good one."""

LATENCY_WEIGHT = 0.02
WAITING_WEIGHT = 0.02
"""What the slowest agent loses, and one for each doubling of the line in front of it."""

FLOOR, FLOOR_EVIDENCE = 0.35, 3.0
"""An agent that is worse than this, as seen on so many attempts' worth, isn't chosen in silence."""


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
    belief: Belief
    similar: Sequence[SimilarTask]
    cost_micro_usd: int | None
    handicap: float
    """What it loses for its cost, its slowness and the line in front of it."""
    rule: RoutingRule | None = None
    paused: bool = False
    explored: bool = False

    @property
    def poor(self) -> bool:
        seen = self.belief.good + self.belief.bad - STRANGER_WEIGHT
        return self.belief.mean < FLOOR and seen >= FLOOR_EVIDENCE

    @property
    def use(self) -> float:
        return round(self.belief.mean - DOUBT * self.belief.doubt - self.handicap, 9)

    @property
    def place(self) -> tuple[bool, bool, int, float]:
        """Its place in order, the least first."""
        wanted = (
            0 if self.rule is None else {"always": -2, "prefer": -1, "never": 0}[self.rule.effect]
        )
        return self.paused, self.poor and wanted != -2, wanted, -self.use

    def drawn(self, dice: "_Dice") -> float:
        """How useful it is in one draw of what is believed of it."""
        return dice.betavariate(self.belief.good, self.belief.bad) - self.handicap

    def is_level_with(self, other: "_Candidate") -> bool:
        """Whether only its use decides between them, and it isn't known to fail."""
        return self.place[:3] == other.place[:3] and not self.poor


def rank(
    profiles: Sequence[AgentProfile],
    task_type: str,
    agents: Sequence[AgentSpec],
    *,
    similar: Sequence[SimilarTask] = (),
    random: Random | None = None,
    terms: Terms = USUAL,
) -> tuple[Ranked, ...]:
    """The agents, best first; those that are equal stay in the order given.

    An agent that a rule forbids is left out.
    """
    candidates = sorted(_candidates(profiles, task_type, agents, similar, terms), key=_place)
    if random is not None:
        candidates = _explored(candidates, random, terms.allowance)
    return tuple(_ranked(candidate, task_type) for candidate in candidates)


def _place(candidate: _Candidate) -> tuple[bool, bool, int, float]:
    return candidate.place


def _candidates(
    profiles: Sequence[AgentProfile],
    task_type: str,
    agents: Sequence[AgentSpec],
    similar: Sequence[SimilarTask],
    terms: Terms,
) -> list[_Candidate]:
    allowed = _allowed(agents, task_type, terms.rules)
    own = [_by_type(profiles, agent) for agent, _ in allowed]
    records = [found.get(name_key(task_type)) for found in own]
    costs = [
        _cost(agent, record, terms) for (agent, _), record in zip(allowed, records, strict=True)
    ]
    dear = _relative(costs)
    slow = _relative([record.mean_latency_ms if record else None for record in records])
    fit = expected(profiles)
    states = {name_key(state.agent): state for state in terms.states}
    found = []
    for place, (agent, rule) in enumerate(allowed):
        state = states.get(name_key(agent.name), AgentState(agent=agent.name))
        alike = _of_agent(agent, similar)
        worth = DIALS[Dial.BALANCED] * (dear[place] - _middle(dear))
        found.append(
            _Candidate(
                spec=agent,
                record=records[place],
                belief=belief(
                    task_type,
                    own[place],
                    alike,
                    mean=fit.of(agent.name, task_type) + worth,
                    difficulty=terms.difficulty,
                ),
                similar=alike,
                cost_micro_usd=costs[place],
                handicap=DIALS[terms.dial] * dear[place]
                + LATENCY_WEIGHT * slow[place]
                + WAITING_WEIGHT * log1p(state.waiting),
                rule=rule,
                paused=state.paused,
            )
        )
    return found


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


def _middle(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _explored(
    candidates: list[_Candidate], random: Random, allowance: Allowance | None
) -> list[_Candidate]:
    """The one that a draw puts first goes first, where a trial of it may be paid."""
    if not candidates:
        return candidates
    first = candidates[0]
    open_to = [candidate for candidate in candidates if candidate.is_level_with(first)]
    if len(open_to) < 2:
        return candidates
    dice = _Dice(random)
    draws = [candidate.drawn(dice) for candidate in open_to]
    tried = open_to[draws.index(max(draws))]
    if tried is first or (allowance and not allowance.covers(tried.cost_micro_usd)):
        return candidates
    rest = [candidate for candidate in candidates if candidate is not tried]
    return [replace(tried, explored=True), *rest]


class _Dice(random.Random):
    """The library's distributions over our source of randomness."""

    def __init__(self, random: Random) -> None:
        super().__init__(0)
        self._source = random

    def random(self) -> float:
        """A number in [0, 1)."""
        return self._source.random()


def _ranked(candidate: _Candidate, task_type: str) -> Ranked:
    seen = candidate.belief.good + candidate.belief.bad - STRANGER_WEIGHT
    rule = candidate.rule
    return Ranked(
        agent=candidate.spec.name,
        score=min(1.0, max(0.0, candidate.use)),
        samples=candidate.record.samples if candidate.record else 0,
        reason=reason_for(
            task_type,
            candidate.record,
            candidate.similar,
            explored=candidate.explored,
            paused=candidate.paused,
        ),
        quality=candidate.belief.mean,
        evidence=max(0.0, seen),
        cost_micro_usd=candidate.cost_micro_usd,
        rule=(rule.said or f"{rule.effect} {rule.agent}") if rule else "",
        explored=candidate.explored,
        paused=candidate.paused,
        poor=candidate.poor,
    )
