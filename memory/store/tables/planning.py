"""Planning: requests, questions, plans and approvals."""

import sqlalchemy as sa

from memory.store.tables.columns import JSON, count, metadata, moment, seal, text, words

requests = sa.Table(
    "requests",
    metadata,
    text("id", primary_key=True),
    text("project_id"),
    text("thread_key"),
    sa.Column("identity", JSON, nullable=False),
    words("text"),
    sa.Column("attachments", JSON, nullable=False),
    text("state"),  # planning | asking | planned | declined | dropped
    count("round"),
    moment("created_at"),
    moment("updated_at"),
    text(
        "person", default="", server_default=""
    ),  # Identity.key of who asked, "" in rows of before it was kept
    sa.Index("ix_requests_thread_key", "thread_key"),
    sa.Index("ix_requests_state_updated_at", "state", "updated_at"),
)

questions = sa.Table(
    "questions",
    metadata,
    text("id", primary_key=True),
    text("project_id"),
    text("request_id"),
    count("round"),
    count("ordinal"),
    text("slot"),
    words("text"),
    sa.Column("options", JSON, nullable=False),
    words("default_value"),
    sa.Column("accepts", JSON, nullable=True),  # {"also": [...]}, NULL: any words
    text("state"),  # open | answered | defaulted | void
    words("answer", default=""),
    text("answered_by", default=""),
    moment("asked_at"),
    moment("answered_at", nullable=True),
    sa.Index("ix_questions_request_id", "request_id"),
)

plans = sa.Table(
    "plans",
    metadata,
    text("hash", primary_key=True),
    text("project_id"),
    text("request_id"),
    text("thread_key"),
    text("body"),  # the canonical bytes
    text("state"),  # waiting | approved | started | dropped | superseded | expired
    text("message_key"),  # outbox key of the message that shows it
    moment("created_at"),
    moment("expires_at"),
    sa.Index("ix_plans_request_id", "request_id"),
    sa.Index("ix_plans_thread_key", "thread_key"),
)

approvals = sa.Table(
    "approvals",
    metadata,
    text("plan_hash", primary_key=True),
    text("person", primary_key=True),
    text("project_id"),
    text("role"),
    text("decision"),  # approve | refuse
    text("via"),  # reaction | button | words
    text("message"),  # the platform's id of the message it was given on
    moment("at"),
    seal(),
)
