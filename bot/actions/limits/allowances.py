"""Letting more be spent for a while: a raise that ends by itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.actions.act import Act, action
from bot.actions.budgets import Whose
from bot.queries.plans.zones import zone_of
from memory.model.authority import Right
from memory.model.base import Model
from memory.model.budget import OWN, Allowance, Budget, BudgetState, Period
from memory.model.errors import BadInput, NotFound
from memory.model.timing.periods import period_end
from memory.store.money import budget_periods, budgets

LENGTH: Final = {Period.DAY: 1, Period.WEEK: 2, Period.MONTH: 3, Period.TOTAL: 4}
"""Which period is the longer one."""


class GiveAllowance(Whose):
    """So much more than the limits of this until the present `period` (not `total`) is over."""

    amount_micro_usd: int
    period: Period


class AllowanceGiven(Model):
    """The budgets as they are now. `beside`: those for the same that start anew sooner, unraised."""

    amount_micro_usd: int
    states: tuple[BudgetState, ...]
    beside: tuple[Budget, ...] = ()


@action("budget.allow")
async def allow(act: Act, given: GiveAllowance) -> AllowanceGiven:
    """Raise every limit for the same that holds at least as long, until then or until it starts
    anew, so that never more than this is spent on top of one. Raises NotAllowed, NotFound, BadInput.
    """
    act.must(Right.SET_BUDGET)
    if given.amount_micro_usd <= 0:
        raise BadInput("Say how much more, for example `$2 more today`.")
    same = await _same(act, given)
    raised = [budget for budget in same if LENGTH[budget.period] >= LENGTH[given.period]]
    if not raised:
        raise _too_long(same[0].period)
    for budget in raised:
        allowance = Allowance(
            amount_micro_usd=given.amount_micro_usd,
            until=await _until(act, budget, given.period),
        )
        await budgets.allow(act.tx, budget, allowance, by=act.person, at=act.now)
    await act.record(
        "budget.allowed",
        on=" ".join(budget.id for budget in raised),
        micro_usd=str(given.amount_micro_usd),
        period=given.period,
    )
    return AllowanceGiven(
        amount_micro_usd=given.amount_micro_usd,
        states=tuple([await budget_periods.present(act.tx, each, act.now) for each in raised]),
        beside=tuple(budget for budget in same if budget not in raised),
    )


def _too_long(period: Period) -> BadInput:
    return BadInput(
        "That budget starts anew every {period}, so say how much more it may be then, for example "
        "`$2 more {now}`.",
        period=period,
        now="today" if period is Period.DAY else f"this {period}",
    )


async def _same(act: Act, whose: Whose) -> Sequence[Budget]:
    """The limits that there are for this, of the longest period first."""
    wanted = Budget(
        id="",
        project=act.project,
        name=whose.name.strip() or OWN,
        scope=whose.scope,
        subject=whose.subject,
        limit_micro_usd=0,
    )
    known = await budgets.budgets_of(act.tx, act.project)
    same = [budget for budget in known if budget.limits_same(wanted)]
    if not same:
        raise NotFound(
            "There's no budget for that, so nothing to raise. Say `budget` to see the ones you have."
        )
    return sorted(same, key=lambda budget: LENGTH[budget.period], reverse=True)


async def _until(act: Act, budget: Budget, period: Period) -> datetime:
    """The end of the period that was said, where the project is, or of the budget's if it's sooner."""
    zone = (await zone_of(act.tx, act.desk, act.project, "")).name
    ends = (period_end(period, zone, act.now), period_end(budget.period, budget.zone, act.now))
    known = [end for end in ends if end is not None]
    if not known:
        raise BadInput("Say until when: today, this week or this month.")
    return min(known)
