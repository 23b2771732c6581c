"""Outside: what people approved of servers that are not ours, and the keys to such servers."""

import sqlalchemy as sa

from memory.store.tables.columns import JSON, metadata, moment, text

tool_pins = sa.Table(
    "tool_pins",
    metadata,
    text("server", primary_key=True),
    text("hash"),
    sa.Column("tools", JSON, nullable=False),  # [OfferedTool, …]
    text("approved_by"),  # Identity.key, or the login name of who typed the command
    moment("at"),
)

secrets = sa.Table(
    "secrets",
    metadata,
    text("project_id", primary_key=True),
    text("name", primary_key=True),
    text("locked"),  # by memory.privacy.vault: no key in this database opens it
    text("by"),  # Identity.key
    moment("at"),
    moment("used_at", nullable=True),
)
