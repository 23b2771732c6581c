"""Limits of agents: who may begin now, who waits, and whose turn is next.

An attempt that finds its agent at its limit stays enqueued and gets a place in line in the store;
its ticket is used up. Whoever ends an attempt of that agent calls the next in line with a new
ticket, and every worker looks once a second for what a minute's end has made possible. The limit
is checked again when the called attempt comes, so it holds whatever happens in between.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import structlog

from executor.engine.port import Ticket
from executor.parts import Parts
from executor.policy import scheduling
from memory.model.agents.spec import AgentLimits, AgentSpec
from memory.model.base import AgentName, ProjectId, RunId
from memory.model.errors import StorageTrouble
from memory.model.text import text
from memory.model.work.graph import Task
from memory.model.work.run import Usage
from memory.store.engine.database import Connection
from memory.store.running import attempts, rates
from memory.store.running.attempts import Attempt
from memory.store.running.rates import InLine

CALL: Final = "~"
"""Between an attempt's id and how often it was called, in the id of a ticket."""

MINUTE_POLL_S: Final = 0.5
"""How often a call within an attempt looks whether its agent's minute has room."""

log = structlog.get_logger(__name__)


def attempt_of(ticket: str) -> str:
    """The attempt that a ticket is for."""
    return ticket.partition(CALL)[0]


def of(parts: Parts, attempt: Attempt) -> AgentLimits | None:
    """The limits the attempt is under; None where there are none."""
    agent = parts.agents.get(attempt.agent)
    if agent is None or attempt.simulated or not agent.spec.limits.any:
        return None
    return agent.spec.limits


async def admits(tx: Connection, parts: Parts, attempt: Attempt, task: Task) -> bool:
    """Whether the attempt may begin now; else it has a place in the line."""
    limits = of(parts, attempt)
    if limits is None:
        return True
    now = parts.clock.now()
    await rates.lock(tx, attempt.agent)
    load = await rates.load(tx, attempt.agent, but=attempt.id, at=now)
    room = load.room(limits)
    called = await rates.was_called(tx, attempt.id)
    if room is None or (room > 0 and (called or not load.waiting)):
        await rates.asked(tx, attempt.project, attempt.agent, at=now)
        return True
    turn = scheduling.turn(task.priority, now)
    await rates.wait(tx, attempt.id, attempt.project, attempt.agent, turn=turn, at=now)
    return False


async def waits(connection: Connection, parts: Parts, run: RunId) -> dict[str, str]:
    """The attempts of a run that wait their turn, each with words that say for which agent."""
    if not any(agent.spec.limits.any for agent in parts.agents.values()):
        return {}
    return {
        attempt: text("waiting for {agent}, which is at its limit", agent=parts.title_of(agent))
        for attempt, agent in (await rates.in_line(connection, run)).items()
    }


async def used(tx: Connection, parts: Parts, attempt: Attempt, usage: Usage) -> None:
    """Count what an attempt took, where its agent has limits."""
    if of(parts, attempt) is not None:
        await rates.used(tx, attempt.project, attempt.agent, usage, at=parts.clock.now())


async def await_minute(parts: Parts, attempt: Attempt, spec: AgentSpec) -> None:
    """Count a call of another agent within the attempt, as soon as its minute has room for it.

    Its `concurrency` is not waited for: two that review each other would wait for ever. Comes
    back at once where it has no limits. Raises StorageTrouble.
    """
    minute = spec.limits.model_copy(update={"concurrency": 0})
    while not await _let_in(parts, attempt, spec.name, minute):  # noqa: ASYNC110 - time makes room
        await asyncio.sleep(MINUTE_POLL_S)


async def _let_in(parts: Parts, attempt: Attempt, agent: AgentName, minute: AgentLimits) -> bool:
    if not minute.any:
        return True
    now = parts.clock.now()
    async with parts.database.transaction() as tx:
        await rates.lock(tx, agent)
        load = replace(await rates.load(tx, agent, at=now), under_way={}, called={})
        if load.room(minute) == 0:
            return False
        await rates.asked(tx, attempt.project, agent, at=now)
    return True


async def used_within(parts: Parts, attempt: Attempt, spec: AgentSpec, usage: Usage) -> None:
    """Count what such a call took. Raises StorageTrouble."""
    if spec.limits.any:
        async with parts.database.transaction() as tx:
            await rates.used(tx, attempt.project, spec.name, usage, at=parts.clock.now())


async def after(parts: Parts, attempt: Attempt) -> None:
    """An attempt has left its agent: call whoever is next. If this fails, the sweep does it."""
    if of(parts, attempt) is None:
        return
    try:
        await call_next(parts, attempt.agent)
    except StorageTrouble as error:
        log.info("the next in line is called later", agent=attempt.agent, detail=error.detail)


async def sweep(parts: Parts) -> None:
    """Call all who may come now. Raises StorageTrouble."""
    async with parts.database.reading() as connection:
        waited_for = await rates.agents_in_line(connection)
    for agent in waited_for:
        await call_next(parts, agent)


async def call_next(parts: Parts, agent: AgentName) -> int:
    """Give tickets to as many as there is room for; gives back how many. Raises StorageTrouble."""
    async with parts.database.transaction() as tx:
        await rates.lock(tx, agent)
        load = await rates.load(tx, agent, at=parts.clock.now())
        if not load.waiting:
            return 0
        known = parts.agents.get(agent)
        room = load.room(known.spec.limits) if known is not None else None
        most = load.waiting if room is None else room
        waiting = await rates.first_in_line(tx, agent, most)
        chosen = [place for place in waiting if place.run_over]
        busy = Counter(load.under_way) + Counter(load.called)
        chosen += fair([place for place in waiting if not place.run_over], busy, load.served, most)
        for place in chosen:
            await rates.call(tx, place)
        tickets = [
            Ticket(f"{place.attempt}{CALL}{place.calls + 1}", lane=agent, turn=place.turn)
            for place in chosen
        ]
        await parts.engine.enqueue(tx, tickets)
    return len(chosen)


def fair(
    waiting: Sequence[InLine],
    busy: Mapping[ProjectId, int],
    served: Mapping[ProjectId, int],
    most: int,
) -> list[InLine]:
    """Whose turn it is, pure.

    The project with the fewest under way goes first, of those the one that was served least in
    the last minute, and within them whoever is first in line.
    """
    now, lately, left, chosen = Counter(busy), Counter(served), list(waiting), list[InLine]()
    while left and len(chosen) < most:
        # `min` takes the first of equals, and the line is in order.
        best = min(left, key=lambda place: (now[place.project], lately[place.project]))
        left.remove(best)
        chosen.append(best)
        now[best.project] += 1
        lately[best.project] += 1
    return chosen


async def find(parts: Parts, name: str) -> Attempt | None:
    """The attempt, where anybody has limits and it matters who does it."""
    if not any(agent.spec.limits.any for agent in parts.agents.values()):
        return None
    async with parts.database.reading() as connection:
        attempt = await attempts.look(connection, name)
    return attempt if attempt is not None and of(parts, attempt) is not None else None
