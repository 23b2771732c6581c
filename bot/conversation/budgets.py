"""Budgets in the chat: show, set, raise, and what an alert's buttons do."""

import re
from collections.abc import Sequence
from typing import Final

from bot.actions import budgets, switch
from bot.actions.budgets import PreferCheap, RaiseBudget, RemoveBudget, SetBudget, Whose
from bot.actions.switch import Stop
from bot.conversation.context import Context
from bot.conversation.plans import messages
from bot.language import phrases
from bot.language.intents import BudgetPressed, BudgetRemove, BudgetSet
from bot.queries.asking import Asking
from bot.queries.budget_subjects import subject_of
from bot.queries.budgets import outlooks, savings
from bot.queries.roles import members
from bot.queries.runs import recent_calibration
from bot.render.budgets import budget_report
from bot.render.settings import budget_removed, budget_set
from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import name_key
from memory.model.budget import Mode, Period, Scope
from memory.model.errors import BadInput, NotFound
from planner.lexicon.names import AGENTS

PAID: Final = frozenset({AgentKind.MODEL, AgentKind.COMMAND, AgentKind.WEBHOOK})
"""The agents that can cost money: those are named where one isn't there."""

EVERYONE: Final = frozenset(
    {"everyone", "everybody", "installation", "the installation", "this installation"}
)
"""Names that mean the whole installation."""
_FOR: Final = r"\b(?:for|limit|cap|let|give|für|begrenze|gib|pour|limite|para|limita|dale)"
"""What stands before whom a limit is for."""
_SAID_KIND: Final = re.compile(
    r"^(?:(?:the|this|that|our) )?(?:run|task|step|schedule|template)(?: #?\S.*)?$|"
    r"^.+ (?:schedule|template)$",
    re.IGNORECASE,
)
"""Names that say what kind of thing they name."""


async def show_budgets(context: Context) -> None:
    """Every budget of the project with its forecast."""
    async with context.asking() as asking:
        known, held = await outlooks(asking), await recent_calibration(asking)
        saved = await savings(asking)
    await context.just_reply(budget_report(context.locale, known, held, saved))


async def set_budget(context: Context, command: BudgetSet) -> None:
    """Make a budget or change its limit."""
    async with context.asking() as asking:
        whose = await whose_of(context, asking, command)
    async with context.acting() as act:
        given = SetBudget(
            **whose.model_dump(),
            limit_micro_usd=command.limit_micro_usd,
            unit=command.unit,
            period=Period(command.period) if command.period else None,
            mode=Mode(command.mode),
        )
        result = await budgets.set_budget(act, given)
        await context.reply(
            act.tx, budget_set(context.locale, result.budget, result.before, result.beside)
        )


async def remove_budget(context: Context, command: BudgetRemove) -> None:
    """Take a limit away."""
    async with context.asking() as asking:
        whose = await whose_of(context, asking, command)
    async with context.acting() as act:
        period = Period(command.period) if command.period else None
        given = RemoveBudget(**whose.model_dump(), period=period, unit=command.unit)
        result = await budgets.remove_budget(act, given)
        await context.reply(act.tx, budget_removed(context.locale, result.budget))


async def whose_of(context: Context, asking: Asking, command: BudgetSet | BudgetRemove) -> Whose:
    """Whom it limits: everyone, the run of the thread or a task of it, an agent, a person, a schedule, a
    template, else the project by that name.

    Raises NotFound for what isn't there, BadInput for two of a name.
    """
    if not command.agent and name_key(command.name) in EVERYONE:
        return _of("installation", "installation", "")
    if not command.agent and _SAID_KIND.match(command.name):
        return await _found(asking, command, context.thread.key)
    agent = _agent(context, command)
    if agent is not None:
        return _of(agent.title, "agent", str(agent.name))
    person = await _person(context, asking, command)
    if person is not None:
        return person
    return await _found(asking, command, "") if command.name else Whose()


async def _person(
    context: Context, asking: Asking, command: BudgetSet | BudgetRemove
) -> Whose | None:
    """The person it's for, by mention, as "me" or by name; None where nobody is named."""
    mentioned = command.person
    if mentioned is None and name_key(command.name) in {"me", "my"}:
        mentioned = context.person
    if mentioned is not None:
        return _of(messages.called(mentioned), "person", mentioned.key)
    if command.name.startswith(("@", "<@")):
        raise NotFound("I don't know {name} here.", name=command.name)
    named = [known for known in (await members(asking)).people if _is_named(known.display, command)]
    if len(named) > 1:
        raise BadInput("More than one person here is called that. Name them with @.")
    return _of(named[0].display, "person", named[0].key) if named else None


async def _found(asking: Asking, command: BudgetSet | BudgetRemove, thread: str) -> Whose:
    """The schedule, template, run or task of that name, else the project's limit of that name."""
    sure = isinstance(command, BudgetSet) and command.sure
    found = await subject_of(asking, command.name, thread=thread, loosely=sure)
    if found is not None:
        return _of(found.name, found.scope, found.subject)
    if sure:
        raise NotFound(
            "I know no agent, person, schedule or template called “{name}”. Say `agents`, "
            "`schedules` or `templates` to see them, or `budget {name} $50 a month` for a limit of "
            "that name on the whole project.",
            name=command.name,
        )
    return _of(command.name, "project", "")


def _of(name: str, scope: Scope, subject: str) -> Whose:
    return Whose(name=name, scope=scope, subject=subject)


def _is_named(display: str, command: BudgetSet | BudgetRemove) -> bool:
    """Whether the budget has this person's name, or the words set it for them.

    A name alone isn't enough: people are called May, Max and Will.
    """
    name = name_key(display)
    if command.name or not name:
        return name_key(command.name) == name
    whose = rf"(?:{_FOR})\s+{re.escape(name)}(?!\w)|(?<!\w){re.escape(name)}['’]s(?!\w)"
    return re.search(whose, name_key(command.text)) is not None


def _agent(context: Context, command: BudgetSet | BudgetRemove) -> AgentSpec | None:
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
            limit, unit = phrases.limit(command.text) or (None, "usd")
            given = RaiseBudget(budget=command.budget, limit_micro_usd=limit, unit=unit)
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
