"""Ranking: what was learned decides, and its reasons are true."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.agents.routing import AgentState, Allowance, Dial, RoutingRule
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import AgentName, ProjectId
from memory.profiles.ranking import USUAL, Terms, rank


def models(*names: str) -> list[AgentSpec]:
    return [
        AgentSpec(
            name=AgentName(name),
            kind=AgentKind.MODEL,
            title=name.title(),
            description="",
            task_types=("research",),
        )
        for name in names
    ]


def _profile(agent: str, good: int, bad: int, **more: int) -> AgentProfile:
    counts = {"cost_micro_usd": 0, "latency_ms": 0} | more
    return AgentProfile(
        project=ProjectId("p"),
        agent=AgentName(agent),
        task_type="research",
        successes=good,
        failures=bad,
        **counts,
    )


def _order(*profiles: AgentProfile, agents: str = "abc") -> list[str]:
    return [item.agent for item in rank(profiles, "research", models(*agents))]


def test_without_history_the_given_order_stands() -> None:
    ranked = rank((), "research", models("b", "a"))
    assert [item.agent for item in ranked] == ["b", "a"]
    assert {item.reason for item in ranked} == {"no history here yet"}


def test_the_better_record_wins() -> None:
    assert _order(_profile("a", 5, 5), _profile("b", 9, 1), _profile("c", 0, 4)) == ["b", "a", "c"]


def test_a_long_good_record_beats_a_short_perfect_one() -> None:
    assert _order(_profile("a", 2, 0), _profile("b", 95, 5), agents="ab") == ["b", "a"]


def test_a_stranger_goes_before_one_that_keeps_failing() -> None:
    assert _order(_profile("a", 0, 3), agents="ab") == ["b", "a"]


def test_what_people_say_counts() -> None:
    disliked = _profile("a", 5, 0, dislikes=4)
    assert _order(disliked, _profile("b", 5, 0, likes=1), agents="ab") == ["b", "a"]


def test_between_equals_the_cheaper_then_the_faster_goes_first() -> None:
    dear, cheap = _profile("a", 9, 1, cost_micro_usd=90_000), _profile("b", 9, 1, cost_micro_usd=9)
    assert _order(dear, cheap, agents="ab") == ["b", "a"]
    slow, fast = _profile("a", 9, 1, latency_ms=90_000), _profile("b", 9, 1, latency_ms=900)
    assert _order(slow, fast, agents="ab") == ["b", "a"]


def test_no_price_makes_a_poor_agent_good() -> None:
    dear, poor = _profile("a", 20, 0, cost_micro_usd=9_000_000), _profile("b", 10, 10)
    assert _order(dear, poor)[0] == "a"


def test_similar_work_speaks_for_who_did_it_well() -> None:
    similar = [
        SimilarTask(agent=AgentName("B"), succeeded=True, similarity=0.9),
        SimilarTask(agent=AgentName("b"), succeeded=True, similarity=0.8),
        SimilarTask(agent=AgentName("a"), succeeded=False, similarity=0.9),
    ]
    best, worst = rank((), "research", models("a", "b"), similar=similar)
    assert best.agent == "b"
    assert best.reason == "no history here yet, 2 of 2 similar tasks went well"
    assert worst.reason == "no history here yet, 0 of 1 similar tasks went well"


def test_many_similar_tasks_do_not_drown_a_long_record() -> None:
    similar = [SimilarTask(agent=AgentName("b"), succeeded=True, similarity=1.0)] * 500
    good = _profile("a", 98, 2)
    assert rank([good], "research", models("a", "b"), similar=similar)[0].agent == "a"


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        (
            _profile("a", 36, 6, cost_micro_usd=42 * 10_000),
            "0.86 on 42 research tasks here, $0.01",
        ),
        (_profile("a", 1, 0), "1.00 on 1 research task here"),
        (_profile("a", 2, 0, likes=3), "1.00 on 2 research tasks here, 3 👍 0 👎"),
    ],
)
def test_the_reason_says_what_was_counted(profile: AgentProfile, reason: str) -> None:
    (only,) = rank([profile], "research", models("a"))
    assert only.reason == reason
    assert only.samples == profile.samples


def test_other_types_of_task_and_other_cases_of_names() -> None:
    profile = _profile("A", 8, 0)
    assert rank([profile], "Research", models("a"))[0].samples == 8
    assert rank([profile], "draft", models("a"))[0].samples == 0


def test_chance_tries_newcomers_now_and_then_and_the_same_seed_draws_the_same() -> None:
    profiles = [_profile("a", 18, 2)]

    def first(seed: int) -> str:
        rng = random.Random(seed)
        return rank(profiles, "research", models("a", "b"), random=rng)[0].agent

    firsts = Counter(first(seed) for seed in range(400))
    assert firsts["a"] > firsts["b"] > 20
    assert [first(seed) for seed in range(20)] == [first(seed) for seed in range(20)]


@settings(deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 10**6)] * 6), min_size=1, max_size=6),
    st.integers(),
)
def test_everybody_is_ranked_once_with_a_score_in_range(
    counts: list[tuple[int, ...]], seed: int
) -> None:
    names = [f"agent{number}" for number in range(len(counts))]
    profiles = [
        _profile(name, good, bad, likes=up, dislikes=down, cost_micro_usd=cost, latency_ms=late)
        for name, (good, bad, up, down, cost, late) in zip(names, counts, strict=True)
    ]
    for source in (None, random.Random(seed)):
        ranked = rank(profiles, "research", models(*names), random=source)
        assert sorted(item.agent for item in ranked) == sorted(names)
        assert all(0 <= item.score <= 1 for item in ranked)
        after = [(item.poor, -item.score) for item in ranked[1:]]
        assert after == sorted(after)
        assert sum(item.explored for item in ranked) <= (source is not None)
        assert not ranked[0].poor or all(item.poor for item in ranked)


GEMINI, CLAUDE = AgentName("gemini"), AgentName("claude")


def _seen(agent: str, quality: float, evidence: float = 40.0, **more: Any) -> AgentProfile:
    return _profile(agent, 40, 0).model_copy(
        update={"quality": quality, "evidence": evidence, **more}
    )


def _first(*profiles: AgentProfile, agents: str = "claude gemini", **terms: Any) -> str:
    return rank(profiles, "research", models(*agents.split()), terms=Terms(**terms))[0].agent


def _free_and_nearly_as_good() -> list[AgentProfile]:
    return [
        _seen("claude", 0.9, costs_micro_usd=(20_000,) * 5),
        _seen("gemini", 0.765, costs_micro_usd=(0,) * 5),
    ]


def test_a_free_agent_that_is_85_percent_as_good_is_preferred() -> None:
    assert _first(*_free_and_nearly_as_good()) == "gemini"
    assert _first(*_free_and_nearly_as_good(), dial=Dial.CHEAP) == "gemini"


def test_the_best_dial_pays_for_quality_and_saves_between_equals() -> None:
    assert _first(*_free_and_nearly_as_good(), dial=Dial.BEST) == "claude"
    equals = [profile.model_copy(update={"quality": 0.9}) for profile in _free_and_nearly_as_good()]
    assert _first(*equals, dial=Dial.BEST) == "gemini"


def test_of_strangers_the_dearer_is_expected_to_be_better_and_the_dial_says_by_how_much() -> None:
    prices = {CLAUDE: 20_000, GEMINI: 100}
    assert _first(prices=prices) == "claude"
    assert _first(prices=prices, agents="gemini claude") == "claude"
    assert _first(prices={CLAUDE: 20_000, GEMINI: 0}) == "claude"
    assert _first(prices=prices, dial=Dial.CHEAP) == "gemini"
    assert _first(prices=prices, dial=Dial.BEST, agents="gemini claude") == "claude"


def test_an_unknown_price_counts_as_the_dearest() -> None:
    profiles = [_seen("claude", 0.8, unpriced=40), _seen("gemini", 0.8, costs_micro_usd=(9_000,))]
    prices = {CLAUDE: None, GEMINI: 0, AgentName("grok"): 30_000}
    assert _first(*profiles, prices=prices, agents="claude gemini grok") == "gemini"


@pytest.mark.parametrize("task_type", ["research", "", "Research"])
def test_rules_come_first(task_type: str) -> None:
    profiles = [_seen("claude", 0.9), _seen("gemini", 0.6)]

    def rule(effect: Any, agent: str) -> RoutingRule:
        return RoutingRule(effect=effect, agent=agent, task_type=task_type)

    assert _first(*profiles) == "claude"
    assert _first(*profiles, rules=[rule("always", "Gemini")]) == "gemini"
    assert _first(*profiles, rules=[rule("prefer", "Gemini")]) == "gemini"
    without = rank(
        profiles, "research", models("claude", "gemini"),
        terms=Terms(rules=[rule("never", "CLAUDE"), rule("always", "claude")]),
    )  # fmt: skip
    assert [place.agent for place in without] == ["gemini"]
    assert without[0].rule == ""


def test_a_rule_about_other_work_changes_nothing() -> None:
    rules = [RoutingRule(effect="never", agent="claude", task_type="code")]
    assert _first(_seen("claude", 0.9), _seen("gemini", 0.6), rules=rules) == "claude"


def test_a_preference_does_not_make_a_failing_agent_the_first_but_an_order_does() -> None:
    profiles = [_seen("claude", 0.7), _seen("gemini", 0.1)]
    for effect, first in (("prefer", "claude"), ("always", "gemini")):
        rules = [RoutingRule.model_validate({"effect": effect, "agent": "gemini"})]
        best = rank(profiles, "research", models("claude", "gemini"), terms=Terms(rules=rules))[0]
        assert best.agent == first
    assert best.poor


def test_a_paused_agent_goes_last_and_a_line_costs_little() -> None:
    profiles = [_seen("claude", 0.9), _seen("gemini", 0.5)]
    paused = [AgentState(agent=CLAUDE, paused=True)]
    assert _first(*profiles, states=paused) == "gemini"
    waiting = [AgentState(agent=CLAUDE, waiting=40)]
    assert _first(*profiles, states=waiting) == "claude"
    assert _first(_seen("claude", 0.9), _seen("gemini", 0.89), states=waiting) == "gemini"


def test_an_agent_that_fails_is_never_tried_out_and_says_what_it_is() -> None:
    profiles = [_seen("claude", 0.6, 10), _seen("gemini", 0.1, 20)]
    for seed in range(200):
        best, worst = rank(
            profiles, "research", models("claude", "gemini"), random=random.Random(seed)
        )
        assert (best.agent, worst.poor) == ("claude", True)


def test_trials_stop_where_their_share_of_the_money_is_spent() -> None:
    profiles = [_seen("claude", 0.8, costs_micro_usd=(1_000,))]
    prices = {CLAUDE: 1_000, GEMINI: 1_000}

    def trials(allowance: Allowance) -> int:
        terms = Terms(prices=prices, allowance=allowance)
        agents = models("claude", "gemini")
        ranked = (
            rank(profiles, "research", agents, random=random.Random(seed), terms=terms)[0]
            for seed in range(100)
        )
        return sum(best.explored for best in ranked)

    assert trials(Allowance(spent_micro_usd=100_000, attempts=100)) > 5
    for used in ({"explored_micro_usd": 5_000}, {"share": 0.0}, {"explored": 60}):
        terms = {"spent_micro_usd": 100_000, "attempts": 100, **used}
        assert trials(Allowance.model_validate(terms)) == 0, used


def test_trials_that_cost_nothing_are_counted_instead() -> None:
    assert not Allowance().covers(0)
    assert Allowance(attempts=19).covers(0)
    assert not Allowance(attempts=19, explored=1).covers(None)


def test_trials_that_cost_next_to_nothing_are_few_all_the_same() -> None:
    def most(attempts: int) -> int:
        tried = range(attempts)
        spent = {"spent_micro_usd": 10**9, "attempts": attempts}
        return next(n for n in tried if not Allowance(explored=n, **spent).covers(1))

    assert [most(attempts) for attempts in (30, 900, 10_000)] == [10, 180, 600]


def test_over_a_long_time_trials_cost_their_share_and_find_the_better_agent() -> None:
    """Claude is known and middling; Gemini, which nobody knows, is better."""
    truth = {CLAUDE: 0.6, GEMINI: 0.9}
    rng = random.Random(7)
    good = dict.fromkeys(truth, 0.0)
    tried = dict.fromkeys(truth, 0)
    spent = explored = trials = 0
    share_before_the_change = 0.0
    for number in range(600):
        profiles = [
            _seen(agent, good[agent] / tried[agent], tried[agent], costs_micro_usd=(1_000,))
            for agent in truth
            if tried[agent]
        ]
        allowance = Allowance(
            spent_micro_usd=spent, explored_micro_usd=explored, attempts=number, explored=trials
        )
        terms = Terms(prices=dict.fromkeys(truth, 1_000), allowance=allowance)
        best = rank(profiles, "research", models("claude", "gemini"), random=rng, terms=terms)[0]
        spent += 1_000
        explored += 1_000 if best.explored else 0
        trials += best.explored
        tried[best.agent] += 1
        good[best.agent] += rng.random() < truth[best.agent]
        share_before_the_change = max(share_before_the_change, explored / spent)
    assert share_before_the_change <= 0.05
    assert tried[GEMINI] > tried[CLAUDE]


def test_terms_say_what_is_usual() -> None:
    assert USUAL.dial is Dial.BALANCED
