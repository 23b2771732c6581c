"""Budgets: how they stand, and how long they will last."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.config.projects import is_admin
from bot.queries.asking import Asking
from memory.model.base import Model, ProjectId
from memory.model.budget import BudgetState, Period
from memory.model.timing.periods import period_end
from memory.store.engine.database import Connection
from memory.store.money import budgets, scoped, working_time
from memory.store.running import calls, runs

FORECAST_DAYS = 3650
"""Further ahead a forecast says nothing."""


class Outlook(Model):
    """A budget as it stands; `ends_on`: see the function of that name.

    `projected`: what the period comes to at its pace so far, None for one that never ends.
    `by_agent`: what it was spent on, the dearest first.
    """

    state: BudgetState
    ends_on: date | None = None
    projected_micro_usd: int | None = None
    by_agent: tuple[tuple[str, int], ...] = ()

    @property
    def paused(self) -> bool:
        """Whether nothing more may begin that costs money."""
        return self.state.budget.enforced and self.state.left_micro_usd <= 0


class Savings(Model):
    """Calls that were not made since their answers were cached, and what they would have cost."""

    calls: int = 0
    cost_micro_usd: int = 0


NO_SAVINGS: Final = Savings()


async def outlooks(asking: Asking) -> tuple[Outlook, ...]:
    """Every budget of the project, oldest first; for admins those of the installation, too."""
    asking.must_see()
    admin = is_admin(asking.desk.settings, asking.person)
    return await _outlooks(asking.connection, asking.project, asking.now, everywhere=admin)


async def savings(asking: Asking) -> Savings:
    """What the cache of calls has saved the project."""
    asking.must_see()
    count, cost = await calls.savings(asking.connection, asking.project)
    return Savings(calls=count, cost_micro_usd=cost)


async def running_in(asking: Asking, thread: str) -> str:
    """The id of the newest run of the thread that isn't over, "" for none."""
    asking.must_see()
    found = await runs.of_project(
        asking.connection, asking.project, thread_key=thread, running_only=True, limit=1
    )
    return str(found[0].id) if found else ""


async def outlook_of(
    connection: Connection, project: ProjectId, budget: str, *, now: datetime
) -> Outlook | None:
    """One budget by its id; None when it's gone."""
    known = await _outlooks(connection, project, now, everywhere=True)
    return next((outlook for outlook in known if outlook.state.budget.id == budget), None)


def ends_on(state: BudgetState, today: date) -> date | None:
    """The day on which the limit is reached if spending goes on as it did in this period.

    A straight line through what was spent so far; None where it holds to the period's end.
    """
    start = state.period_start.astimezone(ZoneInfo(state.budget.zone)).date()
    days = max((today - start).days, 0) + 1
    if state.spent_micro_usd <= 0:
        return None
    left = state.budget.limit_micro_usd - state.spent_micro_usd
    if left <= 0:
        return today
    ahead = left * days // state.spent_micro_usd
    if ahead > FORECAST_DAYS:
        return None
    end, last = today + timedelta(days=ahead), _last_day(start, state.budget.period)
    return end if last is None or end <= last else None


def _last_day(start: date, period: Period) -> date | None:
    match period:
        case Period.DAY:
            return start
        case Period.WEEK:
            return start + timedelta(days=6)
        case Period.MONTH:
            return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        case Period.TOTAL:
            return None


def projected(state: BudgetState, now: datetime) -> int | None:
    """What the period comes to if spending goes on as it did in it so far, in micro-USD."""
    budget = state.budget
    end = period_end(budget.period, budget.zone, now)
    elapsed = now - state.period_start
    if end is None or elapsed <= timedelta(0):
        return None
    return round(state.spent_micro_usd * ((end - state.period_start) / elapsed))


async def _outlooks(
    connection: Connection, project: ProjectId, now: datetime, *, everywhere: bool
) -> tuple[Outlook, ...]:
    states = await budgets.states(connection, project, everywhere=everywhere, now=now)
    return tuple([await _outlook(connection, state, now) for state in states])


async def _outlook(connection: Connection, state: BudgetState, now: datetime) -> Outlook:
    today = now.astimezone(ZoneInfo(state.budget.zone)).date()
    spent = await _by_agent(connection, state)
    return Outlook(
        state=state,
        ends_on=ends_on(state, today),
        projected_micro_usd=projected(state, now),
        by_agent=tuple(sorted((pair for pair in spent if pair[1]), key=lambda pair: -pair[1])),
    )


async def _by_agent(connection: Connection, state: BudgetState) -> Iterable[tuple[str, int]]:
    """What each agent spent in the budget's unit; of a run they share nobody has more, and of an
    installation no project hears.
    """
    budget, since = state.budget, state.period_start
    if budget.scope == "installation":
        return ()
    match budget.unit:
        case "runs":
            return ()
        case "minutes":
            return (await working_time.by_agent(connection, budget, since)).items()
        case unit:
            lines = await scoped.spent_since(connection, budget, since)
            return [
                (line.key, line.tokens if unit == "tokens" else line.cost_micro_usd)
                for line in lines
            ]
