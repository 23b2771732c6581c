"""Ranking: what was learned decides, and its reasons are true."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.model.agents.profile import AgentProfile, SimilarTask
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import AgentName, ProjectId
from memory.profiles.ranking import rank


def _agents(*names: str) -> list[AgentSpec]:
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
    return [item.agent for item in rank(profiles, "research", _agents(*agents))]


def test_without_history_the_given_order_stands() -> None:
    ranked = rank((), "research", _agents("b", "a"))
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
    assert _order(_profile("a", 20, 0, cost_micro_usd=9_000_000), _profile("b", 10, 10)) == [
        "a",
        "b",
        "c",
    ]


def test_similar_work_speaks_for_who_did_it_well() -> None:
    similar = [
        SimilarTask(agent=AgentName("B"), succeeded=True, similarity=0.9),
        SimilarTask(agent=AgentName("b"), succeeded=True, similarity=0.8),
        SimilarTask(agent=AgentName("a"), succeeded=False, similarity=0.9),
    ]
    best, worst = rank((), "research", _agents("a", "b"), similar=similar)
    assert best.agent == "b"
    assert best.reason == "no history here yet, 2 of 2 similar tasks went well"
    assert worst.reason == "no history here yet, 0 of 1 similar tasks went well"


def test_many_similar_tasks_do_not_drown_a_long_record() -> None:
    similar = [SimilarTask(agent=AgentName("b"), succeeded=True, similarity=1.0)] * 500
    good = _profile("a", 98, 2)
    assert rank([good], "research", _agents("a", "b"), similar=similar)[0].agent == "a"


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
    (only,) = rank([profile], "research", _agents("a"))
    assert only.reason == reason
    assert only.samples == profile.samples


def test_other_types_of_task_and_other_cases_of_names() -> None:
    profile = _profile("A", 8, 0)
    assert rank([profile], "Research", _agents("a"))[0].samples == 8
    assert rank([profile], "draft", _agents("a"))[0].samples == 0


def test_chance_tries_newcomers_now_and_then_and_the_same_seed_draws_the_same() -> None:
    profiles = [_profile("a", 18, 2)]

    def first(seed: int) -> str:
        rng = random.Random(seed)
        return rank(profiles, "research", _agents("a", "b"), random=rng)[0].agent

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
        ranked = rank(profiles, "research", _agents(*names), random=source)
        assert sorted(item.agent for item in ranked) == sorted(names)
        assert all(0 <= item.score <= 1 for item in ranked)
        assert list(ranked) == sorted(ranked, key=lambda item: -item.score)
