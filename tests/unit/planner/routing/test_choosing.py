"""Who does a task: what the store knows, the person's words, and a chance that says the same twice."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from memory.model.agents.breaker import Breaker, BreakerState
from memory.model.agents.routing import Dial, Routing, RoutingRule
from memory.model.agents.signal import Signal, SignalKind
from memory.model.base import RequestId, RunId
from memory.model.work.graph import Task
from memory.model.work.plan import Plan
from memory.model.work.preference import PREFER_CHEAP
from memory.model.work.rule import Rule, RuleKind
from memory.store.engine.database import Database
from memory.store.knowledge import learning
from memory.store.running import breakers
from planner.compiling.dial import dial_of
from planner.port import PlanRequest, Ready
from planner.service import Planner
from tests.conftest import SetClock
from tests.unit.planner.world import ALL, ANA, NOW, ask

WORDS = "Draft a text about bees."


async def seen(database: Database, agent: str, *grades: float, cost: int = 1_000) -> None:
    """Put attempts at drafts on record."""
    async with database.transaction() as tx:
        for number, grade in enumerate(grades):
            ended = learning.Ended(
                project=ask(WORDS).project,
                attempt=f"{agent}{number}",
                run=RunId(f"run_{agent}{number}"),
                agent=agent,
                task_type="draft",
                text="Draft a text",
                succeeded=True,
                cost_micro_usd=cost,
                latency_ms=1_000,
                at=NOW - timedelta(hours=1),
                signals=(Signal(kind=SignalKind.GRADED, value=grade),),
            )
            await learning.record(tx, ended)


async def planned(database: Database, folder: Path, request: PlanRequest) -> Plan:
    async with Planner(folder / "plans.db", (), database, None, SetClock(NOW)) as planner:
        result = await planner.plan(request)
    assert isinstance(result, Ready), result
    return result.plan


async def drafted(database: Database, folder: Path, request: PlanRequest) -> Task:
    plan = await planned(database, folder, request)
    return next(task for task in plan.graph.tasks if task.type == "draft")


def asked(words: str = WORDS, *, number: int = 1, **more: object) -> PlanRequest:
    request = ask(words, catalogue=ALL).model_copy(update=more)
    return request.model_copy(update={"request": RequestId(f"req_{number}")})


async def test_the_choice_is_kept_with_its_numbers(sqlite: Database, tmp_path: Path) -> None:
    await seen(sqlite, "claude", *[0.9] * 12)
    await seen(sqlite, "chatgpt", *[0.3] * 12)
    task = await drafted(sqlite, tmp_path, asked())
    assert task.choice is not None
    chosen = task.choice.chosen
    assert (task.agent, chosen.agent, chosen.samples, chosen.cost_micro_usd) == (
        "claude", "claude", 12, 1_000,
    )  # fmt: skip
    assert chosen.quality > 0.7
    assert task.choice.dial is Dial.BALANCED
    assert {other.agent for other in task.choice.over} == {"chatgpt", "gemini"}
    assert task.reason.startswith("0.90 on 12 draft tasks here")


async def test_the_same_request_gives_the_same_plan_whatever_chance_says(
    sqlite: Database, tmp_path: Path
) -> None:
    await seen(sqlite, "claude", *[0.7] * 40)
    everything = asked(routing=Routing(exploration=0.5))
    plans = [await planned(sqlite, tmp_path, everything) for _ in range(3)]
    assert len({plan.hash for plan in plans}) == 1


async def test_a_newcomer_is_tried_within_the_share_of_the_money(
    sqlite: Database, tmp_path: Path
) -> None:
    await seen(sqlite, "claude", *[0.8] * 60, cost=50_000)

    async def firsts(share: float) -> Counter[str]:
        found: Counter[str] = Counter()
        for number in range(25):
            request = asked(number=number, routing=Routing(exploration=share))
            task = await drafted(sqlite, tmp_path, request)
            assert task.choice is not None
            assert task.choice.explored == (task.agent != "claude")
            found[task.agent] += 1
        return found

    assert await firsts(0.0) == {"claude": 25}
    tried = await firsts(0.05)
    assert sum(tried.values()) - tried["claude"] >= 2
    assert tried["claude"] >= 2


async def test_a_change_of_the_plan_leaves_the_agent_as_it_was(
    sqlite: Database, tmp_path: Path
) -> None:
    await seen(sqlite, "claude", *[0.8] * 60, cost=50_000)
    for number in range(12):
        request = asked(f"{WORDS[:-1]} and save it to bees.md", number=number)
        plan = await planned(sqlite, tmp_path, request)
        task = next(task for task in plan.graph.tasks if task.type == "draft")
        changed = asked("save to notes/bees.md instead", number=100 + number, base=plan)
        after = await drafted(sqlite, tmp_path, changed)
        assert (after.agent, after.choice, after.reason) == (task.agent, task.choice, task.reason)


def rule(effect: str, agent: str, task_type: str = "") -> Rule:
    routing = RoutingRule.model_validate(
        {"effect": effect, "agent": agent, "task_type": task_type, "said": f"{effect} {agent}"}
    )
    return Rule(
        id="r", project=ask(WORDS).project, kind=RuleKind.RULE, text=f"{effect} {agent}",
        author=ANA.key, routing=routing, at=NOW,
    )  # fmt: skip


async def test_rules_that_were_taught_decide_first(sqlite: Database, tmp_path: Path) -> None:
    await seen(sqlite, "claude", *[0.95] * 12)
    never = await drafted(sqlite, tmp_path, asked(taught=(rule("never", "Claude"),)))
    assert never.agent != "claude"
    assert "claude" not in never.fallbacks
    always = await drafted(sqlite, tmp_path, asked(taught=(rule("always", "gemini", "draft"),)))
    assert always.agent == "gemini"
    assert always.choice is not None
    assert always.choice.rule == "always gemini"
    other = await drafted(sqlite, tmp_path, asked(taught=(rule("never", "claude", "code"),)))
    assert other.agent == "claude"


async def test_a_paused_agent_is_not_planned_with(sqlite: Database, tmp_path: Path) -> None:
    await seen(sqlite, "claude", *[0.95] * 12)

    async def with_breaker_opened(minutes: int) -> str:
        was = Breaker(agent="claude", credential="")
        async with sqlite.transaction() as tx:
            was = await breakers.get(tx, "claude", "")
            opened = {"state": BreakerState.OPEN, "failures": minutes + 5}
            now = Breaker(agent="claude", credential="").model_copy(
                update={**opened, "opened_at": NOW - timedelta(minutes=minutes)}
            )
            assert await breakers.put(tx, now, was=was, at=NOW)
        return (await drafted(sqlite, tmp_path, asked())).agent

    assert await with_breaker_opened(1) != "claude"
    assert await with_breaker_opened(60) == "claude"


async def test_an_agent_that_fails_is_not_taken_in_silence(
    sqlite: Database, tmp_path: Path
) -> None:
    await seen(sqlite, "chatgpt", *[0.1] * 20)
    assert (await drafted(sqlite, tmp_path, asked())).agent != "chatgpt"
    named = asked("Have ChatGPT draft a text about bees.")
    plan = await planned(sqlite, tmp_path, named)
    assert plan.graph.tasks[0].agent == "chatgpt"
    assert any("ChatGPT does well on only" in line for line in plan.assumptions)


@pytest.mark.parametrize(
    ("words", "dial"),
    [
        ("Draft a text about bees, as cheap as possible", Dial.CHEAP),
        ("do it cheaply: translate notes.md", Dial.CHEAP),
        ("use a cheaper model", Dial.CHEAP),
        ("Übersetze das möglichst günstig", Dial.CHEAP),
        ("Draft it in the best quality", Dial.BEST),
        ("Money is no object: review this contract", Dial.BEST),
        ("résume-le en meilleure qualité", Dial.BEST),
        ("Draft a text about cheap flights", Dial.BALANCED),
        ("Find the cheapest product in products.csv", Dial.BALANCED),
        ("Which products have the best reviews?", Dial.BALANCED),
        ("use the best model\n\nno, do it cheaply", Dial.CHEAP),
    ],
)
def test_the_dial_is_read_from_how_and_not_from_what(words: str, dial: Dial) -> None:
    assert dial_of(asked(words)) is dial


def test_words_go_before_what_is_preferred_and_that_before_what_is_set() -> None:
    best = Routing(dial=Dial.BEST)
    cheaper = {PREFER_CHEAP: "cheaper"}
    assert dial_of(asked(routing=best)) is Dial.BEST
    assert dial_of(asked(routing=best, preferences=cheaper)) is Dial.CHEAP
    assert dial_of(asked("draft it in top quality", preferences=cheaper)) is Dial.BEST
