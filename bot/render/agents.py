"""The agents in words: which are well, which are paused after failures, what each has done."""

from collections.abc import Sequence
from datetime import datetime

from bot.chat import Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.words import (
    count,
    duration,
    packed,
    untrusted,
)
from memory.model.agents.spec import AgentKind, AgentSpec, Catalogue
from memory.model.money import show_money
from memory.model.overview import AgentRow

SHOWN = 40


def agents_message(
    _: Locale, catalogue: Catalogue, rows: Sequence[AgentRow], *, now: datetime, days: int
) -> Outgoing:
    """One line per agent: all models and external programs, and the tools that did something."""
    by_name = {row.agent: row for row in rows}
    shown = [
        (agent, by_name.get(agent.name))
        for agent in catalogue.agents
        if agent.name in by_name or agent.kind not in {AgentKind.TOOL, AgentKind.HUMAN}
    ]
    if not shown:
        return say(_("No agent has done anything yet, and no model is connected. See `help`."))
    head = count(_, days, "**Agents**, last {n} day", "**Agents**, last {n} days")
    lines = [_line(_, agent, row, now) for agent, row in shown[:SHOWN]]
    return Outgoing(sections=tuple(Section(text=text) for text in packed([head, *lines])))


def pauses_line(_: Locale, catalogue: Catalogue, rows: Sequence[AgentRow], *, now: datetime) -> str:
    """How many agents can work, and which are paused."""
    able = [
        agent for agent in catalogue.agents if agent.kind not in {AgentKind.TOOL, AgentKind.HUMAN}
    ]
    titles: dict[str, str] = {agent.name: agent.title for agent in catalogue.agents}
    paused = [row for row in rows if row.breaker != "closed"]
    out = {row.agent for row in paused}
    well = count(
        _,
        sum(agent.name not in out for agent in able),
        "{n} agent is ready for work.",
        "{n} agents are ready for work.",
    )
    if not able:
        well = _("No model is connected; I work with the built-in tools.")
    lines = [
        f"✗ {untrusted(titles.get(row.agent, row.agent), 60)}: {_health(_, row, now)}"
        for row in paused
    ]
    return "\n".join([f"✓ {well}", *lines])


def _line(_: Locale, agent: AgentSpec, row: AgentRow | None, now: datetime) -> str:
    mark = "✓" if row is None or row.breaker == "closed" else "✗"
    parts = [f"{mark} {untrusted(agent.title, 60)}", _kind(_, agent.kind)]
    return " · ".join([*parts, *(_record(_, row, now) if row else [_("no work yet")])])


def _kind(_: Locale, kind: AgentKind) -> str:
    return {
        AgentKind.MODEL: _("model"),
        AgentKind.TOOL: _("tool"),
        AgentKind.HUMAN: _("person"),
        AgentKind.SIMULATED: _("simulated"),
        AgentKind.COMMAND: _("program"),
        AgentKind.WEBHOOK: _("web service"),
    }[kind]


def _record(_: Locale, row: AgentRow, now: datetime) -> list[str]:
    ended = row.succeeded + row.failed
    active = _("{working} working, {waiting} waiting")
    parts = [
        _health(_, row, now),
        active.format(working=row.working, waiting=row.waiting)
        if row.working or row.waiting
        else "",
        _("{done} of {total} done").format(done=row.succeeded, total=ended) if ended else "",
        show_money(row.cost_micro_usd) if row.cost_micro_usd else "",
    ]
    return [part for part in parts if part]


def _health(_: Locale, row: AgentRow, now: datetime) -> str:
    if row.breaker == "half_open":
        return _("trying it again")
    if row.breaker == "closed":
        failed = count(_, row.failures, "{n} failure in a row", "{n} failures in a row")
        return failed if row.failures else ""
    paused = count(_, row.failures, "paused after {n} failure", "paused after {n} failures")
    if row.opened_at is None:
        return paused
    since = duration(_, (now - row.opened_at).total_seconds())
    return _("{paused}, {time} ago").format(paused=paused, time=since)
