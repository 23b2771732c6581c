"""Schedules, the approvals they run under, and every time they were due."""

import sqlalchemy as sa

from memory.store.tables.columns import JSON, Moment, count, metadata, moment, seal, text, words

schedules = sa.Table(
    "schedules",
    metadata,
    text("id", primary_key=True),
    text("project_id"),
    count("number"),  # what people call it in the project
    text("plan_hash"),
    text("thread_key"),
    sa.Column("thread", JSON, nullable=False),
    words("title"),
    sa.Column("body", JSON, nullable=False),  # memory.model.schedule.Schedule
    text("state"),  # active | paused | asking | done | deleted
    sa.Column("created_by", JSON, nullable=False),  # Identity
    moment("created_at"),
    moment("next_due", nullable=True),
    sa.UniqueConstraint("project_id", "number"),
    sa.Index("ix_schedules_state_next_due", "state", "next_due"),
)

standing_approvals = sa.Table(
    "standing_approvals",
    metadata,
    text("schedule_id", primary_key=True),
    text("plan_hash", primary_key=True),
    text("person", primary_key=True),
    text("project_id"),
    text("role"),
    sa.Column("cost_cap_micro_usd", sa.BigInteger, nullable=False),
    sa.Column("effects", JSON, nullable=False),
    moment("at"),
    moment("ended_at", nullable=True),
    seal(),
)

firings = sa.Table(
    "firings",
    metadata,
    text("schedule_id", primary_key=True),
    sa.Column("due_at", Moment, primary_key=True),
    text("project_id"),
    text("state"),  # claimed | waiting | started | skipped | asked | failed
    words("reason", default=""),
    text("run_id", default=""),
    moment("fired_at"),
    moment("decided_at", nullable=True),
    sa.Index("ix_firings_state", "state"),
    sa.Index("ix_firings_run_id", "run_id"),
)
