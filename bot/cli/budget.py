"""`orchestra budget`: show or set what may be spent."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, cast, get_args

import typer
from typer.core import TyperGroup

from bot.cli.desk import actor, at_desk, looking, project_of, you
from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Workspace
from bot.config.settings import Settings
from bot.language import phrases
from memory.model.base import ProjectId, name_key
from memory.model.budget import Mode, Period, Unit
from memory.model.errors import BadInput, NotFound

if TYPE_CHECKING:
    from bot.actions.budgets import Whose
    from bot.services import Desk

_PERIODS: Final = {
    "--daily": "day", "--weekly": "week", "--monthly": "month", "--total": "total"
}  # fmt: skip
_WHOM: Final = frozenset(
    {"--agent", "--person", "--schedule", "--template", "--run", "--task", "--name"}
)


class _AmountFirst(TyperGroup):
    """`orchestra budget` reports, `orchestra budget 50` sets, and `--daily 20` is 20 per day."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # typer types it loosely
        """Put in the verb where there is none."""
        words = list(_plain(iter(args)))
        if words[:1] not in ([name] for name in (*self.commands, "--help")):
            verb = "report" if not words or words[0].startswith("-") else "set"
            words = [verb, *words]
        return super().parse_args(ctx, words)


def _plain(args: Iterator[str]) -> Iterator[str]:
    """`--daily 20` as `--per day 20`, `--agent Claude` as `--for "agent Claude"`."""
    for arg in args:
        name, equals, value = arg.partition("=")
        if name in _PERIODS:
            yield from ("--per", _PERIODS[name], *([value] if value else []))
        elif name in _WHOM:
            yield from ("--for", f"{name.removeprefix('--')} {value if equals else next(args, '')}")
        else:
            yield arg


budget = typer.Typer(
    cls=_AmountFirst,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Show budgets, or set one: orchestra budget 50.",
    epilog="For one agent: orchestra budget set --agent Claude --daily 20. Several limits for the "
    "same may hold at once, one per period.",
)

Whom = Annotated[
    str,
    typer.Option(
        "--for",
        help='Whom it limits: "agent Claude", "person ana", "schedule 2", "template blog-post", '
        '"run ID", "task ID:2", "installation", or "name marketing" for one more of the project. The same as '
        "--agent Claude, --schedule 2 and so on.",
        show_default="the project",
    ),
]
Per = Annotated[
    str,
    typer.Option("--per", help="day, week, month or total; or say --daily 20.", show_default=False),
]
Project = Annotated[
    str, typer.Option("--project", help="The project's name.", show_default="the workspace's")
]


@budget.callback()
def _group() -> None:
    """Show budgets, or set one: orchestra budget 50."""


@budget.command()
def report(
    project: Project = "", workspace: Workspace = None, data: Data = None, config: Config = None
) -> None:
    """Show each budget: spent, left, projected, per agent, and whether it's PAUSED."""
    asyncio.run(_budget(_settings(config, data, workspace, project), None, project))
    raise Ended(0)


@budget.command()
def costs(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help='By what and of when: "by template last month", "by person", "per day this week".',
            show_default=False,
        ),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print it as CSV.")] = False,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Show what was spent: by agent, person, type, template, schedule, run or day."""
    settings = _settings(config, data, workspace, project)
    asyncio.run(_costs(settings, " ".join(words or ()), project, csv=csv))
    raise Ended(0)


@budget.command("set")
def set_(
    amount: Annotated[
        str,
        typer.Argument(
            help='In dollars, for example 50; or "1M tokens", "200 runs", "90 minutes".',
            show_default=False,
        ),
    ],
    whom: Whom = "",
    period: Per = "",
    mode: Annotated[str, typer.Option("--mode", help="observe, warn or enforce.")] = "enforce",
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Set a limit, and show every budget."""
    if mode not in set(Mode):
        raise BadInput("--mode has to be observe, warn or enforce.")
    limit = phrases.limit(amount)
    if limit is None:
        raise BadInput(
            "A budget is an amount of dollars, for example 50, at most {most}; or of tokens, runs or "
            'time, for example "1M tokens".',
            most=f"{phrases.MOST_DOLLARS:,}",
        )
    wanted = _Wanted(whom, _period(period), *limit, Mode(mode))
    asyncio.run(_budget(_settings(config, data, workspace, project), wanted, project))
    raise Ended(0)


@budget.command()
def remove(
    whom: Whom = "",
    period: Per = "",
    unit: Annotated[
        str, typer.Option("--unit", help="usd, tokens, runs or minutes.", show_default=False)
    ] = "",
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Take a limit away, and show the budgets that are left."""
    if unit not in {"", *get_args(Unit)}:
        raise BadInput("--unit has to be usd, tokens, runs or minutes.")
    wanted = _Wanted(whom, _period(period), unit=cast("Unit", unit) if unit else None)
    asyncio.run(_budget(_settings(config, data, workspace, project), wanted, project))
    raise Ended(0)


@budget.command()
def allow(
    amount: Annotated[str, typer.Argument(help="In dollars, for example 2.", show_default=False)],
    whom: Whom = "",
    period: Per = "day",
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let so much more be spent until the day is over, or with --per week or month."""
    more, until = phrases.micro_usd(amount), _period(period)
    if not more or until in {None, Period.TOTAL}:
        raise BadInput("Say how much more in dollars, and --per day, week or month.")
    wanted = _Wanted(whom, until, more, on_top=True)
    asyncio.run(_budget(_settings(config, data, workspace, project), wanted, project))
    raise Ended(0)


@dataclass(frozen=True)
class _Wanted:
    """A budget as it was typed; without a limit it goes. `on_top`: so much more until the period ends."""

    whom: str
    period: Period | None
    limit_micro_usd: int | None = None
    unit: Unit | None = None
    mode: Mode = Mode.ENFORCE
    on_top: bool = False


def _period(text: str) -> Period | None:
    if text and text not in set(Period):
        raise BadInput("--per has to be day, week, month or total.")
    return Period(text) if text else None


def _settings(config: Config, data: Data, workspace: Workspace, project: str) -> Settings:
    from bot.config.settings import load

    return load(config=config, data=data, workspace=workspace, per_workspace=not project)


async def _budget(settings: Settings, wanted: _Wanted | None, named: str) -> None:
    from bot.platforms.console.markup import message_lines
    from bot.queries.budgets import outlooks, savings
    from bot.queries.runs import recent_calibration
    from bot.render.budgets import budget_report

    async with at_desk(settings, make=True) as desk:
        project = await project_of(desk, named)
        if wanted is not None:
            await _done(desk, project, wanted)
        async with looking(desk, project) as asking:
            known, saved = await outlooks(asking), await savings(asking)
            held = await recent_calibration(asking)
    report = budget_report(desk.locale, known, held, saved)
    print("\n".join(message_lines(report, styled=False, columns=100)))


async def _done(desk: "Desk", project: ProjectId, wanted: _Wanted) -> None:
    """What was typed, by the action that the chat takes. Raises NotAllowed, NotFound, BadInput."""
    from bot.actions.act import perform
    from bot.actions.budgets import RemoveBudget, SetBudget, remove_budget, set_budget
    from bot.actions.limits.allowances import GiveAllowance
    from bot.actions.limits.allowances import allow as give

    whose = (await _given(desk, project, wanted.whom)).model_dump()
    limit, period = wanted.limit_micro_usd, wanted.period
    if limit is None:
        gone = RemoveBudget(**whose, period=period, unit=wanted.unit)
        await perform(desk, actor(), project, remove_budget, gone)
    elif wanted.on_top and period is not None:
        more = GiveAllowance(**whose, amount_micro_usd=limit, period=period)
        await perform(desk, actor(), project, give, more)
    else:
        unit = wanted.unit or "usd"
        given = SetBudget(
            **whose, period=period, limit_micro_usd=limit, unit=unit, mode=wanted.mode
        )
        await perform(desk, actor(), project, set_budget, given)


async def _costs(settings: Settings, words: str, named: str, *, csv: bool) -> None:
    from bot.language.intents import AskAbout
    from bot.platforms.console.markup import message_lines
    from bot.queries.about.question import question
    from bot.queries.about.spending import as_csv, bill
    from bot.render.about.money import bill_message

    async with at_desk(settings, make=True, runs=True) as desk:
        project = await project_of(desk, named)
        async with looking(desk, project) as asking:
            asked = await question(asking, AskAbout(topic="about.cost", text=words))
            found = await bill(asking, asked, "")
    if csv:
        print(as_csv(found), end="")
        return
    message = bill_message(desk.locale, found)
    print("\n".join(message_lines(message, styled=False, columns=100)))


async def _given(desk: "Desk", project: ProjectId, whom: str) -> "Whose":
    """What is meant, found. Raises NotFound, BadInput."""
    from bot.actions.budgets import Whose
    from bot.queries.budget_subjects import subject_of

    kind, _, words = whom.strip().partition(" ")
    match kind:
        case "" | "name":
            return Whose(name=words)
        case "installation":
            return Whose(name="installation", scope="installation")
        case "agent":
            name, title = _agent(desk.settings, words)
            return Whose(name=title, scope="agent", subject=name)
        case "person":
            key, display = await _person(desk, project, words)
            return Whose(name=display, scope="person", subject=key)
        case "schedule" | "template" | "run" | "task" if words:
            async with looking(desk, project) as asking:
                found = await subject_of(asking, words, only=kind)
            assert found is not None
            return Whose(name=found.name, scope=found.scope, subject=found.subject)
        case _:
            raise BadInput(
                "--for takes agent, person, schedule, template, run, task or name and a word, for "
                'example --for "schedule 2"; or installation.'
            )


def _agent(settings: Settings, wanted: str) -> tuple[str, str]:
    """Name and title of an agent of the settings."""
    external = settings.external
    known = [
        *((str(agent.name), agent.title, agent.aliases) for agent in settings.endpoints),
        *((str(agent.name), agent.title, agent.aliases) for agent in external.programs),
        *((str(agent.name), agent.title, agent.aliases) for agent in external.hooks),
    ]
    there = {
        key: (name, title)
        for name, title, aliases in known
        for key in map(name_key, (name, title, *aliases))
    }
    if name_key(wanted) not in there:
        connected = ", ".join(dict.fromkeys(title for _, title in there.values()))
        raise NotFound(
            "{agent} isn't connected here, so it can't have a budget. Connected: {agents}.",
            agent=wanted,
            agents=connected or "no models or programs",
        )
    return there[name_key(wanted)]


async def _person(desk: "Desk", project: ProjectId, wanted: str) -> tuple[str, str]:
    """Key and display name of somebody in the project; "me" is whoever types."""
    from bot.queries.roles import member_called

    if name_key(wanted) == "me":
        return you().key, you().display
    async with looking(desk, project) as asking:
        found = await member_called(asking, wanted)
    if found is None:
        raise NotFound("{person} is nobody I know in this project.", person=wanted)
    return found.key, found.display
