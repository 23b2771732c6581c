"""Every table. Rows carry `project_id` wherever a project owns them (law 5)."""

# ruff: noqa: I001 - names that are handed on stay together, one table file at a time

from memory.store.tables.access import (
    api_tokens as api_tokens,
    web_logins as web_logins,
    web_sessions as web_sessions,
)
from memory.store.tables.audit import (
    audit as audit,
    cursors as cursors,
    events as events,
)
from memory.store.tables.columns import (
    JSON as JSON,
    SERIAL as SERIAL,
    Moment as Moment,
    metadata as metadata,
)
from memory.store.tables.external import (
    secrets as secrets,
    tool_pins as tool_pins,
)
from memory.store.tables.learning import (
    feedback as feedback,
    notes as notes,
    profiles as profiles,
    rules as rules,
    signals as signals,
    task_records as task_records,
)
from memory.store.tables.money import (
    budget_allowances as budget_allowances,
    budget_periods as budget_periods,
    budgets as budgets,
    ledger as ledger,
)
from memory.store.tables.places import (
    channels as channels,
    link_codes as link_codes,
    link_tries as link_tries,
    links as links,
    members as members,
    person_groups as person_groups,
    preferences as preferences,
    projects as projects,
)
from memory.store.tables.planning import (
    approvals as approvals,
    plans as plans,
    questions as questions,
    requests as requests,
)
from memory.store.tables.policy import (
    approval_requests as approval_requests,
    delegations as delegations,
    policies as policies,
)
from memory.store.tables.running import (
    artifacts as artifacts,
    attempts as attempts,
    breakers as breakers,
    calls as calls,
    effects as effects,
    lines as lines,
    rates as rates,
    runs as runs,
    switches as switches,
    task_edges as task_edges,
    tasks as tasks,
    waits as waits,
    worker_ends as worker_ends,
    workers as workers,
)
from memory.store.tables.schedules import (
    firings as firings,
    schedules as schedules,
    standing_approvals as standing_approvals,
)
from memory.store.tables.traffic import (
    acts as acts,
    inbox as inbox,
    messages as messages,
    outbox as outbox,
    quotas as quotas,
    threads as threads,
)
