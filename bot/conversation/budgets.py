"""Budgets in the chat: show, set, raise, and what an alert's buttons do."""

import re
from collections.abc import Sequence
from typing import Final

from bot.actions import budgets, switch
from bot.actions.budgets import PreferCheap, RaiseBudget, SetBudget
from bot.actions.switch import Stop
from bot.conversation.context import Context
from bot.conversation.plans import messages
from bot.language import phrases
from bot.language.intents import BudgetPressed, BudgetSet
from bot.queries.asking import Asking
from bot.queries.budgets import outlooks, running_in
from bot.queries.roles import members
from bot.render.budgets import budget_report
from bot.render.settings import budget_set
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import name_key
from memory.model.budget import Mode, Period, Scope
from memory.model.errors import BadInput, NotFound
from planner.lexicon.names import AGENTS

PAID: Final = frozenset({AgentKind.MODEL, AgentKind.COMMAND, AgentKind.WEBHOOK})
"""The agents that can cost money: those are named where one isn't there."""

_FOR: Final = r"\b(?:for|limit|cap|let|give|für|begrenze|gib|pour|limite|para|limita|dale)"
"""What stands before whom a limit is for."""


async def show_budgets(context: Context) -> None:
    """Every budget of the project with its forecast."""
    async with context.asking() as asking:
        known = await outlooks(asking)
    await context.just_reply(budget_report(context.locale, known))


async def set_budget(context: Context, command: BudgetSet) -> None:
    """Make a budget or change its limit."""
    async with context.asking() as asking:
        whose = await _whose(context, asking, command)
    async with context.acting() as act:
        given = whose.model_copy(
            update={
                "limit_micro_usd": command.limit_micro_usd,
                "period": Period(command.period),
                "mode": Mode(command.mode),
            }
        )
        result = await budgets.set_budget(act, given)
        await context.reply(act.tx, budget_set(context.locale, result.budget, result.before))


async def _whose(context: Context, asking: Asking, command: BudgetSet) -> SetBudget:
    """Whom it limits: the run of the thread, an agent, a person, else the project by that name.

    Raises NotFound for a run, an agent or a person that isn't there, BadInput for two of a name.
    """
    if name_key(command.name) == phrases.RUN:
        run = await _run(context, asking)
        return _of(f"run {run[:8]}", "run", run)
    agent = _agent(context, command)
    if agent is not None:
        return _of(agent.title, "agent", str(agent.name))
    if command.person is not None:
        return _of(messages.called(command.person), "person", command.person.key)
    if name_key(command.name) in {"me", "my"}:
        return _of(messages.called(context.person), "person", context.person.key)
    if command.name.startswith(("@", "<@")):
        raise NotFound("I don't know {name} here.", name=command.name)
    named = [known for known in (await members(asking)).people if _is_named(known.display, command)]
    if len(named) > 1:
        raise BadInput("More than one person here is called that. Name them with @.")
    if named:
        return _of(named[0].display, "person", named[0].key)
    return _of(command.name, "project", "")


def _of(name: str, scope: Scope, subject: str) -> SetBudget:
    return SetBudget(name=name, scope=scope, subject=subject, limit_micro_usd=0)


async def _run(context: Context, asking: Asking) -> str:
    run = await running_in(asking, context.thread.key)
    if not run:
        raise NotFound(
            "Nothing is running in this thread, so there's no run to limit. Say it again once it "
            "has started, or limit the project, for example with `budget $2 a day`."
        )
    return run


def _is_named(display: str, command: BudgetSet) -> bool:
    """Whether the budget has this person's name, or the words set it for them.

    A name alone isn't enough: people are called May, Max and Will.
    """
    name = name_key(display)
    if command.name or not name:
        return name_key(command.name) == name
    whose = rf"(?:{_FOR})\s+{re.escape(name)}(?!\w)|(?<!\w){re.escape(name)}['’]s(?!\w)"
    return re.search(whose, name_key(command.text)) is not None


def _agent(context: Context, command: BudgetSet) -> AgentSpec | None:
    """The agent whose budget it is: one that was read as such, or that the budget is named after."""
    wanted = command.agent or command.name
    agents = context.services.executor.catalogue().agents
    found = next((spec for spec in agents if name_key(wanted) in _names(spec)), None)
    if found is None and (command.agent or name_key(wanted) in map(name_key, AGENTS)):
        raise NotFound(
            "{agent} isn't connected here, so it can't have a budget. Connected: {agents}.",
            agent=wanted,
            agents=", ".join(_paid(agents)) or context.locale("no models or programs"),
        )
    return found


def _paid(agents: Sequence[AgentSpec]) -> list[str]:
    return [spec.title for spec in agents if spec.kind in PAID]


def _names(spec: AgentSpec) -> set[str]:
    return {name_key(name) for name in (spec.name, spec.title, *spec.aliases)}


async def pressed(context: Context, command: BudgetPressed) -> None:
    """A button under an alert."""
    _ = context.locale
    async with context.acting() as act:
        if command.what == "raise":
            limit = phrases.micro_usd(command.text)
            given = RaiseBudget(budget=command.budget, limit_micro_usd=limit)
            result = await budgets.raise_budget(act, given)
            text = budget_set(_, result.budget, result.before)
        elif command.what == "cheaper":
            await budgets.prefer_cheap(act, PreferCheap())
            text = _("New plans in this project will try local and cheaper agents first.")
        else:
            who = messages.called(context.person)
            await switch.stop(act, Stop(reason=f"budget: stopped by {who}"))
            text = _("This project is stopped. Say `resume project` to continue.")
        await context.reply(act.tx, text)
