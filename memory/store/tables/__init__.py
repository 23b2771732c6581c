"""Every table. Rows carry `project_id` wherever a project owns them (law 5)."""

from memory.store.tables.audit import audit, cursors, events
from memory.store.tables.columns import JSON, SERIAL, Moment, metadata
from memory.store.tables.external import tool_pins
from memory.store.tables.learning import (
    feedback,
    notes,
    profiles,
    task_records,
)
from memory.store.tables.money import (
    budget_periods,
    budgets,
    ledger,
)
from memory.store.tables.places import (
    channels,
    members,
    preferences,
    projects,
)
from memory.store.tables.planning import (
    approvals,
    plans,
    questions,
    requests,
)
from memory.store.tables.running import (
    artifacts,
    attempts,
    breakers,
    calls,
    effects,
    lines,
    rates,
    runs,
    switches,
    task_edges,
    tasks,
    waits,
    workers,
)
from memory.store.tables.schedules import (
    firings,
    schedules,
    standing_approvals,
)
from memory.store.tables.traffic import (
    acts,
    inbox,
    messages,
    outbox,
    threads,
)

__all__ = [
    "JSON",
    "SERIAL",
    "Moment",
    "acts",
    "approvals",
    "artifacts",
    "attempts",
    "audit",
    "breakers",
    "budget_periods",
    "budgets",
    "calls",
    "channels",
    "cursors",
    "effects",
    "events",
    "feedback",
    "firings",
    "inbox",
    "ledger",
    "lines",
    "members",
    "messages",
    "metadata",
    "notes",
    "outbox",
    "plans",
    "preferences",
    "profiles",
    "projects",
    "questions",
    "rates",
    "requests",
    "runs",
    "schedules",
    "standing_approvals",
    "switches",
    "task_edges",
    "task_records",
    "tasks",
    "threads",
    "tool_pins",
    "waits",
    "workers",
]
