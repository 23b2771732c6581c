"""Money: budgets and costs."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from bot.actions.budgets import RemoveBudget, SetBudget, remove_budget, set_budget
from bot.queries.web.costs import By, costs
from bot.queries.web.now import budgets_in, each
from bot.web.shapes.common import Id, InProject, Page
from bot.web.shapes.money import BudgetLine, Costs, budget_line, costs_shape
from bot.web.state import Decides, Reads, Visit
from memory.model.base import Model, ProjectId
from memory.model.budget import Budget, Mode, Period, Scope, Unit
from memory.model.errors import NotFound

router = APIRouter(tags=["money"])

MOST = 10**15


class NewBudget(Model):
    """A limit in its unit: micro-USD, tokens, runs or milliseconds."""

    project: str = Field(default="", max_length=200)
    limit_micro_usd: int = Field(ge=0, le=MOST)
    period: Period | None = None
    name: str = Field(default="", max_length=60)
    scope: Scope = "project"
    subject: str = Field(default="", max_length=300)
    unit: Unit = "usd"
    mode: Mode = Mode.ENFORCE


@router.get("/budgets")
async def list_budgets(visit: Reads, project: InProject = "") -> Page[BudgetLine]:
    """Budgets of the projects you may see, with how long they'll last."""
    chosen = await visit.project(project) if project else None
    async with visit.reading() as (connection, reach):
        found = await budgets_in(each(connection, visit.services, reach, chosen))
    return Page(items=tuple(map(budget_line, found)))


@router.put("/budgets")
async def put_budget(visit: Decides, given: NewBudget) -> BudgetLine:
    """Set a budget, or another limit for the one there is."""
    project = await visit.project(given.project)
    wanted = SetBudget(**given.model_dump(exclude={"project"}))
    done = await visit.act(project, set_budget, wanted)
    return await _line(visit, project, done.budget)


@router.delete("/budgets/{budget}")
async def delete_budget(visit: Decides, budget: Id, project: InProject = "") -> BudgetLine:
    """Take a limit away; what was spent stays on record."""
    meant = await visit.project(project)
    async with visit.reading() as (connection, reach):
        found = await budgets_in(each(connection, visit.services, reach, meant))
    held = next((known for known in found if known.state.budget.id == budget), None)
    if held is None:
        raise NotFound("There's no such budget in this project.")
    limit = held.state.budget
    wanted = RemoveBudget(
        name=limit.name if limit.scope == "project" else "",
        scope=limit.scope,
        subject=limit.subject,
        period=limit.period,
        unit=limit.unit,
    )
    await visit.act(meant, remove_budget, wanted)
    return budget_line(held)


@router.get("/costs")
async def what_it_cost(
    visit: Reads,
    project: InProject = "",
    by: By = "agent",
    days: Annotated[int, Query(ge=1, le=366)] = 30,
) -> Costs:
    """What was spent in the last days, and what this month will come to."""
    async with visit.looking(project) as asking:
        return costs_shape(*await costs(asking, by, days))


async def _line(visit: Visit, project: ProjectId, budget: Budget) -> BudgetLine:
    async with visit.reading() as (connection, reach):
        found = await budgets_in(each(connection, visit.services, reach, project))
    return next(budget_line(known) for known in found if known.state.budget.id == budget.id)
