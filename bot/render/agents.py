"""The agents in words: who is well, who is left alone, who has done what."""

from collections.abc import Sequence
from datetime import datetime

from bot.chat import Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.render.plans.message import packed
from bot.render.words import count, duration, untrusted
from memory.model.agents.spec import AgentKind, Catalogue
from memory.model.money import show_money
from memory.model.overview import AgentRow

SHOWN = 40


def agents_message(
    _: Locale, catalogue: Catalogue, rows: Sequence[AgentRow], *, now: datetime, days: int
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
    head = f"**Agents**, the last {count(_, days, '{n} day', '{n} days')}"
    lines = [_line(_, title, kind, row, now) for title, kind, row in shown[:SHOWN]]
    return Outgoing(sections=tuple(Section(text=text) for text in packed([head, *lines])))


def _line(_: Locale, title: str, kind: AgentKind, row: AgentRow | None, now: datetime) -> str:
    parts = [f"{_mark(row)} {untrusted(title, 60)}", kind.value]
    if row is None:
        return " · ".join([*parts, "nothing to do yet"])
    parts.append(_health(_, row, now))
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


def _health(_: Locale, row: AgentRow, now: datetime) -> str:
    if row.breaker == "closed":
        return (
            f"{count(_, row.failures, '{n} failure', '{n} failures')} in a row"
            if row.failures
            else ""
        )
    since = duration(_, (now - row.opened_at).total_seconds()) if row.opened_at else ""
    alone = f"left alone{f' for {since}' if since else ''} after {count(_, row.failures, '{n} failure', '{n} failures')}"
    return "being tried again" if row.breaker == "half_open" else alone
