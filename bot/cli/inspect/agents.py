"""`orchestra agents`: how the agents do."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.cli.inspect.tables import (
    Shown,
    age,
    look_on,
    table,
    the_project,
)
from bot.config.settings import Settings
from memory.model.money import show_money

if TYPE_CHECKING:
    from memory.model.overview import AgentRow
    from memory.store.engine.database import Connection

HEADER = ("agent", "breaker", "waiting", "working", "succeeded", "failed", "success", "cost")


def agents(
    settings: Settings, *, project: str, days: int, as_json: bool, every_s: float | None
) -> int:
    """Print every agent that worked in the last days, has work, or is left alone just now."""

    async def look(connection: "Connection", now: datetime) -> Shown:
        from memory.store.running import overview

        owner = await the_project(connection, project)
        since = now - timedelta(days=days)
        found = await overview.agent_rows(connection, project=owner, since=since)
        data = [vars(one) | {"success_rate": one.success_rate} for one in found]
        if not found:
            return Shown((f"No agent did anything in the last {days} days.",), data)
        return Shown(table(HEADER, [_cells(one, now) for one in found]), data)

    return look_on(settings, look, as_json=as_json, every_s=every_s)


def _cells(agent: "AgentRow", now: datetime) -> tuple[str, ...]:
    rate = agent.success_rate
    return (
        agent.agent,
        _breaker(agent, now),
        str(agent.waiting),
        str(agent.working),
        str(agent.succeeded),
        str(agent.failed),
        "–" if rate is None else f"{rate:.0%}",
        show_money(agent.cost_micro_usd),
    )


def _breaker(agent: "AgentRow", now: datetime) -> str:
    if agent.breaker == "closed":
        return f"closed ({agent.failures} failed)" if agent.failures else "closed"
    state = agent.breaker.replace("_", "-")
    return f"{state} for {age(agent.opened_at, now)}" if agent.opened_at else state
