"""`orchestra agents`: how the agents do."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.cli.inspect.tables import Shown, age, show, table
from bot.config.settings import Settings
from memory.model.money import show_money

if TYPE_CHECKING:
    from bot.queries.asking import Asking
    from memory.model.overview import AgentRow

HEADER = ("agent", "breaker", "waiting", "working", "succeeded", "failed", "success", "cost")


def agents(
    settings: Settings, *, project: str, days: int, as_json: bool, every_s: float | None
) -> int:
    """Print every agent that has work, had some in the last days, or is paused by its breaker."""

    async def look(asking: "Asking") -> Shown:
        from bot.queries.agents import agents_lately

        rows = await agents_lately(asking, days=days, everywhere=not project)
        data = [vars(row) | {"success_rate": row.success_rate} for row in rows]
        if not rows:
            _ = asking.desk.locale
            text = _.ngettext(
                "No agent has worked in the last day.",
                "No agent has worked in the last {days} days.",
                days,
            )
            return Shown((text.format(days=days),), data)
        return Shown(table(HEADER, [_cells(row, asking.now) for row in rows]), data)

    return show(settings, look, project=project, as_json=as_json, every_s=every_s)


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
