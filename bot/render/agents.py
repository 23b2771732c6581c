"""The agents in words: who is well, who is left alone, who has done what."""

from collections.abc import Sequence
from datetime import datetime

from bot.chat import Outgoing, Section, say
from bot.render.plans.message import packed
from bot.render.words import count, duration, untrusted
from memory.model.agents.spec import AgentKind, Catalogue
from memory.model.money import show_money
from memory.model.overview import AgentRow

SHOWN = 40


def agents_message(
    catalogue: Catalogue, rows: Sequence[AgentRow], *, now: datetime, days: int
) -> Outgoing:
    """One line an agent: all models and people's programs, and the tools that did something."""
    by_name = {row.agent: row for row in rows}
    shown = [
        (agent.title, agent.kind, by_name.get(agent.name))
        for agent in catalogue.agents
        if agent.name in by_name or agent.kind not in {AgentKind.TOOL, AgentKind.HUMAN}
    ]
    if not shown:
        return say("No agent has done anything yet, and no model is connected; see `help`.")
    head = f"**Agents**, the last {count(days, 'day')}"
    lines = [_line(title, kind, row, now) for title, kind, row in shown[:SHOWN]]
    return Outgoing(sections=tuple(Section(text=text) for text in packed([head, *lines])))


def _line(title: str, kind: AgentKind, row: AgentRow | None, now: datetime) -> str:
    parts = [f"{_mark(row)} {untrusted(title, 60)}", kind.value]
    if row is None:
        return " · ".join([*parts, "nothing to do yet"])
    parts.append(_health(row, now))
    if row.working or row.waiting:
        parts.append(f"{row.working} working, {row.waiting} waiting")
    ended = row.succeeded + row.failed
    if ended:
        parts.append(f"{row.succeeded} of {ended} done")
    if row.cost_micro_usd:
        parts.append(show_money(row.cost_micro_usd))
    return " · ".join(part for part in parts if part)


def _mark(row: AgentRow | None) -> str:
    return "✓" if row is None or row.breaker == "closed" else "✗"


def _health(row: AgentRow, now: datetime) -> str:
    if row.breaker == "closed":
        return f"{count(row.failures, 'failure')} in a row" if row.failures else ""
    since = duration((now - row.opened_at).total_seconds()) if row.opened_at else ""
    alone = f"left alone{f' for {since}' if since else ''} after {count(row.failures, 'failure')}"
    return "being tried again" if row.breaker == "half_open" else alone
