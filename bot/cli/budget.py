"""`orchestra budget`: show or set what may be spent."""

import asyncio
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from bot.cli.local_user import login
from bot.config.settings import Settings
from bot.language.catalogue import ENGLISH
from bot.platforms.console.markup import message_lines
from bot.platforms.console.session import person
from memory.model.base import ProjectId
from memory.model.budget import Budget, Period, budget_id
from memory.model.errors import BadInput, NotFound
from memory.model.identity import ThreadRef
from memory.model.money import USD

if TYPE_CHECKING:
    from memory.store.engine.database import Database

MOST_DOLLARS = 10_000_000


def budget(settings: Settings, *, amount: str, period: str, name: str, project: str) -> int:
    """Print every budget of the project, after setting one where an amount is given.

    `project` "" means the workspace's own. Raises BadInput for what is no amount or period.
    """
    if period not in set(Period):
        raise BadInput("A budget is --per day, week, month or total.")
    limit = _micro_usd(amount) if amount else None
    asyncio.run(_budget(settings, limit, Period(period), name.strip() or "project", project))
    return 0


async def _budget(
    settings: Settings, limit: int | None, period: Period, name: str, project: str
) -> None:
    from bot.conversation.budgets import ends_on
    from bot.render.budgets import budget_report
    from memory.model.money import show_money
    from memory.model.timing.clock import SystemClock
    from memory.store.money import budgets
    from memory.store.running import calls
    from memory.store.traffic import audit

    now = SystemClock().now()
    database = await _open(settings)
    try:
        owner = await project_of(settings, database, project, now)
        if limit is not None:
            wanted = Budget(
                id=budget_id(owner, name),
                project=owner,
                name=name,
                period=period,
                limit_micro_usd=limit,
            )
            async with database.transaction() as tx:
                await budgets.keep(tx, wanted, at=now)
                actor = person(login()).key
                await audit.record(
                    tx, owner, actor=actor, action="budget.set", on=wanted.id, at=now
                )
        async with database.reading() as connection:
            states = await budgets.states(connection, owner, now=now)
            hits, saved = await calls.savings(connection, owner)
    finally:
        await database.close()
    report = budget_report(
        ENGLISH, states, {one.budget.id: ends_on(one, now.date()) for one in states}
    )
    print("\n".join(message_lines(report, styled=False, columns=100)))
    if hits:
        print(f"{hits} calls were not made, since the same was asked before: {show_money(saved)}.")


async def _open(settings: Settings) -> "Database":
    from memory.store.engine import schema
    from memory.store.engine.database import Database, database_url

    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(database_url(settings.data, settings.database_url.get_secret_value()))
    try:
        await schema.upgrade(database)
    except BaseException:
        await database.close()
        raise
    return database


async def project_of(
    settings: Settings, database: "Database", named: str, now: datetime
) -> ProjectId:
    """The workspace's project, made if it is new, or the one named. Raises NotFound."""
    from bot.actions.places import place_of
    from bot.config.projects import slug
    from memory.store.knowledge import projects

    if not named:
        thread = ThreadRef(platform="console", workspace="local", channel="chat")
        place = place_of(settings, thread)
        async with database.transaction() as tx:
            await projects.ensure(tx, place.project, name=place.name, root=place.root, at=now)
        return place.project
    async with database.reading() as connection:
        known = await projects.every(connection)
    if ProjectId(slug(named)) in known:
        return ProjectId(slug(named))
    there = f"known are {', '.join(known)}" if known else "there is none yet"
    raise NotFound("There is no project {named}; {there}.", named=named, there=there)


def _micro_usd(amount: str) -> int:
    try:
        dollars = Decimal(amount.strip().removeprefix("$").replace(",", ""))
    except InvalidOperation as error:
        raise BadInput("A budget is an amount of dollars, for example 50.") from error
    if not dollars.is_finite() or not 0 <= dollars <= MOST_DOLLARS:
        raise BadInput("A budget is an amount of dollars between 0 and 10,000,000.")
    return int(dollars * USD)
