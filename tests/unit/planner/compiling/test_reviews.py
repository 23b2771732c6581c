"""Peer review in rounds, from words to the plan and its price."""

import pytest

from bot.language.catalogue import ENGLISH
from bot.render.plans.details import kind_words
from memory.model.base import AgentName
from memory.model.errors import BadInput
from memory.model.work.check import Review
from planner.compiling.checking import review_of
from planner.draft import DraftReview
from planner.estimate import estimate_graph
from planner.offline.drafter import plan_offline
from tests.unit.planner.offline.test_offline import graph_of
from tests.unit.planner.world import ALL, ask

DRAFT = "have ChatGPT draft a post about bees"


@pytest.mark.parametrize(
    ("said", "rounds", "criteria"),
    [
        (f"{DRAFT}, have Claude review it, at most two rounds", 2, ""),
        (f"{DRAFT}, then have Claude review it for tone in up to 3 rounds", 3, "tone"),
        (f"{DRAFT} and have Claude review it, until Claude is happy", 3, ""),
        (f"{DRAFT}, revise it until Claude is happy, and save it to bees.md", 3, ""),
        (f"{DRAFT}, have Claude review it, at most 9 rounds", 3, ""),
    ],
)
def test_a_review_with_rounds_is_a_part_of_the_draft(said: str, rounds: int, criteria: str) -> None:
    graph = graph_of(ask(said, catalogue=ALL))
    draft = graph.tasks[0]
    assert draft.review == Review(agent=AgentName("claude"), rounds=rounds, criteria=criteria)
    assert "claude" not in draft.fallbacks
    assert [task.type for task in graph.tasks if task.type == "review"] == []
    assert any("reviewed by claude" in one for one in kind_words(ENGLISH, draft, {}))


def test_without_rounds_it_stays_a_task_of_its_own() -> None:
    graph = graph_of(ask(f"{DRAFT}, then have Claude review it", catalogue=ALL))
    assert [task.type for task in graph.tasks] == ["draft", "review"]
    assert all(task.review is None for task in graph.tasks)
    assert "review" not in graph.tasks[0].model_dump(mode="json")


def test_the_ceiling_covers_every_round() -> None:
    graph = graph_of(ask(f"{DRAFT}, have Claude review it, at most two rounds", catalogue=ALL))
    plain = graph.tasks[0].model_copy(update={"review": None})
    without = graph.model_copy(update={"tasks": (plain,)})
    priced, _ = estimate_graph(graph, ALL, lambda *_: 10, ())
    bare, _ = estimate_graph(without, ALL, lambda *_: 10, ())
    assert bare.tasks[0].cost_high_micro_usd == 10
    assert priced.tasks[0].cost_high_micro_usd == 10 + 2 * 10 + 2 * 10


def test_nobody_reviews_what_it_wrote_itself() -> None:
    draft = plan_offline(ask(f"{DRAFT}, have Claude review it, at most 2 rounds", catalogue=ALL))
    task = draft.tasks[0]
    chatgpt = ALL.find("chatgpt")
    assert chatgpt is not None
    own = task.model_copy(update={"review": DraftReview(agent="ChatGPT")})
    with pytest.raises(BadInput, match="can't review what it wrote"):
        review_of(own, chatgpt, ALL)
    tool = task.model_copy(update={"review": DraftReview(agent="files.read")})
    with pytest.raises(BadInput, match="can't review it"):
        review_of(tool, chatgpt, ALL)
