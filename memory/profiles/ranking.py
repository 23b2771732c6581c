"""Who should do a task: what happened before, with how sure we can be of it. Pure.

Each agent's chance of success has a Beta distribution: a prior, plus what was counted. An agent is
ranked by the lower bound of that (mean minus one standard deviation), so a short lucky record does
not beat a long good one; or, where a source of randomness is given, by a draw from it (Thompson
sampling), so that newcomers are tried now and then. Leave out agents whose breaker is open.
"""

import random
from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.agents.spec import AgentSpec
from memory.model.base import AgentName, Model, name_key
from memory.model.money import show_money
from memory.model.text import text
from memory.model.timing.clock import Random

PRIOR = (2.0, 1.0)
"""Successes and failures assumed of a stranger: two of three tries go well."""

SIMILAR_AT_MOST = 5.0
"""Similar tasks weigh no more than this many counted ones, however many there are."""

COST_WEIGHT, LATENCY_WEIGHT = 0.05, 0.02
"""How much of a score the dearest and the slowest agent lose: enough to decide between equals."""


class Ranked(Model):
    """An agent with its place. `score` is 0..1; `reason` is for people and says only what is so."""

    agent: AgentName
    score: float
    samples: int
    reason: str


class _Evidence(NamedTuple):
    good: float
    bad: float
    similar: int
    similar_good: int


def rank(
    profiles: Sequence[AgentProfile],
    task_type: str,
    agents: Sequence[AgentSpec],
    *,
    similar: Sequence[SimilarTask] = (),
    random: Random | None = None,
) -> tuple[Ranked, ...]:
    """The agents, best first; those that are equal stay in the order given."""
    known = _by_agent(profiles, task_type)
    records = [known.get(name_key(agent.name)) for agent in agents]
    costs = _relative([record.mean_cost_micro_usd if record else None for record in records])
    latencies = _relative([record.mean_latency_ms if record else None for record in records])
    ranked = []
    for agent, record, cost, latency in zip(agents, records, costs, latencies, strict=True):
        evidence = _evidence(agent, record, similar)
        likely = _draw(evidence, random) if random else _lower_bound(evidence)
        score = likely - COST_WEIGHT * cost - LATENCY_WEIGHT * latency
        ranked.append(
            Ranked(
                agent=agent.name,
                score=min(1.0, max(0.0, score)),
                samples=record.samples if record else 0,
                reason=_reason(task_type, record, evidence),
            )
        )
    return tuple(sorted(ranked, key=lambda item: -item.score))


def _by_agent(profiles: Sequence[AgentProfile], task_type: str) -> dict[str, AgentProfile]:
    wanted = name_key(task_type)
    of_type = (profile for profile in profiles if name_key(profile.task_type) == wanted)
    return {name_key(profile.agent): profile for profile in of_type}


def _evidence(
    agent: AgentSpec, record: AgentProfile | None, similar: Sequence[SimilarTask]
) -> _Evidence:
    name = name_key(agent.name)
    alike = [task for task in similar if name_key(task.agent) == name]
    succeeded = [task for task in alike if task.succeeded]
    total, good = _weight(alike), _weight(succeeded)
    scale = min(1.0, SIMILAR_AT_MOST / total) if total else 0.0
    counted = (
        (record.successes + record.likes, record.failures + record.dislikes) if record else (0, 0)
    )
    return _Evidence(
        good=PRIOR[0] + scale * good + counted[0],
        bad=PRIOR[1] + scale * (total - good) + counted[1],
        similar=len(alike),
        similar_good=len(succeeded),
    )


def _weight(tasks: Sequence[SimilarTask]) -> float:
    # Squared, because a task half alike tells much less than half.
    return sum(max(0.0, task.similarity) ** 2 for task in tasks)


def _lower_bound(evidence: _Evidence) -> float:
    good, bad = evidence.good, evidence.bad
    total = good + bad
    return good / total - sqrt(good * bad / (total**2 * (total + 1)))


def _draw(evidence: _Evidence, random: Random) -> float:
    return _Dice(random).betavariate(evidence.good, evidence.bad)


class _Dice(random.Random):
    """The library's distributions over our source of randomness."""

    def __init__(self, random: Random) -> None:
        super().__init__(0)
        self._source = random

    def random(self) -> float:
        """A number in [0, 1)."""
        return self._source.random()


def _relative(values: Sequence[int | None]) -> list[float]:
    """Each value as a share of the largest; the unknown ones count as half of it."""
    largest = max((value for value in values if value is not None), default=0)
    if largest == 0:
        return [0.0] * len(values)
    return [0.5 if value is None else value / largest for value in values]


def _reason(task_type: str, record: AgentProfile | None, evidence: _Evidence) -> str:
    parts = [text("no history here yet")]
    if record is not None and record.samples:
        parts = [_record_in_words(task_type, record)]
        if record.mean_cost_micro_usd:
            parts.append(show_money(record.mean_cost_micro_usd))
        if record.likes or record.dislikes:
            parts.append(f"{record.likes} 👍 {record.dislikes} 👎")
    if evidence.similar:
        good, similar = evidence.similar_good, evidence.similar
        parts.append(text("{good} of {n} similar tasks went well", good=good, n=similar))
    return ", ".join(parts)


def _record_in_words(task_type: str, record: AgentProfile) -> str:
    share = f"{record.successes / record.samples:.2f}"
    if record.samples == 1:
        return text("{share} on 1 {task_type} task here", share=share, task_type=task_type)
    return text(
        "{share} on {n} {task_type} tasks here",
        share=share,
        n=f"{record.samples:,}",
        task_type=task_type,
    )
