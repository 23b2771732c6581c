"""From a request to a plan, a question or a sentence, through the real graph and its checkpoints."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName
from memory.model.errors import StorageTrouble
from memory.store.engine.database import Database
from planner.port import Answer, Declined, NeedsAnswers, PlanRequest, Ready
from planner.service import Planner
from tests.conftest import SetClock
from tests.fakes.model import Data, FakeModel, Fault, Refusal, Text, nested_json
from tests.unit.planner.world import ALL, ask, describe, folder

YARDSTICK = (
    "Load sales.csv, total the revenue by region, chart it, and write a report to reports/q3.md"
)


@pytest.fixture
async def planner(tmp_path: Path, clock: SetClock) -> AsyncIterator[Planner]:
    async with Planner(tmp_path / "plans.db", (), None, None, clock) as opened:
        yield opened


@pytest.fixture
def sales(tmp_path: Path) -> PlanRequest:
    root = folder(tmp_path / "work")
    return ask(YARDSTICK, describe(root, "sales.csv"))


TOTAL = "Load sales.csv and total the revenue"
"""What `draft` covers."""


@pytest.fixture
def total(sales: PlanRequest) -> PlanRequest:
    return sales.model_copy(update={"text": TOTAL})


def endpoint(model: FakeModel, **more: object) -> ModelEndpoint:
    fields = {
        "name": AgentName("chatgpt"), "title": "ChatGPT", "provider": "openai", "timeout_s": 5,
        "base_url": model.base_url, "model": "fake-model",
    }  # fmt: skip
    return ModelEndpoint.model_validate({**fields, **more})


def draft(**more: object) -> dict[str, object]:
    query = {"key": "table", "title": "Total revenue", "type": "data.query", "agent": None,
             "instruction": "", "after": [],
             "inputs": [{"name": "sources", "value": "sales.csv", "from_task": None},
                        {"name": "sql", "value": 'SELECT SUM("revenue") FROM "sales"',
                         "from_task": None}]}  # fmt: skip
    return {"title": "Revenue", "tasks": [query], "assumptions": [], "gaps": [], **more}


GAP = {"slot": "period", "question": "Which year?", "options": ["2024", "2025"],
       "default": "2025", "matters": "plan"}  # fmt: skip


async def test_the_yardstick_becomes_three_tasks_and_two_effects(
    planner: Planner, sales: PlanRequest
) -> None:
    result = await planner.plan(sales)
    assert isinstance(result, Ready)
    plan = result.plan
    assert [task.type for task in plan.graph.tasks] == ["data.query", "data.chart", "report.write"]
    assert [(effect.effect, effect.target) for effect in plan.graph.effects()] == [
        (EffectClass.WRITE, "reports/q3.png"),
        (EffectClass.WRITE, "reports/q3.md"),
    ]
    assert plan.title == "Q3 report: total revenue by region"
    assert plan.author == "offline planner"
    assert plan.estimate.cost_high_micro_usd == 0
    assert plan.created_at < plan.expires_at


async def test_the_same_request_gives_the_same_hash(planner: Planner, sales: PlanRequest) -> None:
    first, second = await planner.plan(sales), await planner.plan(sales)
    assert isinstance(first, Ready)
    assert isinstance(second, Ready)
    assert first.plan.hash == second.plan.hash


async def test_an_unknown_column_is_asked_and_the_answer_is_used(
    tmp_path: Path, clock: SetClock, sales: PlanRequest
) -> None:
    request = sales.model_copy(update={"text": "total the benefit by region in sales.csv"})
    async with Planner(tmp_path / "plans.db", (), None, None, clock) as planner:
        asked = await planner.plan(request)
    assert isinstance(asked, NeedsAnswers)
    assert asked.questions[0].options[0] == "Total revenue by region"
    assert "Total units by region" in asked.questions[0].options
    answers = (Answer(slot=asked.questions[0].slot, value="Total units by region"),)
    clock.forward(days=3)
    async with Planner(tmp_path / "plans.db", (), None, None, clock) as planner:
        ready = await planner.answer(request.model_copy(update={"answers": answers}))
    assert isinstance(ready, Ready)
    assert 'SUM("units")' in ready.plan.model_dump_json().replace("\\", "")


async def test_answers_count_even_when_the_checkpoint_is_gone(
    planner: Planner, sales: PlanRequest
) -> None:
    request = sales.model_copy(update={"text": "total the benefit by region in sales.csv"})
    asked = await planner.plan(request)
    assert isinstance(asked, NeedsAnswers)
    await planner.forget(request.request)
    answers = (
        Answer(slot=asked.questions[0].slot, value="Total revenue by region", defaulted=True),
    )
    ready = await planner.answer(request.model_copy(update={"answers": answers}))
    assert isinstance(ready, Ready)


async def test_what_was_chosen_before_is_not_asked_again(
    planner: Planner, sales: PlanRequest
) -> None:
    request = sales.model_copy(
        update={
            "text": "total the benefit by region in sales.csv",
            "preferences": {"reading of total the benefit by region in": "Total units by region"},
        }
    )
    ready = await planner.plan(request)
    assert isinstance(ready, Ready)
    assert 'SUM("units")' in ready.plan.model_dump_json().replace("\\", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "say what to do with it"),
        ("   \n", "say what to do with it"),
        ("hello!", "Hello!"),
        ("thanks a lot", "welcome"),
        ("what can you do?", "help"),
        ("x" * 40_001, "40,000"),
        ("Töltsd be az adatokat, és összesítsd területenként", "understand"),
        ("売上を地域別に集計してください", "English"),
        ("write a poem about rain", "needs a language model"),
        ("total the revenue of nothing.csv", "sales.csv"),
        ("\n".join(f"count rows of sales.csv where units is over {n}." for n in range(500)), "200"),
        ("delete sales.csv", "no tool"),
        ("every monday at 9 total the revenue by region", "schedule"),
    ],
)
async def test_what_cannot_be_planned_gets_one_clear_sentence(
    planner: Planner, sales: PlanRequest, text: str, said: str
) -> None:
    result = await planner.plan(sales.model_copy(update={"text": text}))
    assert isinstance(result, Declined), result
    assert said in result.text
    assert len(result.text) < 1000


async def test_finished_plans_leave_no_checkpoint(
    planner: Planner, sales: PlanRequest, tmp_path: Path
) -> None:
    import aiosqlite

    await planner.plan(sales)
    async with aiosqlite.connect(tmp_path / "plans.db") as connection:
        rows = await connection.execute_fetchall("SELECT COUNT(*) FROM checkpoints")
    assert next(iter(rows))[0] == 0


async def test_questions_nobody_answers_are_forgotten_after_a_month(
    tmp_path: Path, sales: PlanRequest
) -> None:
    from datetime import UTC, datetime, timedelta

    import aiosqlite

    # LangGraph stamps checkpoints by the machine's clock.
    clock = SetClock(datetime.fromtimestamp(0, UTC))
    request = sales.model_copy(update={"text": "total the benefit by region in sales.csv"})
    async with Planner(tmp_path / "plans.db", (), None, None, clock) as planner:
        await planner.plan(request)
    clock = SetClock(datetime(2126, 1, 1, tzinfo=UTC) + timedelta(days=31))
    async with Planner(tmp_path / "plans.db", (), None, None, clock) as planner:
        await planner.warm()
    async with aiosqlite.connect(tmp_path / "plans.db") as connection:
        rows = await connection.execute_fetchall("SELECT COUNT(*) FROM checkpoints")
    assert next(iter(rows))[0] == 0


async def test_many_plans_at_once_do_not_mix(planner: Planner, sales: PlanRequest) -> None:
    import asyncio

    texts = ["total revenue by region", "total the benefit by region", "hello", "count rows"]
    requests = [
        sales.model_copy(update={"request": f"req_{n}", "text": texts[n % 4]}) for n in range(40)
    ]
    results = await asyncio.gather(*(planner.plan(request) for request in requests))
    kinds = [result.kind for result in results]
    assert kinds == ["ready", "needs_answers", "declined", "ready"] * 10
    plans = [result.plan for result in results if isinstance(result, Ready)]
    assert [plan.request for plan in plans] == [f"req_{n}" for n in range(40) if n % 4 in {0, 3}]


async def test_checkpoints_that_cannot_be_kept_are_told_in_words(
    tmp_path: Path, clock: SetClock, sales: PlanRequest
) -> None:
    import aiosqlite

    async with Planner(tmp_path / "plans.db", (), None, None, clock) as planner:
        await planner.warm()
        async with aiosqlite.connect(tmp_path / "plans.db") as connection:
            await connection.execute("DROP TABLE checkpoints")
            await connection.commit()
        with pytest.raises(StorageTrouble, match="no such table") as told:
            await planner.plan(sales.model_copy(update={"text": "total the benefit by region"}))
    assert "doctor" in told.value.user_text


async def test_postgres_keeps_questions_too(
    postgres_url: str, clock: SetClock, sales: PlanRequest
) -> None:
    request = sales.model_copy(update={"text": "total the benefit by region in sales.csv"})
    async with Planner(postgres_url, (), None, None, clock) as planner:
        asked = await planner.plan(request)
        assert isinstance(asked, NeedsAnswers)
    answers = (Answer(slot=asked.questions[0].slot, value="Total units by region"),)
    async with Planner(postgres_url, (), None, None, clock) as planner:
        ready = await planner.answer(request.model_copy(update={"answers": answers}))
    assert isinstance(ready, Ready)


async def test_a_model_drafts_and_the_catalogue_decides_effects(
    tmp_path: Path, clock: SetClock, sqlite: Database, total: PlanRequest
) -> None:
    async with FakeModel() as model:
        model.say(Data(draft()))
        ends = (endpoint(model),)
        request = total.model_copy(update={"catalogue": ALL})
        async with Planner(tmp_path / "plans.db", ends, sqlite, None, clock) as planner:
            result = await planner.plan(request)
    assert isinstance(result, Ready)
    assert result.plan.author == "fake-model"
    assert result.plan.graph.effects() == ()
    prompt = model.chats[0].text
    assert "<<<BEGIN REQUEST>>>" in prompt
    assert '"revenue" DOUBLE' in prompt


async def test_a_draft_with_a_mistake_gets_one_repair_turn(
    tmp_path: Path, clock: SetClock, sales: PlanRequest
) -> None:
    broken = draft()
    broken["tasks"] = [{**broken["tasks"][0], "type": "data.querry"}]  # type: ignore[index]
    async with FakeModel() as model:
        model.say(Data(broken), Data(draft()))
        async with Planner(tmp_path / "p.db", (endpoint(model),), None, None, clock) as planner:
            result = await planner.plan(sales)
    assert isinstance(result, Ready)
    assert len(model.chats) == 2
    assert "data.query" in model.chats[1].text
    assert "nobody here can do data.querry" in model.chats[1].text


@pytest.mark.parametrize(
    "nonsense",
    ["I would love to help!", '{"title": NaN}', nested_json(), '{"title": "x", "tasks": 5}', "{"],
)
async def test_nonsense_twice_falls_back_to_the_offline_planner_and_says_so(
    tmp_path: Path, clock: SetClock, sales: PlanRequest, nonsense: str
) -> None:
    async with FakeModel() as model:
        model.default = Text(nonsense)
        async with Planner(tmp_path / "p.db", (endpoint(model),), None, None, clock) as planner:
            result = await planner.plan(sales)
    assert isinstance(result, Ready)
    assert result.plan.author == "offline planner"
    assert "offline planner" in result.remarks[0]


async def test_a_refusal_is_told_as_one(
    tmp_path: Path, clock: SetClock, sales: PlanRequest
) -> None:
    async with FakeModel() as model:
        model.say(Refusal("That is against my rules."))
        async with Planner(tmp_path / "p.db", (endpoint(model),), None, None, clock) as planner:
            result = await planner.plan(sales)
    assert result == Declined(text="ChatGPT won't plan this: That is against my rules.")


async def test_when_every_model_is_down_the_offline_planner_steps_in(
    tmp_path: Path, clock: SetClock, sales: PlanRequest
) -> None:
    async with FakeModel() as one, FakeModel() as other:
        one.default, other.default = Fault(503), Fault(429, retry_after="9")
        ends = (endpoint(one), endpoint(other, title="Local"))
        async with Planner(tmp_path / "p.db", ends, None, None, clock) as planner:
            result = await planner.plan(sales)
    assert isinstance(result, Ready)
    assert "ChatGPT" in result.remarks[0]
    assert "Local: it's over its rate limit" in result.remarks[0]
    assert len(one.chats) == len(other.chats) == 1


async def test_the_second_endpoint_answers_when_the_first_is_down(
    tmp_path: Path, clock: SetClock, sales: PlanRequest
) -> None:
    async with FakeModel() as one, FakeModel(usage=None) as other:
        one.default = Fault(500)
        other.say(Data(draft()))
        ends = (endpoint(one), endpoint(other, title="Local"))
        async with Planner(tmp_path / "p.db", ends, None, None, clock) as planner:
            result = await planner.plan(sales)
    assert isinstance(result, Ready)
    assert "Planned by Local" in result.remarks[0]


async def test_default_answers_cost_no_second_call(
    tmp_path: Path, clock: SetClock, total: PlanRequest
) -> None:
    async with FakeModel() as model:
        model.say(Data(draft(gaps=[GAP])))
        async with Planner(tmp_path / "p.db", (endpoint(model),), None, None, clock) as planner:
            asked = await planner.plan(total)
            assert isinstance(asked, NeedsAnswers)
            answers = (Answer(slot="period", value="2025", defaulted=True),)
            ready = await planner.answer(total.model_copy(update={"answers": answers}))
    assert isinstance(ready, Ready)
    assert len(model.chats) == 1


async def test_other_answers_are_given_to_the_model(
    tmp_path: Path, clock: SetClock, total: PlanRequest
) -> None:
    async with FakeModel() as model:
        model.say(Data(draft(gaps=[GAP])), Data(draft(title="Revenue 2024")))
        async with Planner(tmp_path / "p.db", (endpoint(model),), None, None, clock) as planner:
            await planner.plan(total)
            answers = (Answer(slot="period", value="2024"),)
            ready = await planner.answer(total.model_copy(update={"answers": answers}))
    assert isinstance(ready, Ready)
    assert ready.plan.title == "Revenue 2024"
    assert "period: 2024" in model.chats[1].text


async def test_a_model_that_sees_no_work_declines_in_its_words(
    tmp_path: Path, clock: SetClock, sales: PlanRequest
) -> None:
    async with FakeModel() as model:
        model.say(Data(draft(tasks=[], declined="That is a question about football.")))
        async with Planner(tmp_path / "p.db", (endpoint(model),), None, None, clock) as planner:
            result = await planner.plan(sales)
    assert result == Declined(text="That is a question about football.")
