"""Rules that the records suggest: an agent that fails at one type of work, where others can do it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from math import sqrt
from typing import Final

from memory.model.agents.profile import AgentProfile
from memory.model.agents.routing import RoutingRule
from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue
from memory.model.base import name_key
from memory.model.text import text
from memory.model.work.rule import Evidence, Rule

TRIED: Final = 12
"""Fewer attempts at a type of work prove nothing."""

FAILING: Final = 0.4
"""The share of failures, less one standard deviation, from which on it is worth a rule."""


def findings(
    profiles: Iterable[AgentProfile], catalogue: Catalogue, held: Sequence[Rule]
) -> Iterator[tuple[RoutingRule, Evidence]]:
    """What could be a rule, with what it rests on; not where a rule speaks of it already."""
    for profile in profiles:
        spec = catalogue.find(profile.agent)
        if spec is None or profile.samples < TRIED or _spoken_of(spec, profile, held):
            continue
        if _lowest(profile) < FAILING or not _others(spec, profile.task_type, catalogue):
            continue
        said = text("never use {agent} for {type}", agent=spec.title, type=profile.task_type)
        yield (
            RoutingRule(effect="never", agent=spec.name, task_type=profile.task_type, said=said),
            Evidence(
                agent=spec.title, task_type=profile.task_type,
                tried=profile.samples, failed=profile.failures,
            ),
        )  # fmt: skip


def _lowest(profile: AgentProfile) -> float:
    share = profile.failures / profile.samples
    return share - sqrt(share * (1 - share) / (profile.samples + 1))


def _others(spec: AgentSpec, task_type: str, catalogue: Catalogue) -> bool:
    kinds = {AgentKind.TOOL, AgentKind.HUMAN, AgentKind.SIMULATED}
    return any(
        agent.name != spec.name and agent.kind not in kinds for agent in catalogue.able(task_type)
    )


def _spoken_of(spec: AgentSpec, profile: AgentProfile, held: Sequence[Rule]) -> bool:
    routes = (rule.routing for rule in held if not rule.person)
    return any(
        route is not None
        and spec.answers_to(route.agent)
        and name_key(route.task_type) in {"", name_key(profile.task_type)}
        for route in routes
    )
