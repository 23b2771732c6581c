"""News and proof: events, cursors and the audit chain."""

import sqlalchemy as sa

from memory.store.tables.columns import JSON, count, metadata, moment, seal, seq, text

events = sa.Table(
    "events",
    metadata,
    seq(),
    text("project_id"),
    text("run_id", default=""),
    text("kind"),
    sa.Column("body", JSON, nullable=False),
    moment("at"),
    sa.Index("ix_events_run_id_seq", "run_id", "seq"),
)

cursors = sa.Table(
    "cursors",
    metadata,
    text("name", primary_key=True),
    count("position"),
)

audit = sa.Table(
    "audit",
    metadata,
    seq(),
    text("project_id"),
    text("actor"),  # Identity.key or "system"
    text("action"),
    text("object"),
    sa.Column("ids", JSON, nullable=False),
    moment("at"),
    text("previous"),
    text("hash", unique=True),
    seal(),
)
