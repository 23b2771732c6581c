"""Money: budgets and the ledger."""

import sqlalchemy as sa

from memory.store.tables.columns import (
    JSON,
    MONEY,
    Moment,
    count,
    flag,
    metadata,
    moment,
    seq,
    text,
    words,
)

budgets = sa.Table(
    "budgets",
    metadata,
    text("id", primary_key=True),
    text("project_id"),
    words("name"),
    text("name_key"),
    sa.Column("body", JSON, nullable=False),
    moment("created_at"),
    sa.UniqueConstraint("project_id", "name_key"),
)

budget_periods = sa.Table(
    "budget_periods",
    metadata,
    text("budget_id", primary_key=True),
    sa.Column("period_start", Moment, primary_key=True),
    text("project_id"),
    sa.Column("spent_micro_usd", MONEY, nullable=False),
    sa.Column("reserved_micro_usd", MONEY, nullable=False),
    count("tokens"),
    count("alerted_percent"),
    flag("told_short"),
)

budget_allowances = sa.Table(
    "budget_allowances",
    metadata,
    seq(),
    text("project_id"),
    text("budget_id"),
    sa.Column("amount_micro_usd", MONEY, nullable=False),
    moment("since"),
    moment("until"),
    text("given_by"),  # Identity.key
    sa.Index("ix_budget_allowances_budget_id_until", "budget_id", "until"),
)

ledger = sa.Table(
    "ledger",
    metadata,
    seq(),
    text("project_id"),
    text("attempt_id"),
    text("run_id"),
    text("task_key"),
    text("agent"),
    text("person"),
    text("kind"),  # reserve | settle | release
    sa.Column("amount_micro_usd", MONEY, nullable=False),
    sa.Column("unpriced", sa.Boolean, nullable=False, default=False),
    flag("estimated"),
    count("tokens_in"),
    count("tokens_out"),
    moment("at"),
    sa.UniqueConstraint("attempt_id", "kind"),
    sa.Index("ix_ledger_project_id_at", "project_id", "at"),
)
