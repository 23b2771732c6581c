"""`orchestra schedule`: what runs by itself, and stopping it."""

import json
from collections.abc import Awaitable, Callable, Coroutine
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
    from bot.render.schedules import Shown
    from memory.model.base import ProjectId
    from memory.model.timing.stored_schedule import StoredSchedule
    from memory.store.engine.database import Connection, Database

MOST_TIMES = 1000
T = TypeVar("T")

schedule = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="What runs by itself: list, show, next, pause, resume, delete.",
)

Number = Annotated[int, typer.Argument(help="The schedule's number.", show_default=False)]
Project = Annotated[
    str, typer.Option("--project", help="Whose schedules.", show_default="the workspace's")
]


@schedule.callback()
def _group() -> None:
    """What runs by itself: list, show, next, pause, resume, delete. New ones are said in chat."""


@schedule.command("list")
def list_(
    as_json: Json = False,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Show every schedule, when it runs next and how it went last."""
    found, now = _run(_all(_settings(project, workspace, data, config), project))
    if as_json:
        print(json.dumps([_plain(one, now, 5) for one in found], indent=2))
    else:
        from bot.render.schedules import list_message

        _print(list_message(ENGLISH, found, now))
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
    """Show one schedule with its next five times."""
    settings = _settings(project, workspace, data, config)
    one, now = _run(_one(settings, project, number))
    if as_json:
        print(json.dumps(_plain(one, now, 5), indent=2))
    else:
        from bot.render.schedules import detail_message

        _print(detail_message(ENGLISH, one, now))
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
    """Show when it runs next, by its own time zone's clock."""
    settings = _settings(project, workspace, data, config)
    one, now = _run(_one(settings, project, number))
    times = _times(one, now, count)
    print(json.dumps(times) if as_json else "\n".join(times) or "never again")
    raise Ended(0)


@schedule.command()
def pause(
    number: Number,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let nothing more be due until it is resumed."""
    from bot.conversation.schedule_steps import pause as steer

    _move(_settings(project, workspace, data, config), project, number, "paused", steer)


@schedule.command()
def resume(
    number: Number,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """Let it be due again; what was due meanwhile is not made up for."""
    from bot.conversation.schedule_steps import resume as steer

    _move(_settings(project, workspace, data, config), project, number, "resumed", steer)


@schedule.command()
def delete(
    number: Number,
    project: Project = "",
    workspace: Workspace = None,
    data: Data = None,
    config: Config = None,
) -> None:
    """End it and the approval it ran under, for good."""
    from bot.conversation.schedule_steps import delete as steer

    _move(_settings(project, workspace, data, config), project, number, "deleted", steer)


def _run(work: Coroutine[Any, Any, T]) -> T:
    import asyncio

    return asyncio.run(work)


def _settings(
    project: str, workspace: Path | None, data: Path | None, config: Path | None
) -> "Settings":
    from bot.config.settings import load

    return load(config=config, data=data, workspace=workspace, per_workspace=not project)


def _move(
    settings: "Settings",
    project: str,
    number: int,
    done: str,
    steer: "Callable[[Connection, StoredSchedule, datetime], Awaitable[bool]]",
) -> None:
    changed, state = _run(_steer(settings, project, number, done, steer))
    print(f"Schedule {number} is {done}." if changed else f"Schedule {number} is {state}.")
    raise Ended(0 if changed else 1)


async def _all(settings: "Settings", project: str) -> "tuple[tuple[Shown, ...], datetime]":
    from memory.store.scheduling import schedules

    database, owner, now = await _open(settings, project)
    try:
        async with database.reading() as connection:
            known = await schedules.of_project(connection, owner)
            return tuple([await _shown(connection, one) for one in known]), now
    finally:
        await database.close()


async def _one(settings: "Settings", project: str, number: int) -> "tuple[Shown, datetime]":
    from memory.store.scheduling import schedules

    database, owner, now = await _open(settings, project)
    try:
        async with database.reading() as connection:
            one = await schedules.get(connection, owner, number)
            return await _shown(connection, one), now
    finally:
        await database.close()


async def _steer(
    settings: "Settings",
    project: str,
    number: int,
    done: str,
    steer: "Callable[[Connection, StoredSchedule, datetime], Awaitable[bool]]",
) -> tuple[bool, str]:
    from bot.cli.local_user import login
    from bot.platforms.console.session import person
    from memory.store.scheduling import schedules
    from memory.store.traffic import audit

    database, owner, now = await _open(settings, project)
    try:
        async with database.transaction() as tx:
            one = await schedules.get(tx, owner, number)
            changed = await steer(tx, one, now)
            if changed:
                who = person(login()).key
                action = f"schedule.{done}"
                await audit.record(tx, owner, actor=who, action=action, on=one.id, at=now)
            return changed, f"{one.state} already"
    finally:
        await database.close()


async def _open(settings: "Settings", project: str) -> "tuple[Database, ProjectId, datetime]":
    from bot.cli.budget import project_of
    from memory.model.timing.clock import SystemClock
    from memory.store.engine import schema
    from memory.store.engine.database import Database, database_url

    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(database_url(settings.data, settings.database_url.get_secret_value()))
    now = SystemClock().now()
    try:
        await schema.upgrade(database)
        return database, await project_of(settings, database, project, now), now
    except BaseException:
        await database.close()
        raise


async def _shown(connection: "Connection", one: "StoredSchedule") -> "Shown":
    from bot.render.schedules import Shown
    from memory.store.scheduling import firings

    last = await firings.of_schedule(connection, one.id, 1)
    return Shown(one, last[0] if last else None)


def _plain(one: "Shown", now: datetime, count: int) -> dict[str, object]:
    from bot.render.schedules import when_words

    stored, last = one.stored, one.last
    return {
        "number": stored.number,
        "title": stored.title,
        "state": stored.state.value,
        "when": when_words(ENGLISH, stored.schedule),
        "schedule": stored.schedule.model_dump(mode="json"),
        "plan": stored.plan,
        "next": _times(one, now, count),
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


def _times(one: "Shown", now: datetime, count: int) -> list[str]:
    from memory.model.timing.occurrences import coming
    from memory.model.timing.stored_schedule import ScheduleState

    if one.stored.state is not ScheduleState.ACTIVE:
        return []
    schedule = one.stored.schedule
    return [due.astimezone(schedule.tz).isoformat() for due in coming(schedule, now, count)]


def _print(out: "Outgoing") -> None:
    from bot.platforms.console.markup import message_lines

    plain = out.model_copy(
        update={"sections": tuple(one.model_copy(update={"buttons": ()}) for one in out.sections)}
    )
    print("\n".join(message_lines(plain, styled=False, columns=100)))
