"""Policy: whose approval what takes, who approves for whom, and what each plan asked for."""

import sqlalchemy as sa

from memory.store.tables.columns import metadata, moment, seal, text

policies = sa.Table(
    "policies",
    metadata,
    text("project_id", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    text("body"),  # the rule as canonical JSON: what was sealed, to the byte
    text("set_by"),  # Identity.key
    moment("at"),
    moment("ended_at", nullable=True),
    seal(),
)

delegations = sa.Table(
    "delegations",
    metadata,
    text("project_id", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    text("giver"),  # Identity.key
    text("taker"),  # Identity.key
    moment("since"),
    moment("until"),
    moment("ended_at", nullable=True),
    seal(),
)

approval_requests = sa.Table(
    "approval_requests",
    metadata,
    text("plan_hash", primary_key=True),
    text("project_id"),
    text("body"),  # the demands and who could meet them then, as canonical JSON
    moment("at"),
    moment("remind_at", nullable=True),
    moment("escalate_at", nullable=True),
    seal(),
    sa.Index("ix_approval_requests_remind_at", "remind_at"),
    sa.Index("ix_approval_requests_escalate_at", "escalate_at"),
)
