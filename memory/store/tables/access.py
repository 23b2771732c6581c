"""Who comes in by the web: one-time links, sessions of browsers, and tokens of programs."""

import sqlalchemy as sa

from memory.store.tables.columns import metadata, moment, text, words

web_logins = sa.Table(
    "web_logins",
    metadata,
    text("digest", primary_key=True),  # sha256 of the code; the code itself is kept nowhere
    text("person"),  # Identity.key
    words("display"),
    moment("expires_at"),
)

web_sessions = sa.Table(
    "web_sessions",
    metadata,
    text("digest", primary_key=True),  # sha256 of what the cookie holds
    text("person"),  # Identity.key
    words("display"),
    moment("created_at"),
    moment("expires_at"),
    sa.Index("ix_web_sessions_person", "person"),
)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    text("id", primary_key=True),
    text("digest", unique=True),  # sha256 of the token
    words("name"),
    text("person"),  # Identity.key of whoever it acts for
    words("display"),
    text("project_id"),  # "" for every project its person is in
    text("scopes"),  # with blanks between
    moment("created_at"),
    moment("expires_at", nullable=True),
    moment("revoked_at", nullable=True),
)
