"""Outside: what people approved of servers that are not ours."""

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
