"""`$2 more today`: a raise by those who may, which ends by itself."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.chat import Incoming
from bot.language.governing.allowances import allowance, is_on_top
from bot.language.intents import BudgetMore, Unclear
from memory.model.base import ProjectId
from memory.model.budget import Allowance, Budget, Period
from memory.store.engine.database import Database
from memory.store.money import budgets
from memory.store.money.budgets import Promised, Short, Spender
from memory.store.tables import audit
from tests.conftest import SetClock
from tests.flows.bench import CHANNEL, Talk, person

PROJECT = ProjectId("p")
WHO = Spender(PROJECT, agent="claude", person="console:w:ana", run="run_1")
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
DOLLAR = 1_000_000


def a_budget(period: Period, limit: int = 100) -> Budget:
    return Budget(id="b", project=PROJECT, name="b", period=period, limit_micro_usd=limit)


async def make(database: Database, clock: SetClock, budget: Budget, *more: int) -> None:
    async with database.transaction() as tx:
        await budgets.keep(tx, budget, at=clock.now())
        for amount in more:
            given = Allowance(amount_micro_usd=amount, until=MIDNIGHT)
            await budgets.allow(tx, budget, given, by=person("ana"), at=clock.now())


async def spend(database: Database, clock: SetClock, amount: int) -> list[int] | None:
    """The thresholds it passed; None where it doesn't fit."""
    async with database.transaction() as tx:
        got = await budgets.reserve(tx, WHO, amount, at=clock.now())
        if isinstance(got, Short):
            return None
        passed = await budgets.settle(
            tx, WHO, got.holds, reserved_micro_usd=amount, cost_micro_usd=amount, tokens=1,
            at=clock.now(),
        )  # fmt: skip
        return [each.percent for each in passed]


@pytest.mark.parametrize("period", Period)
async def test_more_may_be_spent_until_then_and_no_longer(
    database: Database, clock: SetClock, period: Period
) -> None:
    await make(database, clock, a_budget(period), 30, 20)
    assert await spend(database, clock, 151) is None
    assert await spend(database, clock, 120) == [75]
    clock.moment = MIDNIGHT
    anew = period is Period.DAY
    assert await spend(database, clock, 101) is None
    assert (await spend(database, clock, 1) is None) is not anew
    async with database.reading() as connection:
        (state,) = await budgets.states(connection, PROJECT, now=clock.now())
    assert (state.budget.limit_micro_usd, state.allowed) == (100, ())


async def test_thresholds_are_told_again_under_the_raised_limit(
    database: Database, clock: SetClock
) -> None:
    await make(database, clock, a_budget(Period.MONTH))
    assert await spend(database, clock, 100) == [100]
    async with database.transaction() as tx:
        given = Allowance(amount_micro_usd=100, until=MIDNIGHT)
        await budgets.allow(tx, a_budget(Period.MONTH), given, by=person("ana"), at=clock.now())
    assert await spend(database, clock, 55) == [75]


async def test_a_limit_that_is_set_is_the_whole_limit(database: Database, clock: SetClock) -> None:
    await make(database, clock, a_budget(Period.MONTH), 50)
    await make(database, clock, a_budget(Period.MONTH, 110))
    assert await spend(database, clock, 111) is None
    assert await spend(database, clock, 110) == [100]


async def test_what_is_set_aside_grows_into_it_in_its_own_period_only(
    database: Database, clock: SetClock
) -> None:
    clock.moment = MIDNIGHT.replace(day=2, hour=23)
    await make(database, clock, a_budget(Period.DAY), 50)
    async with database.transaction() as tx:
        got = await budgets.reserve(tx, WHO, 100, at=clock.now())
        assert isinstance(got, Promised)
        assert await budgets.extend(tx, PROJECT, got.holds, 40, 1, own=100, at=clock.now()) == 40
        clock.forward(hours=2)
        given = Allowance(amount_micro_usd=500, until=MIDNIGHT.replace(day=4))
        await budgets.allow(tx, a_budget(Period.DAY), given, by=person("ana"), at=clock.now())
        short = await budgets.extend(tx, PROJECT, got.holds, 10, 1, own=140, at=clock.now())
        assert isinstance(short, Short), "today's is not for yesterday"


async def test_it_is_said_in_the_chat_by_those_who_set_budgets(talk_on_both: Talk) -> None:
    async with talk_on_both(owners=("ana",)) as ready:
        await ready.say("ana", "@orchestra budget $5 a day")
        await ready.say("ana", "@orchestra budget $50 a month")
        await ready.say("bo", "@orchestra $2 more today")
        assert "ana" in ready.heard()
        await ready.say("ana", "@orchestra $2 more today")
        heard = ready.heard()
        assert '"project" has $2 more until the end of 2 March: $7 a day, then $5 again.' in heard
        assert "$52 a month, then $50 again" in heard
        await ready.say("ana", "@orchestra $3 more this week")
        assert "$55 a month, then $50 again" in ready.heard()
        assert "$5 a day still holds as well" in ready.heard()
        await ready.say("ana", "@orchestra budget")
        assert "$0 of $7 today · $2 of it only until the end of 2 March" in ready.heard()
        assert "$3 of it only until the end of 8 March" in ready.heard()
        await ready.say("ana", "@orchestra let @bo spend $2 more today")
        assert "There's no budget for that" in ready.heard()
        ready.clock.forward(days=1)
        await ready.say("ana", "@orchestra budget")
        assert "$0 of $5 today" in ready.heard()
        assert "$0 of $53 this month" in ready.heard()
        async with ready.services.database.reading() as connection:
            rows = await connection.execute(
                sa.select(audit.c.actor).where(audit.c.action == "budget.allowed")
            )
            assert list(rows.scalars()) == [person("ana").key] * 2


async def test_a_budget_by_the_day_has_no_more_for_a_week(talk: Talk) -> None:
    async with talk(owners=("ana",)) as ready:
        await ready.say("ana", "@orchestra budget $5 a day")
        await ready.say("ana", "@orchestra $2 more this week")
        assert "starts anew every day" in ready.heard()
        assert "`$2 more today`" in ready.heard()


def read(text: str) -> object:
    told = Incoming(
        event_id="1", kind="message", thread=CHANNEL, author=person("ana"), text=text,
        mentions=(person("bo"),) if "@" in text else (), at=MIDNIGHT,
    )  # fmt: skip
    return allowance(text, told)


@pytest.mark.parametrize(
    ("text", "name", "dollars", "period"),
    [
        ("$2 more today", "", 2, "day"),
        ("we may spend an extra $3 for the rest of the day", "", 3, "day"),
        ("let Claude spend $2 more this week", "Claude", 2, "week"),
        ("give Claude another 5 dollars until the end of the month.", "Claude", 5, "month"),
        ("$2 more for Claude today", "Claude", 2, "day"),
        ("$2 more tonight for Claude", "Claude", 2, "day"),
        ("raise Claude's budget by $2 for today", "Claude", 2, "day"),
        ("let @bo spend $1,000 more this month", "@bo", 1_000, "month"),
    ],
)
def test_words_that_let_more_be_spent(text: str, name: str, dollars: int, period: str) -> None:
    assert read(text) == BudgetMore.model_validate(
        {
            "name": name, "limit_micro_usd": dollars * DOLLAR, "period": period,
            "person": person("bo") if "@" in text else None,
        }
    )  # fmt: skip


@pytest.mark.parametrize("text", ["$2 more", "let Claude spend $2 more", "raise the budget by $2"])
def test_without_an_end_it_is_asked_for(text: str) -> None:
    assert isinstance(read(text), Unclear)


@pytest.mark.parametrize(
    "text",
    ["budget $5 a day", "let Claude spend $2 this week", "don't spend $2 more today",
     "find 2 more suppliers today", "who may spend $2 more today?"],
)  # fmt: skip
def test_other_words_are_none_of_it(text: str) -> None:
    assert read(text) is None


def test_more_than_there_is_never_becomes_a_new_limit() -> None:
    assert is_on_top("could Claude have 2 dollars more a day")
    assert is_on_top("add $2 to the budget")
    assert not is_on_top("at most $2 a day and no more")
