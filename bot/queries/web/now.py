"""What is going on, over all projects of whoever looks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.queries.about.work import Waiting, waiting
from bot.queries.agents import agents_lately
from bot.queries.asking import Asking
from bot.queries.budgets import Outlook, outlooks
from bot.queries.plans.cards import agent_names
from bot.queries.runs import queue
from bot.queries.web.callers import Reach
from bot.services import Desk
from executor.engine.waiting import Lane
from memory.model.base import AgentName, ProjectId
from memory.model.overview import AgentRow, RunRow, Worker
from memory.store.engine.database import Connection
from memory.store.running import overview, switches
from memory.store.traffic import news

SHOWN = 50


@dataclass(frozen=True)
class Going:
    """All of it. `cursor`: of the newest event when it was read."""

    runs: tuple[RunRow, ...]
    waiting: tuple[tuple[ProjectId, Waiting], ...]
    agents: tuple[AgentRow, ...]
    titles: dict[AgentName, str]
    lanes: tuple[Lane, ...]
    workers: tuple[Worker, ...]
    budgets: tuple[Outlook, ...]
    stopped: tuple[tuple[ProjectId, str], ...]
    cursor: int


def each(
    connection: Connection, desk: Desk, reach: Reach, only: ProjectId | None
) -> Iterable[Asking]:
    """A question about each project they may see, or about that one alone."""
    now = desk.clock.now()
    for project, line in reach.lines.items():
        if only in {None, project} and line.archived_at is None:
            yield Asking(connection, desk, reach.caller.person, project, reach.role(project), now)


async def now_in(connection: Connection, desk: Desk, reach: Reach, only: ProjectId | None) -> Going:
    """What is going on there."""
    _, cursor = await news.bounds(connection)
    askings = tuple(each(connection, desk, reach, only))
    seen = [asking.project for asking in askings]
    queues = [await queue(asking) for asking in askings]
    return Going(
        runs=await overview.run_page(connection, seen, running=True, limit=SHOWN),
        waiting=await waiting_in(connection, desk, reach, only),
        agents=added([row for asking in askings for row in await agents_lately(asking)]),
        titles=agent_names(desk),
        lanes=tuple(lane for found in queues for lane in found.lanes),
        workers=queues[0].workers if queues else (),
        budgets=await budgets_in(askings),
        stopped=await _stopped(connection, seen),
        cursor=cursor,
    )


async def budgets_in(askings: Iterable[Asking]) -> tuple[Outlook, ...]:
    """Every budget of these projects, those of the installation once."""
    found = [outlook for asking in askings for outlook in await outlooks(asking)]
    return tuple({outlook.state.budget.id: outlook for outlook in found}.values())


async def _stopped(
    connection: Connection, seen: Iterable[ProjectId]
) -> tuple[tuple[ProjectId, str], ...]:
    found = [(project, await switches.stopped(connection, project)) for project in seen]
    return tuple((project, switch.reason) for project, switch in found if switch is not None)


async def waiting_in(
    connection: Connection, desk: Desk, reach: Reach, only: ProjectId | None
) -> tuple[tuple[ProjectId, Waiting], ...]:
    """What waits for people there, the longest first."""
    found = [
        (asking.project, wait)
        for asking in each(connection, desk, reach, only)
        for wait in await waiting(asking)
    ]
    return tuple(sorted(found, key=lambda pair: pair[1].since))


def added(rows: Iterable[AgentRow]) -> tuple[AgentRow, ...]:
    """What each agent did in all of these projects together; its breaker is the same in all."""
    found: dict[str, AgentRow] = {}
    for row in rows:
        before = found.get(row.agent)
        found[row.agent] = (
            row
            if before is None
            else replace(
                row,
                waiting=row.waiting + before.waiting,
                working=row.working + before.working,
                succeeded=row.succeeded + before.succeeded,
                failed=row.failed + before.failed,
                cost_micro_usd=row.cost_micro_usd + before.cost_micro_usd,
            )
        )
    return tuple(found.values())
