"""What a plan will cost and take, as a p10–p90 range. Pure, given prices and profiles."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

from memory.model.agents.prices import cost, of_task
from memory.model.agents.profile import AgentProfile
from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue
from memory.model.base import TaskKey, name_key
from memory.model.limits import PARALLEL_PER_RUN
from memory.model.text import text
from memory.model.work.graph import Task, TaskGraph
from memory.model.work.plan import Estimate
from memory.profiles.intervals import Range, interval, prior_of, together
from planner.tools import tool_named

Price = Callable[[AgentSpec, int, int], int | None]
"""Micro-USD for so many tokens in and out; None where the price is not known."""

NEAR = 30
"""So many of the newest attempts of others say what to expect of an agent with few."""

TOKENS: Mapping[str, tuple[int, int, int, int]] = {
    # Type: tokens in (p10, p90), tokens out (p10, p90). Measured on nothing yet: orders of
    # magnitude for one call with a page or two of context; history replaces them.
    "research": (500, 4000, 600, 2500),
    "draft": (600, 5000, 800, 3500),
    "review": (1200, 7000, 500, 3000),
    "summarise": (1000, 8000, 150, 700),
    "translate": (600, 6000, 600, 6000),
    "analyse": (800, 6000, 400, 2000),
    "code": (800, 8000, 600, 5000),
    "general": (400, 4000, 300, 2000),
}
TOKENS_PER_S = (30.0, 120.0)
"""How fast hosted models write, slow and fast."""

PERSON_SECONDS = (300.0, 4 * 3600.0)
"""People answer in five minutes or in an afternoon."""

PROGRAM_SECONDS = (10.0, 900.0)
"""A question about some code, or a feature with its tests."""

TOOL_ROUNDS = 4
"""How often a model that may use tools is asked at most, as a rule."""

WORDS_TO_TOKENS = 1.4


@dataclass(frozen=True)
class TaskEstimate:
    """One task's range. Costs are micro-USD, None where the price is not known."""

    cost_low: int | None
    cost_high: int | None
    seconds_low: float
    seconds_high: float
    from_history: bool = False


NOTHING = TaskEstimate(0, 0, 0.0, 0.0)


def estimate_task(
    task: Task,
    spec: AgentSpec,
    price: Price,
    profiles: Sequence[AgentProfile],
    catalogue: Catalogue | None = None,
) -> TaskEstimate:
    """The range for one attempt that succeeds.

    From the newest attempts of this agent at this type of task; where those are few, also from its
    attempts at others, and from those of others in the catalogue at this.
    """
    listed = _listed(task, spec, price)
    if spec.kind is AgentKind.HUMAN:
        return listed
    known = [profile for profile in profiles if profile.samples]
    own = next((profile for profile in known if _is_of(profile, spec, task.counted_as)), None)
    beside = [profile for profile in known if profile is not own]
    near = [
        (profile, other)
        for other in (catalogue.agents if catalogue else (spec,))
        for profile in beside
        if _near(profile, other, spec, task.counted_as)
    ]
    part = _timed(listed, own, near)
    if listed.cost_low is None or not listed.cost_high:
        return part
    return _priced(part, own, [(*pair, price) for pair in near])


def _listed(task: Task, spec: AgentSpec, price: Price) -> TaskEstimate:
    """The range where nothing is known but the price list."""
    match spec.kind:
        case AgentKind.HUMAN:
            return TaskEstimate(0, 0, *PERSON_SECONDS)
        case AgentKind.COMMAND | AgentKind.WEBHOOK:
            cost = price(spec, 0, 0)
            return TaskEstimate(cost, cost, *PROGRAM_SECONDS)
        case AgentKind.TOOL | AgentKind.SIMULATED:
            return TaskEstimate(0, 0, *tool_named(task.type).seconds)
        case AgentKind.MODEL:
            return _by_tokens(task, spec, price)


def _is_of(profile: AgentProfile, spec: AgentSpec, task_type: str) -> bool:
    return name_key(profile.agent) == name_key(spec.name) and _is_type(profile, task_type)


def _is_type(profile: AgentProfile, task_type: str) -> bool:
    return name_key(profile.task_type) == name_key(task_type)


def _near(profile: AgentProfile, other: AgentSpec, spec: AgentSpec, task_type: str) -> bool:
    """Whether the other agent's record says something about this one at this type of task."""
    if other.kind is not AgentKind.MODEL or name_key(profile.agent) != name_key(other.name):
        return False
    same_agent = other.name == spec.name and name_key(profile.task_type) in TOKENS
    return spec.kind is AgentKind.MODEL and (same_agent or _is_type(profile, task_type))


def _timed(
    listed: TaskEstimate,
    own: AgentProfile | None,
    near: Sequence[tuple[AgentProfile, AgentSpec]],
) -> TaskEstimate:
    """With the time that attempts took."""
    took = (
        tuple(ms / 1000 for ms in own.latencies_ms or _mean_of(own.mean_latency_ms)) if own else ()
    )
    factors = [
        ms / 1000 / sqrt(low * high)
        for profile, _ in near
        for low, high in [_token_seconds(profile.task_type)]
        for ms in profile.latencies_ms[:NEAR]
    ]
    if not took and not factors:
        return listed
    prior = prior_of(Range(listed.seconds_low, listed.seconds_high), factors)
    low, high = interval(took, prior)
    return replace(listed, seconds_low=low, seconds_high=high, from_history=True)


def _factors(profile: AgentProfile, spec: AgentSpec, price: Price) -> list[float]:
    """What attempts cost, as parts of what they usually do."""
    usual = usual_price(spec, profile.task_type, price)
    return [cost / usual for cost in profile.costs_micro_usd[:NEAR] if cost] if usual else []


def _priced(
    part: TaskEstimate,
    own: AgentProfile | None,
    near: Sequence[tuple[AgentProfile, AgentSpec, Price]],
) -> TaskEstimate:
    """With the cost of attempts."""
    costs = (own.costs_micro_usd or _mean_of(own.mean_cost_micro_usd)) if own else ()
    factors = [factor for place in near for factor in _factors(*place)]
    if not costs and not factors:
        return part
    listed = Range(float(part.cost_low or 1), float(part.cost_high or 1))
    low, high = interval(costs, prior_of(listed, factors))
    return replace(part, cost_low=int(low), cost_high=ceil(high), from_history=True)


def _mean_of(mean: int | None) -> tuple[int, ...]:
    """A record of which only sums are left is worth one value."""
    return () if mean is None else (mean,)


def _by_tokens(task: Task, spec: AgentSpec, price: Price) -> TaskEstimate:
    low_in, high_in, low_out, high_out = _tokens(task)
    cost_high = price(spec, high_in, high_out)
    if "tools" in task.inputs and cost_high is not None:
        cost_high *= TOOL_ROUNDS
    seconds = 1 + low_out / TOKENS_PER_S[1], 3 + high_out / TOKENS_PER_S[0]
    return TaskEstimate(price(spec, low_in, low_out), cost_high, *seconds)


def _token_seconds(task_type: str) -> tuple[float, float]:
    """How long a model takes for this type of task, by the table."""
    _, _, low_out, high_out = TOKENS.get(name_key(task_type), TOKENS["general"])
    return 1 + low_out / TOKENS_PER_S[1], 3 + high_out / TOKENS_PER_S[0]


def _tokens(task: Task) -> tuple[int, int, int, int]:
    low_in, high_in, low_out, high_out = TOKENS.get(task.type, TOKENS["general"])
    extra = len(task.instruction) // 4
    words = _target_words(task.instruction)
    if words:
        low_out = int(words * WORDS_TO_TOKENS * 0.8)
        high_out = int(words * WORDS_TO_TOKENS * 1.6)
    return low_in + extra, high_in + extra, low_out, high_out


def _target_words(instruction: str) -> int:
    for before, after in zip(instruction.split(), instruction.split()[1:], strict=False):
        number = before.replace(",", "").replace("~", "")
        if number.isdigit() and after.lower().startswith("word"):
            return min(int(number), 50_000)
    return 0


def usual_price(spec: AgentSpec, task_type: str, price: Price) -> int | None:
    """What a task of this type costs as a rule by the price list; None where it is not known."""
    low_in, high_in, low_out, high_out = TOKENS.get(name_key(task_type), TOKENS["general"])
    return price(spec, round(sqrt(low_in * high_in)), round(sqrt(low_out * high_out)))


def estimate_graph(
    graph: TaskGraph,
    catalogue: Catalogue,
    price: Price,
    profiles: Sequence[AgentProfile],
    *,
    kept: Collection[TaskKey] = (),
) -> tuple[TaskGraph, Estimate]:
    """The forecast, and the graph with each task's cost ceiling (of one item) filled in.

    Costs add up; time is the longest chain, since what does not wait runs side by side. What
    may be skipped costs and takes nothing at the low end; a map over a list that is not known
    yet is one item at the low end and as many as it may be at the high end. `kept` are tasks that
    an earlier run did.
    """
    attempts = {
        task.key: _attempts(task, catalogue, price, profiles) if task.key not in kept else NOTHING
        for task in graph.tasks
    }
    maybe = may_be_skipped(graph)
    parts: dict[str, TaskEstimate] = {
        task.key: _over_items(attempts[task.key], task, maybe=task.key in maybe)
        for task in graph.tasks
    }
    unpriced = (
        _agent(task.agent, catalogue).title
        for task in graph.tasks
        if attempts[task.key].cost_high is None
    )
    tasks = tuple(
        task.model_copy(update={"cost_high_micro_usd": _ceiling(task, attempts[task.key])})
        for task in graph.tasks
    )
    return TaskGraph(tasks=tasks), _summed(graph, parts, tuple(dict.fromkeys(unpriced)))


def _summed(
    graph: TaskGraph, parts: Mapping[str, TaskEstimate], unpriced: tuple[str, ...]
) -> Estimate:
    known = sum(part.from_history for part in parts.values())
    basis = text("history of {known} of {all} tasks", known=known, all=len(parts))
    fast = {key: part.seconds_low for key, part in parts.items()}
    slow = {key: part.seconds_high for key, part in parts.items()}
    chain = critical_path(graph, slow)
    cost = _added(
        [
            (Range(float(part.cost_low or 0), float(part.cost_high or 0)), part.from_history)
            for part in parts.values()
        ]
    )
    time = _added(
        [
            (Range(parts[key].seconds_low, parts[key].seconds_high), parts[key].from_history)
            for key in chain
        ]
    )
    return Estimate(
        cost_low_micro_usd=int(cost.low),
        cost_high_micro_usd=ceil(cost.high),
        seconds_low=int(min(time.high, max(time.low, _longest(graph, fast)))),
        seconds_high=ceil(time.high),
        unpriced=unpriced,
        basis=basis if known else text("list prices"),
        chain=tuple(TaskKey(key) for key in chain),
        bottleneck=TaskKey(max(chain, key=slow.__getitem__)),
    )


def _added(ranges: Sequence[tuple[Range, bool]]) -> Range:
    """The range of the sum: what is known from history together, list prices as they are."""
    known = together([part for part, from_history in ranges if from_history])
    listed = [part for part, from_history in ranges if not from_history]
    return Range(
        known.low + sum(part.low for part in listed), known.high + sum(part.high for part in listed)
    )


def _agent(name: str, catalogue: Catalogue) -> AgentSpec:
    spec = catalogue.find(name)
    if spec is None:
        raise ValueError(text("There's no agent {name}.", name=name))
    return spec


def _attempts(
    task: Task, catalogue: Catalogue, price: Price, profiles: Sequence[AgentProfile]
) -> TaskEstimate:
    """With its review: at best one look; at worst every round, each a look and another try."""
    part = estimate_task(task, _agent(task.agent, catalogue), price, profiles, catalogue)
    if task.review is None:
        return part
    reviewer, rounds = _agent(task.review.agent, catalogue), task.review.rounds
    reviewing = task.model_copy(update={"type": "review"})
    look = estimate_task(reviewing, reviewer, price, profiles, catalogue)
    low = high = None
    if part.cost_high is not None and look.cost_high is not None:
        low = (part.cost_low or 0) + (look.cost_low or 0)
        high = part.cost_high * (1 + rounds) + look.cost_high * rounds
    return replace(
        part,
        cost_low=low,
        cost_high=high,
        seconds_low=part.seconds_low + look.seconds_low,
        seconds_high=part.seconds_high * (1 + rounds) + look.seconds_high * rounds,
    )


def may_be_skipped(graph: TaskGraph) -> frozenset[str]:
    """Tasks that are done only if something holds, or take what such a task gives."""
    maybe: set[str] = set()
    for layer in graph.layers():
        maybe |= {task.key for task in layer if task.when or maybe & set(task.sources())}
    return frozenset(maybe)


def _ceiling(task: Task, part: TaskEstimate) -> int:
    """What one attempt is set aside for: the forecast, no more than the task may cost in all."""
    high = part.cost_high or 0
    return high if task.cost_cap_micro_usd is None else min(high, task.cost_cap_micro_usd)


def _over_items(part: TaskEstimate, task: Task, *, maybe: bool) -> TaskEstimate:
    """The range of the whole task: no item at all, one, or as many as there may be."""
    fewest = 0 if maybe else task.times if task.listed is not None else 1
    rounds = ceil(task.times / PARALLEL_PER_RUN)
    high = None if part.cost_high is None else _ceiling(task, part) * task.times
    return replace(
        part,
        cost_low=None if part.cost_low is None else min(part.cost_low * fewest, high or 0),
        cost_high=high,
        seconds_low=part.seconds_low if fewest else 0.0,
        seconds_high=part.seconds_high * rounds,
    )


def critical_path(graph: TaskGraph, seconds: Mapping[str, float]) -> tuple[str, ...]:
    """The keys of the longest chain, first to last."""
    ends: dict[str, tuple[float, tuple[str, ...]]] = {}
    for layer in graph.layers():
        for task in layer:
            length, chain = max((ends[need] for need in task.needs()), default=(0.0, ()))
            ends[task.key] = (length + seconds[task.key], (*chain, task.key))
    return max(ends.values())[1]


def _longest(graph: TaskGraph, seconds: Mapping[str, float]) -> float:
    return sum(seconds[key] for key in critical_path(graph, seconds))


def list_price(spec: AgentSpec, tokens_in: int, tokens_out: int) -> int | None:
    """Micro-USD as it will be billed; 0 for what is free, None where the price isn't known."""
    match spec.kind:
        case AgentKind.MODEL:
            return cost(spec, tokens_in, tokens_out)
        case AgentKind.COMMAND | AgentKind.WEBHOOK:
            return of_task(spec)
        case AgentKind.HUMAN | AgentKind.TOOL | AgentKind.SIMULATED:
            return 0
