"""`orchestra schedule`: what runs by itself, and stopping it."""

import json
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.exit_status import Ended
from bot.cli.options import Config, Data, Json, Workspace
from bot.language.catalogue import ENGLISH

if TYPE_CHECKING:
    from bot.chat import Outgoing
    from bot.config.settings import Settings
    from bot.render.schedules.message import Shown

MOST_TIMES = 1000
T = TypeVar("T")

schedule = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="List, show, pause, resume and delete schedules.",
)

Number = Annotated[int, typer.Argument(help="The schedule's number.", show_default=False)]
Project = Annotated[
    str, typer.Option("--project", help="The project's name.", show_default="the workspace's")
]


@schedule.callback()
def _group() -> None:
    """List, show, pause, resume and delete schedules. To add one, ask for it in chat."""


@schedule.command("list")
def list_(
    as_json: Json = False,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """List schedules with their next and last runs."""
    known, now = _run(_shown(_settings(project, workspace, data, config), project))
    if as_json:
        print(json.dumps([_plain(shown, now, 5) for shown in known], indent=2))
    else:
        from bot.render.schedules.message import list_message

        _print(list_message(ENGLISH, known, now))
    raise Ended(0)


@schedule.command()
def show(
    number: Number,
    as_json: Json = False,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Show a schedule and its next five runs."""
    (shown,), now = _run(_shown(_settings(project, workspace, data, config), project, number))
    if as_json:
        print(json.dumps(_plain(shown, now, 5), indent=2))
    else:
        from bot.render.schedules.message import detail_message

        _print(detail_message(ENGLISH, shown, now))
    raise Ended(0)


@schedule.command("next")
def next_(
    number: Number,
    count: Annotated[int, typer.Option("--count", help="How many.", min=1, max=MOST_TIMES)] = 5,
    as_json: Json = False,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Show a schedule's next runs, in its own time zone."""
    (shown,), now = _run(_shown(_settings(project, workspace, data, config), project, number))
    times = _times(shown, now, count)
    print(json.dumps(times) if as_json else "\n".join(times) or ENGLISH("never again"))
    raise Ended(0)


def _add_move(what: str, text: str) -> None:
    @schedule.command(what, help=text)
    def move_it(
        number: Number,
        project: Project = "",
        workspace: Workspace = None,
        data: Data = None,
        config: Config = None,
    ) -> None:
        settings = _settings(project, workspace, data, config)
        raise Ended(_run(_move(settings, project, number, what)))


for _what, _text in {
    "pause": "Pause a schedule until you resume it.",
    "resume": "Resume a paused schedule. Runs it missed are not made up for.",
    "delete": "Delete a schedule and its approval for good.",
}.items():
    _add_move(_what, _text)


def _run(work: Coroutine[Any, Any, T]) -> T:
    import asyncio

    return asyncio.run(work)


def _settings(
    project: str, workspace: Path | None, data: Path | None, config: Path | None
) -> "Settings":
    from bot.config.settings import load

    return load(config=config, data=data, workspace=workspace, per_workspace=not project)


async def _shown(
    settings: "Settings", project: str, number: int | None = None
) -> "tuple[tuple[Shown, ...], datetime]":
    """The schedule with this number, or all of them."""
    from bot.cli.desk import at_desk, looking, project_of
    from bot.queries.schedules import all_schedules
    from bot.queries.schedules import schedule as schedule_numbered
    from bot.render.schedules.message import Shown

    async with at_desk(settings, make=True) as desk:
        owner = await project_of(desk, project)
        async with looking(desk, owner) as asking:
            if number is None:
                known = await all_schedules(asking)
            else:
                known = (await schedule_numbered(asking, number),)
            return tuple(Shown(*pair) for pair in known), asking.now


async def _move(settings: "Settings", project: str, number: int, what: str) -> int:
    from bot.actions import schedules
    from bot.actions.act import perform
    from bot.cli.desk import actor, at_desk, project_of
    from bot.render.schedules.changes import schedule_moved, schedule_unmoved

    move = {"pause": schedules.pause, "resume": schedules.resume, "delete": schedules.delete}[what]
    async with at_desk(settings, make=True) as desk:
        owner = await project_of(desk, project)
        given = schedules.OfSchedule(number=number)
        result = await perform(desk, actor(), owner, move, given)
        if result.done:
            print(schedule_moved(desk.locale, what, result.was, desk.clock.now()))
        else:
            print(schedule_unmoved(desk.locale, result.was))
    return 0 if result.done else 1


def _plain(shown: "Shown", now: datetime, count: int) -> dict[str, object]:
    from bot.render.schedules.message import when_words

    stored, last = shown.stored, shown.last
    return {
        "number": stored.number,
        "title": stored.title,
        "state": stored.state.value,
        "when": when_words(ENGLISH, stored.schedule),
        "schedule": stored.schedule.model_dump(mode="json"),
        "plan": stored.plan,
        "next": _times(shown, now, count),
        "last": None
        if last is None
        else {
            "due": last.firing.due_at.isoformat(),
            "state": last.state.value,
            "reason": last.reason,
            "run": last.run or None,
            "run_state": last.run_state.value if last.run_state else None,
            "started_at": last.fired_at.isoformat(),
            "ended_at": last.ended_at.isoformat() if last.ended_at else None,
        },
    }


def _times(shown: "Shown", now: datetime, count: int) -> list[str]:
    from memory.model.timing.occurrences import coming
    from memory.model.timing.stored_schedule import ScheduleState

    if shown.stored.state is not ScheduleState.ACTIVE:
        return []
    rules = shown.stored.schedule
    return [due.astimezone(rules.tz).isoformat() for due in coming(rules, now, count)]


def _print(out: "Outgoing") -> None:
    from bot.platforms.console.markup import message_lines

    plain = out.model_copy(
        update={
            "sections": tuple(
                section.model_copy(update={"buttons": ()}) for section in out.sections
            )
        }
    )
    print("\n".join(message_lines(plain, styled=False, columns=100)))
