"""Budgets, and what was spent and promised in their periods. Reserving never overspends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from memory.model.base import ProjectId, TaskKey, name_key
from memory.model.budget import (
    EVERYWHERE,
    THRESHOLDS,
    Allowance,
    Budget,
    BudgetState,
    Mode,
    Unit,
    budget_id,
    task_subject,
)
from memory.model.identity import Identity
from memory.model.timing.periods import period_start
from memory.model.work.graph import map_key
from memory.store.engine.database import Connection
from memory.store.knowledge import people
from memory.store.money import allowances, scoped
from memory.store.money import budget_periods as periods
from memory.store.money.doubles import no_double
from memory.store.money.holds import Hold, held, hold_in
from memory.store.money.verdicts import Passed, Promised, Short
from memory.store.tables import budget_periods, budgets

OF_CALLS: Final[frozenset[Unit]] = frozenset({"usd", "tokens"})
"""What a call of a model uses up."""

OF_TIME: Final[frozenset[Unit]] = frozenset({"minutes"})
"""What a task uses up that costs nothing."""

OF_WORK: Final[frozenset[Unit]] = OF_CALLS | OF_TIME
"""What any other task uses up."""


@dataclass(frozen=True)
class Spender:
    """Who wants to spend: decides which budgets count."""

    project: ProjectId
    agent: str
    person: str
    run: str
    task: str = ""
    schedule: str = ""
    template: str = ""
    helpers: tuple[str, ...] = ()
    """Other agents it will ask on the way: their budgets have to have room, too."""


async def keep(tx: Connection, budget: Budget, *, at: datetime) -> None:
    """Make the budget, or change the one with this id; allowances on top of it end.

    Raises Conflict on its double.
    """
    no_double(budget, await budgets_of(tx, budget.project))
    first = budget.id == budget_id(budget.project, budget.name)
    row = {
        "project_id": budget.project,
        "name": budget.name,
        "name_key": name_key(budget.name) if first else budget.id,  # one of several of a name
        "body": budget.as_stored(),
    }
    was = await _stored(tx, budget)
    if was is None:
        await tx.execute(sa.insert(budgets).values(id=budget.id, **row, created_at=at))
    else:
        await tx.execute(sa.update(budgets).where(_is(budget.project, budget.id)).values(**row))
    await allowances.end(tx, budget.id, at=at)
    counted = was is not None and (was.scope, was.subject) == (budget.scope, budget.subject)
    await _arm(tx, budget, at, counted=counted)


async def _stored(tx: Connection, budget: Budget) -> Budget | None:
    """The budget as it is in its row, which nobody else changes until the transaction ends."""
    body = await tx.scalar(
        sa.select(budgets.c.body).where(_is(budget.project, budget.id)).with_for_update()
    )
    return None if body is None else Budget.model_validate(body)


async def _arm(tx: Connection, budget: Budget, at: datetime, *, counted: bool) -> None:
    """Let thresholds that aren't reached under this limit be told again.

    Unless the period's spending was `counted` for the same scope, it is taken from the ledger.
    """
    start = period_start(budget.period, budget.zone, at)
    if await periods.begin(tx, budget, start) or not counted:
        sums = await scoped.sums_since(tx, budget, start)
        await tx.execute(
            sa.update(budget_periods).where(periods.row_of(budget.id, start)).values(**sums)
        )
    state = await periods.present(tx, budget, at)
    told = min(state.alerted_percent, state.reached)
    await tx.execute(
        sa.update(budget_periods)
        .where(periods.row_of(budget.id, start))
        .values(alerted_percent=told, told_short=False)
    )


async def allow(
    tx: Connection, budget: Budget, allowance: Allowance, *, by: Identity, at: datetime
) -> None:
    """Let so much more be spent under the budget for a while; its thresholds are told again."""
    await _stored(tx, budget)
    await allowances.give(tx, budget, allowance, by=by, at=at)
    await _arm(tx, budget, at, counted=True)


async def remove(tx: Connection, project: ProjectId, budget: str) -> bool:
    """Take the budget away; what was spent stays in the ledger. False where there is none."""
    gone = await tx.execute(sa.delete(budgets).where(_is(project, budget)))
    return gone.rowcount == 1


async def budgets_of(
    connection: Connection,
    project: ProjectId,
    *,
    everywhere: bool = False,
    made_before: datetime | None = None,
) -> tuple[Budget, ...]:
    """Every budget of the project, oldest first; `everywhere`: and of the installation;
    `made_before`: those that were there by then.
    """
    places = {project, EVERYWHERE} if everywhere else {project}
    of_then = sa.true() if made_before is None else budgets.c.created_at <= made_before
    rows = await connection.execute(
        sa.select(budgets.c.body)
        .where(budgets.c.project_id.in_(places) & of_then)
        .order_by(budgets.c.created_at, budgets.c.id)
    )
    return tuple(Budget.model_validate(body) for body in rows.scalars())


async def states(
    connection: Connection, project: ProjectId, *, everywhere: bool = False, now: datetime
) -> tuple[BudgetState, ...]:
    """Every budget of the project in its present period; `everywhere`: and of the installation."""
    return tuple(
        [
            await periods.present(connection, budget, now)
            for budget in await budgets_of(connection, project, everywhere=everywhere)
        ]
    )


async def reserve(
    tx: Connection,
    who: Spender,
    amount_micro_usd: int,
    *,
    units: frozenset[Unit] = OF_CALLS,
    at: datetime,
) -> Promised | Short:
    """Set the money aside in every budget of these units that counts, or in none; of tokens, a usual
    call's, of time a minute.

    The check and the change are one statement per budget, so that any number of attempts at
    once cannot promise more than a limit. Budgets that are not enforced only count.
    """
    holds: list[Hold] = []
    for budget in await counting(tx, who):
        hold = hold_in(budget, period_start(budget.period, budget.zone, at))
        if hold is None or budget.unit not in units:
            continue
        amount = held(hold, amount_micro_usd)
        if not await _take(tx, budget, amount, "reserved_micro_usd", at):
            await _give_back(tx, holds, amount_micro_usd)
            state = await periods.present(tx, budget, at)
            return Short(state, amount, waits=_may_fit_later(state, amount))
        holds.append(hold)
    return Promised(tuple(holds), amount_micro_usd)


async def begin_run(tx: Connection, who: Spender, *, at: datetime) -> tuple[Passed, ...] | Short:
    """Count the run in every limit of runs that it falls under. Where it's Short, roll back."""
    passed: list[Passed] = []
    for budget in await counting(tx, who):
        if budget.unit != "runs":
            continue
        if not await _take(tx, budget, 1, "spent_micro_usd", at):
            return Short(await periods.present(tx, budget, at), 1, waits=False)
        passed += await _passed(tx, await periods.present(tx, budget, at))
    return tuple(passed)


async def _take(tx: Connection, budget: Budget, amount: int, column: str, at: datetime) -> bool:
    """Add it where there's room; False where there's none, which only enforced budgets can lack."""
    start = period_start(budget.period, budget.zone, at)
    await periods.begin(tx, budget, start)
    room: sa.ColumnElement[bool] = sa.true()
    if budget.enforced:
        planned = budget_periods.c.spent_micro_usd + budget_periods.c.reserved_micro_usd
        limit = (await periods.as_state(tx, budget, start, None, at)).budget.limit_micro_usd
        room = planned + amount <= limit
    taken = await tx.execute(
        sa.update(budget_periods)
        .where(periods.row_of(budget.id, start) & room)
        .values({column: budget_periods.c[column] + amount})
    )
    return taken.rowcount == 1


async def settle(
    tx: Connection,
    who: Spender,
    holds: tuple[Hold, ...],
    *,
    reserved_micro_usd: int,
    cost_micro_usd: int,
    tokens: int,
    took_ms: int = 0,
    at: datetime,
) -> tuple[Passed, ...]:
    """Turn what was promised into what was spent; tells of thresholds passed by it.

    Where the money was promised for another agent of the attempt, it is only free again.
    """
    if not (cost_micro_usd or tokens or holds):
        return ()
    mine = await _of_amounts(tx, who)
    drawn = _drawn(mine.values(), holds, reserved_micro_usd, at)
    passed: list[Passed] = []
    for drawn_on, (start, freed) in sorted(drawn.items()):
        budget = mine.get(drawn_on)
        spent = _spent_in(budget, cost_micro_usd, tokens, took_ms)
        row = await _move(tx, drawn_on, start, freed, *spent)
        if budget is not None and row is not None:
            passed += await _passed(tx, await periods.as_state(tx, budget, start, row, at))
    return tuple(passed)


async def _of_amounts(tx: Connection, who: Spender) -> dict[str, Budget]:
    """Those that count what is spent, rather than runs, by their ids."""
    return {budget.id: budget for budget in await counting(tx, who) if budget.unit != "runs"}


def _drawn(
    counting: Iterable[Budget], holds: Iterable[Hold], reserved_micro_usd: int, at: datetime
) -> dict[str, tuple[datetime, int]]:
    """The periods it's counted in, and how much is free again there: none in limits made meanwhile."""
    freed = {
        hold[0]: (datetime.fromisoformat(hold[1]), held(hold, reserved_micro_usd)) for hold in holds
    }
    here = {budget.id: (period_start(budget.period, budget.zone, at), 0) for budget in counting}
    return here | freed


def _spent_in(
    budget: Budget | None, cost_micro_usd: int, tokens: int, took_ms: int
) -> tuple[int, int]:
    """In the budget's unit, and in tokens."""
    if budget is None:
        return 0, 0
    of_unit = {"tokens": tokens, "minutes": took_ms, "usd": cost_micro_usd, "runs": 0}
    return of_unit[budget.unit], tokens


async def _move(
    tx: Connection, budget: str, start: datetime, freed: int, cost: int, tokens: int
) -> sa.Row[tuple[object, ...]] | None:
    """From promised to spent; the row as it is then, locked until the transaction ends."""
    columns = budget_periods.c
    moved = await tx.execute(
        sa.update(budget_periods)
        .where(periods.row_of(budget, start))
        .values(
            reserved_micro_usd=columns.reserved_micro_usd - freed,
            spent_micro_usd=columns.spent_micro_usd + cost,
            tokens=columns.tokens + tokens,
        )
        .returning(*columns)
    )
    return moved.one_or_none()


async def _passed(tx: Connection, state: BudgetState) -> list[Passed]:
    """The threshold that is reached for the first time, noted as told."""
    if state.reached <= state.alerted_percent:
        return []
    told = sa.update(budget_periods).where(periods.row_of(state.budget.id, state.period_start))
    await tx.execute(told.values(alerted_percent=state.reached))
    return [] if state.budget.mode is Mode.OBSERVE else [Passed(state, state.reached)]


async def extend(
    tx: Connection,
    project: ProjectId,
    holds: tuple[Hold, ...],
    most: int,
    least: int,
    *,
    own: int,
    at: datetime,
) -> int | Short:
    """Set aside up to `most` micro-USD more than the `own` in the same budgets, at least `least`.
    Holds of time are given as plain amounts (`of_time`), and then it's milliseconds.

    Returns how much it is. Short where one of them hasn't room for the least; what is only
    counted or warned of always has.
    """
    states = await _locked(tx, project, holds, at)
    tightest = min(states, key=lambda state: state.left_micro_usd, default=None)
    if tightest is not None and tightest.left_micro_usd < least:
        return Short(tightest, own + least, waits=_may_fit_later(tightest, own + least, own))
    amount = most if tightest is None else min(most, tightest.left_micro_usd)
    await _give_back(tx, [hold for hold in holds if len(hold) == 2], -amount)
    return amount


async def _locked(
    tx: Connection, project: ProjectId, holds: tuple[Hold, ...], at: datetime
) -> list[BudgetState]:
    """The enforced limits among them of plain amounts, whose rows nobody else changes meanwhile."""
    starts = {hold[0]: datetime.fromisoformat(hold[1]) for hold in holds if len(hold) == 2}
    there = await budgets_of(tx, project, everywhere=True)
    known = [budget for budget in there if budget.id in starts]
    states = []
    for budget in sorted(known, key=lambda budget: budget.id):
        start = starts[budget.id]
        row = await _move(tx, budget.id, start, 0, 0, 0)
        if row is not None and budget.enforced:
            states.append(await periods.as_state(tx, budget, start, row, at))
    return states


async def tell_short(tx: Connection, short: Short) -> bool:
    """Note that people are told of it; False where they were already, or it may fit later."""
    if short.waits:
        return False
    state = short.state
    known = await tx.execute(
        sa.update(budget_periods)
        .where(periods.row_of(state.budget.id, state.period_start) & ~budget_periods.c.told_short)
        .where(budget_periods.c.alerted_percent < THRESHOLDS[-1])
        .values(told_short=True)
    )
    return known.rowcount == 1 and state.budget.mode is not Mode.OBSERVE


async def counting(
    connection: Connection, who: Spender, *, made_before: datetime | None = None
) -> tuple[Budget, ...]:
    """The budgets that have a say, in one order everywhere; `made_before`: those of that time."""
    there = await budgets_of(connection, who.project, everywhere=True, made_before=made_before)
    one = await people.of_person(connection, who.person, then=made_before)
    wanted = {
        "installation": {""},
        "project": {""},
        "agent": {name_key(name) for name in (who.agent, *who.helpers)},
        "person": {known.subject for known in there if one.are_one(known.subject, who.person)},
        "run": {who.run},
        "task": {task_subject(who.run, map_key(TaskKey(who.task)))},
        "schedule": {who.schedule} - {""},
        "template": {name_key(who.template)} - {""},
    }

    def counts(budget: Budget) -> bool:
        named = budget.scope in {"agent", "template"}
        subject = name_key(budget.subject) if named else budget.subject
        return subject in wanted[budget.scope]

    # In one order, so that two attempts cannot wait for each other's rows.
    return tuple(sorted(filter(counts, there), key=lambda budget: budget.id))


def _may_fit_later(state: BudgetState, amount: int, own: int = 0) -> bool:
    """Whether it fits as soon as others give back what they don't need; nobody waits for their `own`."""
    fits = state.spent_micro_usd + amount <= state.budget.limit_micro_usd
    return fits and state.reserved_micro_usd > own


async def _give_back(tx: Connection, holds: Sequence[Hold], amount_micro_usd: int) -> None:
    for hold in holds:
        await _move(
            tx, hold[0], datetime.fromisoformat(hold[1]), held(hold, amount_micro_usd), 0, 0
        )


def _is(project: ProjectId, budget: str) -> sa.ColumnElement[bool]:
    return (budgets.c.id == budget) & (budgets.c.project_id == project)
