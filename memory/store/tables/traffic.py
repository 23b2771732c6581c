"""What came in and what goes out (law 1), and the threads between."""

import sqlalchemy as sa

from memory.store.tables.columns import JSON, count, metadata, moment, seq, text, words

inbox = sa.Table(
    "inbox",
    metadata,
    seq(),
    text("event_id", unique=True),
    text("thread_key"),
    sa.Column("body", JSON, nullable=False),
    text("state", default="new"),  # new | claimed | done | failed
    count("attempts"),
    words("error", default=""),
    moment("received_at"),
    moment("claimed_at", nullable=True),
    moment("done_at", nullable=True),
    text(
        "author", default="", server_default=""
    ),  # Identity.key of whom it's done for, "" for nobody in particular
    text(
        "place", default="", server_default=""
    ),  # ThreadRef.key of the channel it counts for, "" if it doesn't
    sa.Index("ix_inbox_state_seq", "state", "seq"),
    sa.Index("ix_inbox_author_received_at", "author", "received_at"),
    sa.Index("ix_inbox_place_received_at", "place", "received_at"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    seq(),
    text("key", unique=True),  # idempotency key: at most one send per key
    text("project_id"),
    text("thread_key"),
    sa.Column("thread", JSON, nullable=False),
    sa.Column("body", JSON, nullable=False),
    text("edits", default=""),  # key of the message this one edits
    text("state", default="new"),  # new | sending | sent | failed | superseded
    text("message", default=""),  # the platform's id once sent
    count("attempts"),
    words("error", default=""),
    moment("created_at"),
    moment("not_before"),
    moment("sent_at", nullable=True),
    sa.Index("ix_outbox_state_seq", "state", "seq"),
    sa.Index("ix_outbox_message", "message"),
    sa.Index("ix_outbox_edits_state", "edits", "state"),
)

threads = sa.Table(
    "threads",
    metadata,
    text("key", primary_key=True),  # ThreadRef.key
    text("project_id"),
    sa.Column("ref", JSON, nullable=False),
    text("opened_by"),
    text("request_id", default=""),  # the request now talked about
    moment("created_at"),
    moment("updated_at"),
)

messages = sa.Table(
    "messages",
    metadata,
    seq(),
    text("project_id"),
    text("thread_key"),
    text("author"),  # Identity.key, "" for the bot
    words("text"),
    text("label"),
    moment("at"),
    sa.Index("ix_messages_thread_key_seq", "thread_key", "seq"),
)

acts = sa.Table(
    "acts",
    metadata,
    text("event_id", primary_key=True),  # of the call: the same one again is the same act
    text("project_id"),
    text("action"),
    sa.Column("result", JSON, nullable=False),
    moment("at"),
)

quotas = sa.Table(
    "quotas",
    metadata,
    text("scope", primary_key=True),  # person | place | project | installation
    text("subject", primary_key=True),  # Identity.key, ThreadRef.key of a channel, project, or ""
    text("counted", primary_key=True),  # messages | plans | runs | storage
    sa.Column("most", sa.BigInteger, nullable=True),  # NULL: no limit
    text("set_by"),  # Identity.key
    moment("at"),
)
