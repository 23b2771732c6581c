"""`orchestra budget`: show or set what may be spent."""

import asyncio

from bot.cli.desk import actor, at_desk, looking, project_of
from bot.config.settings import Settings
from bot.language import phrases
from memory.model.budget import Period
from memory.model.errors import BadInput
from memory.model.money import show_money


def budget(settings: Settings, *, amount: str, period: str, name: str, project: str) -> int:
    """Print every budget of the project, after setting one where an amount is given.

    `project` "" means the workspace's own. Raises BadInput for a wrong amount or period,
    NotAllowed, NotFound.
    """
    if period not in set(Period):
        raise BadInput("--per has to be day, week, month or total.")
    limit = phrases.micro_usd(amount) if amount else None
    if amount and limit is None:
        raise BadInput(
            "A budget is an amount of dollars, for example 50; at most {most}.",
            most=f"{phrases.MOST_DOLLARS:,}",
        )
    asyncio.run(_budget(settings, limit, Period(period), name, project))
    return 0


async def _budget(
    settings: Settings, limit: int | None, period: Period, name: str, named: str
) -> None:
    from bot.actions.act import perform
    from bot.actions.budgets import SetBudget, set_budget
    from bot.platforms.console.markup import message_lines
    from bot.queries.budgets import outlooks, savings
    from bot.render.budgets import budget_report

    async with at_desk(settings, make=True) as desk:
        project = await project_of(desk, named)
        if limit is not None:
            given = SetBudget(name=name, limit_micro_usd=limit, period=period)
            await perform(desk, actor(), project, set_budget, given)
        async with looking(desk, project) as asking:
            known, saved = await outlooks(asking), await savings(asking)
    states = [outlook.state for outlook in known]
    ends = {outlook.state.budget.id: outlook.ends_on for outlook in known}
    report = budget_report(desk.locale, states, ends)
    print("\n".join(message_lines(report, styled=False, columns=100)))
    if saved.calls:
        text = desk.locale.ngettext(
            "The cache saved {count} call: {cost}.",
            "The cache saved {count} calls: {cost}.",
            saved.calls,
        )
        print(text.format(count=saved.calls, cost=show_money(saved.cost_micro_usd)))
