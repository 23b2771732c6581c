"""What people do about money: set a budget, raise it, ask for cheaper agents."""

from collections.abc import Sequence
from typing import Final

from bot import places
from bot.actions.act import Act, action
from bot.queries.plans.zones import zone_of
from bot.services import Desk
from memory.model.authority import Right
from memory.model.base import Model
from memory.model.budget import (
    EVERYWHERE,
    NAMED,
    OWN,
    RUN_SCOPES,
    Budget,
    Mode,
    Period,
    Scope,
    Unit,
    budget_id,
    placed,
    show_amount,
)
from memory.model.errors import BadInput, Conflict, NotFound
from memory.model.work.preference import PREFER_CHEAP
from memory.store.money import budgets
from memory.store.planning import preferences

NAME_CHARS: Final = 60
ADJECTIVES: Final = {
    Period.DAY: "daily",
    Period.WEEK: "weekly",
    Period.MONTH: "monthly",
    Period.TOTAL: "total",
}
"""What people say before "budget"."""

_TAKEN: Final = (
    "There's already a budget called {name} for somebody else; give this one another name."
)


class Whose(Model):
    """`name` "" means the project's own budget. `subject`: what it limits, as in `Budget`."""

    name: str = ""
    scope: Scope = "project"
    subject: str = ""


class SetBudget(Whose):
    """Without a `period` it changes the one there is, else it's for a month, or for the whole run.

    `limit_micro_usd` is in the `unit`.
    """

    limit_micro_usd: int
    unit: Unit = "usd"
    period: Period | None = None
    mode: Mode = Mode.ENFORCE


class RaiseBudget(Model):
    """A new limit for the budget with this id, in its unit; None where no amount could be read."""

    budget: str
    limit_micro_usd: int | None
    unit: Unit = "usd"


class BudgetKept(Model):
    """The budget as it is now, and as it was before where there was one."""

    budget: Budget
    before: Budget | None = None
    beside: tuple[Budget, ...] = ()
    """Those for the same and another period, which hold as well."""


class RemoveBudget(Whose):
    """The limit of this period and unit; without them the only one there is."""

    period: Period | None = None
    unit: Unit | None = None


class BudgetRemoved(Model):
    """What was taken away."""

    budget: Budget


class PreferCheap(Model):
    """For everyone in the project."""


class CheapPreferred(Model):
    """New plans of the project look at local and cheaper agents first."""


@action("budget.set")
async def set_budget(act: Act, given: SetBudget) -> BudgetKept:
    """Make a budget or change its limit. Raises NotAllowed, BadInput, Conflict."""
    _must_set(act, given.scope)
    _must_count(given)
    wanted = _budget(act, given).model_copy(
        update={
            "unit": given.unit,
            "limit_micro_usd": given.limit_micro_usd,
            "mode": given.mode,
            "zone": (await zone_of(act.tx, act.desk, act.project, "")).name,
        }
    )
    known = await budgets.budgets_of(act.tx, wanted.project)
    same = _limiting_same(known, wanted)
    period = given.period or (same[0].period if len(same) == 1 else wanted.period)
    wanted = wanted.model_copy(update={"period": period})
    of_period = next((other for other in same if other.period is period), None)
    before = of_period or _of_that_name(known, wanted)
    budget = wanted.model_copy(update={"id": before.id}) if before else placed(wanted, known)
    beside = tuple(other for other in _in_all_units(known, wanted) if other is not before)
    return await _kept(act, budget, before, beside)


@action("budget.remove")
async def remove_budget(act: Act, given: RemoveBudget) -> BudgetRemoved:
    """Take a limit away; the ledger keeps what was spent. Raises NotAllowed, NotFound, BadInput."""
    _must_set(act, given.scope)
    wanted = _budget(act, given)
    same = _in_all_units(await budgets.budgets_of(act.tx, wanted.project), wanted)
    fit = [
        other
        for other in same
        if given.period in {None, other.period} and given.unit in {None, other.unit}
    ]
    if not fit:
        raise NotFound("There's no such budget. Say `budget` to see the ones you have.")
    if len(fit) > 1:
        raise BadInput(
            "There are {n} limits for that. Say which, for example `remove the {which} budget`.",
            n=len(fit),
            which=_which(fit[0]),
        )
    await budgets.remove(act.tx, wanted.project, fit[0].id)
    await act.record("budget.removed", on=fit[0].id)
    return BudgetRemoved(budget=fit[0])


@action("budget.raise")
async def raise_budget(act: Act, given: RaiseBudget) -> BudgetKept:
    """Change a budget's limit and nothing else. Raises NotAllowed, NotFound, BadInput."""
    known = await budgets.budgets_of(act.tx, act.project, everywhere=True)
    budget = next((budget for budget in known if budget.id == given.budget), None)
    _must_set(act, budget.scope if budget else "project")
    if budget is None:
        raise NotFound("That budget is gone. Say `budget` to see the ones you have.")
    if given.limit_micro_usd is None or given.unit != budget.unit:
        if budget.unit != "usd":
            limit = show_amount(budget.unit, budget.limit_micro_usd * 2)
            raise BadInput("Give the new limit like this: `{limit}`.", limit=limit)
        raise BadInput(
            "Give the new limit in dollars, for example `budget {name} $100`.", name=budget.name
        )
    raised = budget.model_copy(update={"limit_micro_usd": given.limit_micro_usd})
    return await _kept(act, raised, budget)


@action("budget.prefer_cheap")
async def prefer_cheap(act: Act, given: PreferCheap) -> CheapPreferred:
    """Look at local and cheaper agents first from now on. Raises NotAllowed."""
    del given
    act.must(Right.SET_BUDGET)
    await preferences.prefer(act.tx, act.project, "", PREFER_CHEAP, "cheaper", at=act.now)
    await act.record("budget.cheaper", on=act.project)
    return CheapPreferred()


async def keep_fixed(desk: Desk) -> None:
    """Make the budgets that the settings fix, where they aren't there yet."""
    now = desk.clock.now()
    for fixed in desk.settings.projects:
        if fixed.budget_micro_usd is None:
            continue
        async with desk.database.transaction() as tx:
            project = await places.make(tx, desk.settings, fixed, at=now)
            budget = Budget(
                id=budget_id(project, OWN),
                project=project,
                name=OWN,
                limit_micro_usd=fixed.budget_micro_usd,
                zone=fixed.zone,
            )
            known = await budgets.budgets_of(tx, project)
            if all(other.id != budget.id for other in known):
                await budgets.keep(tx, budget, at=now)


def _budget(act: Act, whose: Whose) -> Budget:
    """A budget for this, of which nothing else is said yet. Raises BadInput."""
    name = whose.name.strip() or OWN
    if len(name) > NAME_CHARS:
        raise BadInput("That name is too long for a budget; use a word or two.")
    return Budget(
        id="",
        project=EVERYWHERE if whose.scope == "installation" else act.project,
        name=name,
        scope=whose.scope,
        subject=whose.subject,
        period=Period.TOTAL if whose.scope in {"run", "task"} else Period.MONTH,
        limit_micro_usd=0,
    )


def _must_set(act: Act, scope: Scope) -> None:
    act.must(Right.GOVERN if scope == "installation" else Right.SET_BUDGET)


def _must_count(given: SetBudget) -> None:
    if given.unit == "runs" and given.scope not in RUN_SCOPES:
        raise BadInput(
            "Runs are counted for the project, a person, a schedule or a template. For {name}, say "
            "an amount of money, tokens or minutes.",
            name=given.name,
        )


def _which(budget: Budget) -> str:
    """What tells it from others for the same, in words before "budget"."""
    of_unit = "" if budget.unit == "usd" else f" {budget.unit.removesuffix('s')}"
    return f"{ADJECTIVES[budget.period]}{of_unit}"


def _limiting_same(known: Sequence[Budget], wanted: Budget) -> list[Budget]:
    return [other for other in known if other.limits_same(wanted)]


def _in_all_units(known: Sequence[Budget], wanted: Budget) -> list[Budget]:
    """What limits the same, be it money, tokens or runs."""
    return [
        other
        for other in known
        if other.limits_same(wanted.model_copy(update={"unit": other.unit}))
    ]


def _of_that_name(known: Sequence[Budget], wanted: Budget) -> Budget | None:
    """One of the project's that only had the name of whom it's for now: it becomes theirs.

    Raises Conflict where the name is that of somebody else's.
    """
    usual = budget_id(wanted.project, wanted.name)
    named = next((other for other in known if other.id == usual), None)
    if (
        wanted.unit != "usd"
        or wanted.scope not in NAMED
        or named is None
        or named.limits_same(wanted)
    ):
        return None
    if named.scope != "project":
        raise Conflict(_TAKEN, name=wanted.name)
    return named


async def _kept(
    act: Act, budget: Budget, before: Budget | None, beside: tuple[Budget, ...] = ()
) -> BudgetKept:
    await budgets.keep(act.tx, budget, at=act.now)
    await act.record("budget.set", on=budget.id)
    return BudgetKept(budget=budget, before=before, beside=beside)
