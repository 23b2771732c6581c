"""Only what the records say clearly is worth proposing."""

from memory.model.agents.profile import AgentProfile
from memory.model.base import AgentName, ProjectId
from memory.profiles.findings import findings


def _seen(
    agent: str, tried: int, quality: float, evidence: float | None = None, kind: str = "code"
) -> AgentProfile:
    return AgentProfile(
        project=ProjectId("p"),
        agent=AgentName(agent),
        task_type=kind,
        successes=tried,
        quality=quality,
        evidence=float(tried) if evidence is None else evidence,
    )


def test_an_agent_that_fails_is_found_with_its_figures_and_who_does_better() -> None:
    (found,) = findings([_seen("claude", 20, 0.4), _seen("chatgpt", 30, 0.9)])
    assert (found.agent, found.task_type, found.failed, found.tried) == ("claude", "code", 12, 20)
    assert (found.better, found.better_failed, found.better_tried) == ("chatgpt", 3, 30)


def test_little_evidence_proposes_nothing() -> None:
    good = _seen("chatgpt", 30, 0.9)
    assert findings([_seen("claude", 9, 0.1), good]) == ()
    assert findings([_seen("claude", 20, 0.4, evidence=4.0), good]) == ()
    assert findings([]) == ()


def test_one_among_equals_is_no_finding() -> None:
    assert findings([_seen("claude", 20, 0.4), _seen("chatgpt", 30, 0.45)]) == ()


def test_other_types_of_work_say_nothing() -> None:
    (found,) = findings([_seen("claude", 40, 0.2), _seen("chatgpt", 30, 0.9, kind="draft")])
    assert found.better == ""


def test_without_others_it_has_to_be_worse_than_a_stranger() -> None:
    assert findings([_seen("claude", 12, 0.5)]) == ()
    assert [found.agent for found in findings([_seen("claude", 60, 0.5)])] == ["claude"]


def test_counts_alone_are_enough() -> None:
    counted = AgentProfile(
        project=ProjectId("p"), agent=AgentName("claude"), task_type="code", successes=2, failures=28
    )  # fmt: skip
    (found,) = findings([counted])
    assert (found.failed, found.tried) == (28, 30)
