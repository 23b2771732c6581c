"""Budgets in the chat: show, set, raise, and what an alert's buttons do."""

from bot.actions import budgets, switch
from bot.actions.budgets import PreferCheap, RaiseBudget, SetBudget
from bot.actions.switch import Stop
from bot.conversation.context import Context
from bot.conversation.plans import messages
from bot.language import phrases
from bot.language.intents import BudgetPressed, BudgetSet
from bot.queries.budgets import outlooks
from bot.render.budgets import budget_report
from bot.render.settings import budget_set
from memory.model.agents.spec import AgentSpec
from memory.model.base import name_key
from memory.model.budget import Period
from memory.model.errors import NotFound
from planner.lexicon.names import AGENTS


async def show_budgets(context: Context) -> None:
    """Every budget of the project with its forecast."""
    async with context.asking() as asking:
        known = await outlooks(asking)
    states = [outlook.state for outlook in known]
    ends = {outlook.state.budget.id: outlook.ends_on for outlook in known}
    await context.just_reply(budget_report(context.locale, states, ends))


async def set_budget(context: Context, command: BudgetSet) -> None:
    """Make a budget or change its limit."""
    agent = _agent(context, command)
    given = SetBudget(
        name=agent.title if agent else command.name,
        agent=agent.name if agent else "",
        limit_micro_usd=command.limit_micro_usd,
        period=Period(command.period),
    )
    async with context.acting() as act:
        result = await budgets.set_budget(act, given)
        await context.reply(act.tx, budget_set(context.locale, result.budget))


def _agent(context: Context, command: BudgetSet) -> AgentSpec | None:
    """The agent whose budget it is: one that was read as such, or that the budget is named after."""
    wanted = name_key(command.agent or command.name)
    agents = context.services.executor.catalogue().agents
    found = next(
        (spec for spec in agents if wanted in {name_key(spec.name), name_key(spec.title)}), None
    )
    if found is None and (command.agent or wanted in set(map(name_key, AGENTS))):
        raise NotFound(
            "{agent} isn't connected here, so it can't have a budget. Say `agents` to see who works here.",
            agent=command.agent or command.name,
        )
    return found


async def pressed(context: Context, command: BudgetPressed) -> None:
    """A button under an alert."""
    _ = context.locale
    async with context.acting() as act:
        if command.what == "raise":
            limit = phrases.micro_usd(command.text)
            given = RaiseBudget(budget=command.budget, limit_micro_usd=limit)
            result = await budgets.raise_budget(act, given)
            text = budget_set(_, result.budget)
        elif command.what == "cheaper":
            await budgets.prefer_cheap(act, PreferCheap())
            text = _("New plans in this project will try local and cheaper agents first.")
        else:
            who = messages.called(context.person)
            await switch.stop(act, Stop(reason=f"budget: stopped by {who}"))
            text = _("This project is stopped. Say `resume project` to continue.")
        await context.reply(act.tx, text)
