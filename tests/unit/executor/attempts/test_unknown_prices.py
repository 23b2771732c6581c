"""A price that isn't known is not nothing: a budget in dollars holds such agents, too."""

from pathlib import Path

import pytest

from executor.agents.model import ModelAgent
from executor.completions.reading import Heard
from executor.completions.usage import usage_of
from executor.policy import spending
from executor.port import Call, Reply
from memory.model.agents.endpoint import ModelEndpoint
from memory.model.agents.prices import UNKNOWN_PER_TOKEN, UNKNOWN_TASK, cost
from memory.model.agents.spec import AgentKind
from memory.model.budget import Budget
from memory.model.timing.clock import SystemClock
from memory.model.work.run import RunState, Usage
from memory.store.engine.database import Database
from memory.store.money import budgets
from planner.estimate import list_price
from tests.fakes.paid import CUT, PaidModel
from tests.unit.executor.world import PROJECT, plan, says, scripted, task, world


async def _limited(database: Database, limit: int) -> None:
    budget = Budget(id="b", project=PROJECT, name="b", limit_micro_usd=limit)
    async with database.transaction() as tx:
        await budgets.keep(tx, budget, at=SystemClock().now())


async def _spent(database: Database) -> int:
    async with database.reading() as connection:
        (state,) = await budgets.states(connection, PROJECT, now=SystemClock().now())
    assert state.reserved_micro_usd == 0
    return state.spent_micro_usd


async def test_a_model_of_unknown_price_writes_no_more_than_a_dear_one_would_for_the_money(
    sqlite: Database, tmp_path: Path
) -> None:
    async with PaidModel() as model:
        model.default = CUT
        agent = ModelAgent(model.endpoint(provider="mylab", price_model="unheard-of"))
        async with world(sqlite, tmp_path, [agent]) as here:
            await _limited(sqlite, 100_000)
            view = await here.run(task("a", agent="chatgpt"))
        assert not view.unpriced
        assert 90_000 < await _spent(sqlite) <= 100_000
        asked = next(body["max_tokens"] for body in [model.chats[-1].body] if "max_tokens" in body)
        assert asked * UNKNOWN_PER_TOKEN[1] <= 100_000


@pytest.mark.parametrize(("said", "booked"), [(0, UNKNOWN_TASK), (200_000, 200_000)])
async def test_a_program_that_tells_no_cost_is_booked_at_a_price_per_task(
    sqlite: Database, tmp_path: Path, said: int, booked: int
) -> None:
    async def silent(call: Call) -> Reply:
        return says("ok", spending.told(Usage(requests=1, cost_micro_usd=None), program.spec))

    program = scripted("codex", silent, kind=AgentKind.COMMAND, task_micro_usd=said)
    async with world(sqlite, tmp_path, [program]) as here:
        await _limited(sqlite, booked * 2 - 1)
        run = await here.start(plan(task("a", agent="codex"), task("b", "a", agent="codex")))
        view = await here.until(run, lambda view: view.state is RunState.PAUSED)
        assert view.cost_micro_usd == booked == await _spent(sqlite)
        assert len(program.calls) == 1
    assert list_price(program.spec, 0, 0) == (said or None)


async def test_a_listed_price_comes_before_local_means_free() -> None:
    model = PaidModel()
    proxy = {"provider": "local", "base_url": "http://127.0.0.1:4000", "local": True}
    assert cost(model.endpoint(**proxy, price_model="gpt-4o-mini"), 1_000_000, 0) == 150_000
    assert cost(model.endpoint(**proxy, price_model="my-own"), 1_000_000, 0) == 0
    assert cost(model.endpoint(**proxy, price_model="local"), 1_000_000, 0) == 0
    paid = ModelAgent(model.endpoint(**proxy, price_model="gpt-4o-mini")).spec
    assert list_price(paid, 1_000_000, 0) == 150_000
    assert list_price(paid.model_copy(update={"price_model": "my-own"}), 1_000_000, 0) == 0


@pytest.mark.parametrize("tokens", [(1_000, 300), (400_000, 8_001)], ids=["short", "long"])
@pytest.mark.parametrize(
    ("row", "known"),
    [
        ({"price_model": "gpt-4o-mini"}, True),
        ({"provider": "google", "price_model": "gemini-2.5-pro"}, True),
        ({"provider": "mylab", "price_model": "gpt-4o-mini"}, True),
        ({"provider": "mylab", "model": "my-own", "price_model": "gpt-4o-mini"}, True),
        ({"provider": "local", "local": True, "price_model": "my-own"}, True),
        ({"price_model": "local"}, True),
        ({"provider": "mylab", "price_model": "unheard-of"}, False),
        ({"price_model": ""}, False),
    ],
    ids=lambda row: " ".join(map(str, row.values())) if isinstance(row, dict) else "",
)
def test_a_model_is_forecast_at_what_it_will_be_billed(
    row: dict[str, object], known: bool, tokens: tuple[int, int]
) -> None:
    base = {
        "name": "m",
        "title": "M",
        "provider": "openai",
        "base_url": "http://127.0.0.1",
        "model": "m",
    }
    endpoint = ModelEndpoint.model_validate({**base, **row})
    heard = Heard("", "", "stop", *tokens)
    bill = usage_of(endpoint, heard, bytes_in=0).cost_micro_usd
    assert list_price(ModelAgent(endpoint).spec, *tokens) == bill
    assert (bill is not None) is known


@pytest.mark.parametrize("kind", [AgentKind.COMMAND, AgentKind.WEBHOOK])
@pytest.mark.parametrize(
    ("row", "price"),
    [
        ({}, None),
        ({"task_micro_usd": 200_000}, 200_000),
        ({"price_model": "local"}, 0),
        ({"price_model": "local", "task_micro_usd": 200_000}, 0),
    ],
)
def test_a_program_is_forecast_at_what_it_will_be_billed(
    kind: AgentKind, row: dict[str, object], price: int | None
) -> None:
    spec = scripted("codex", kind=kind, **row).spec
    assert spending.told(Usage(requests=1, cost_micro_usd=None), spec).cost_micro_usd == price
    assert list_price(spec, 0, 0) == price
