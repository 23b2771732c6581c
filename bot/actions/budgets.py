"""What people do about money: set a budget, raise it, ask for cheaper agents."""

from typing import Final

from bot import places
from bot.actions.act import Act, action
from bot.queries.plans.timing import zone_of
from bot.services import Desk
from memory.model.authority import Right
from memory.model.base import Model
from memory.model.budget import OWN, Budget, Mode, Period, Scope, budget_id
from memory.model.errors import BadInput, Conflict, NotFound
from memory.model.work.preference import PREFER_CHEAP
from memory.store.money import budgets
from memory.store.planning import preferences

NAME_CHARS: Final = 60

_TAKEN: Final = (
    "There's already a budget called {name} for somebody else; give this one another name."
)


class SetBudget(Model):
    """`name` "" means the project's own budget. `subject`: which agent, person (identity key) or
    run it limits; "" for scope "project".
    """

    name: str = ""
    scope: Scope = "project"
    subject: str = ""
    limit_micro_usd: int
    period: Period = Period.MONTH
    mode: Mode = Mode.ENFORCE


class RaiseBudget(Model):
    """A new limit for the budget with this id; None where no amount could be read."""

    budget: str
    limit_micro_usd: int | None


class BudgetKept(Model):
    """The budget as it is now, and as it was before where there was one."""

    budget: Budget
    before: Budget | None = None


class PreferCheap(Model):
    """For everyone in the project."""


class CheapPreferred(Model):
    """New plans of the project look at local and cheaper agents first."""


@action("budget.set")
async def set_budget(act: Act, given: SetBudget) -> BudgetKept:
    """Make a budget or change its limit. Raises NotAllowed, BadInput, Conflict."""
    act.must(Right.SET_BUDGET)
    name = given.name.strip() or OWN
    if len(name) > NAME_CHARS:
        raise BadInput("That name is too long for a budget; use a word or two.")
    budget = Budget(
        id=budget_id(act.project, name),
        project=act.project,
        name=name,
        scope=given.scope,
        subject=given.subject,
        period=given.period,
        limit_micro_usd=given.limit_micro_usd,
        mode=given.mode,
        zone=(await zone_of(act.tx, act.desk, act.project, "")).name,
    )
    return await _kept(act, budget, await _before(act, budget))


@action("budget.raise")
async def raise_budget(act: Act, given: RaiseBudget) -> BudgetKept:
    """Change a budget's limit and nothing else. Raises NotAllowed, NotFound, BadInput."""
    act.must(Right.SET_BUDGET)
    known = await budgets.budgets_of(act.tx, act.project)
    budget = next((budget for budget in known if budget.id == given.budget), None)
    if budget is None:
        raise NotFound("That budget is gone. Say `budget` to see the ones you have.")
    if given.limit_micro_usd is None:
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


async def _before(act: Act, budget: Budget) -> Budget | None:
    """What the budget replaces. Raises Conflict where the name is that of somebody else's."""
    known = await budgets.budgets_of(act.tx, act.project)
    before = next((known for known in known if known.id == budget.id), None)
    whose = (budget.scope, budget.subject)
    if before is not None and before.scope != "project" and (before.scope, before.subject) != whose:
        raise Conflict(_TAKEN, name=budget.name)
    return before


async def _kept(act: Act, budget: Budget, before: Budget | None) -> BudgetKept:
    await budgets.keep(act.tx, budget, at=act.now)
    await act.record("budget.set", on=budget.id)
    return BudgetKept(budget=budget, before=before)
