"""Learning: profiles, records, signals, feedback, notes and what people teach."""

import sqlalchemy as sa

from memory.store.tables.columns import JSON, MONEY, count, metadata, moment, seq, text, words

profiles = sa.Table(
    "profiles",
    metadata,
    text("project_id", primary_key=True),
    text("agent", primary_key=True),
    text("task_type", primary_key=True),
    count("successes"),
    count("failures"),
    count("likes"),
    count("dislikes"),
    sa.Column("cost_micro_usd", MONEY, nullable=False),
    count("latency_ms"),  # sum over successes
    count("unpriced"),  # attempts of unknown cost
    count("explored"),  # attempts that tried the agent out
    count("explored_micro_usd"),  # what of the cost was spent on trying the agent out
    moment("updated_at"),
)

task_records = sa.Table(
    "task_records",
    metadata,
    seq(),
    text("id", unique=True),  # the attempt's id
    text("project_id"),
    text("run_id"),
    text("agent"),
    text("task_type"),
    words("text"),
    sa.Column("succeeded", sa.Boolean, nullable=False),
    sa.Column("cost_micro_usd", MONEY, nullable=False),
    count("latency_ms"),
    moment("at"),
    sa.Column("quality", sa.Float, nullable=True),  # 0..1; NULL in rows of older versions
    sa.Column("strength", sa.Float, nullable=True),  # how much that is believed, 0..1
    sa.Column("reasons", JSON, nullable=True),  # ["disliked", "checked"]
    sa.Column("difficulty", sa.Float, nullable=True),  # 0..1, as it looked beforehand
    count("unpriced"),  # 1: its cost is not known
    count("explored"),  # 1: the agent was tried out
    count("guessed"),  # 1: its type is what the history made it
    sa.Index("ix_task_records_project_id_seq", "project_id", "seq"),
    sa.Index("ix_task_records_run_id", "run_id"),
    sa.Index("ix_task_records_profile", "project_id", "agent", "task_type", "seq"),
    sqlite_autoincrement=True,  # a number is never given twice: readers keep their place by it
)

signals = sa.Table(  # what was seen of an attempt, besides that it arrived
    "signals",
    metadata,
    text("attempt_id", primary_key=True),
    text("kind", primary_key=True),
    text("source", primary_key=True),  # who tells: a person, a reviewer; "" for the executor
    text("project_id"),
    sa.Column("value", sa.Float, nullable=False),
    moment("at"),
)

feedback = sa.Table(
    "feedback",
    metadata,
    text("run_id", primary_key=True),
    text("person", primary_key=True),
    text("project_id"),
    count("value"),  # 1 or -1; 0 after it was taken back
    moment("at"),
)

notes = sa.Table(
    "notes",
    metadata,
    seq(),  # a changed note gets a new number, so that readers behind it see the change
    text("id", unique=True),
    text("project_id"),
    text("kind"),  # note | file | result
    words("title"),
    words("text"),
    words("source"),
    text("label"),
    moment("at"),
    sa.UniqueConstraint("project_id", "kind", "source"),
    sa.Index("ix_notes_project_id_seq", "project_id", "seq"),
    sqlite_autoincrement=True,
)

rules = sa.Table(
    "rules",
    metadata,
    text("id", primary_key=True),
    text("project_id"),
    count("number"),
    text("kind"),  # fact | preference | rule
    words("text"),  # "" once it is forgotten
    text("person"),  # Identity.key, "" for everyone in the project
    text("author"),  # Identity.key, "" where it was found in the records
    words("author_name"),
    words("source"),
    text("state"),  # proposed | active | retired
    sa.Column(
        "body", JSON, nullable=False
    ),  # {"routing", "evidence", "replaces"}, where there are any
    moment("at"),
    text("decided_by", default=""),
    moment("decided_at", nullable=True),
    sa.UniqueConstraint("project_id", "number"),
    sa.Index("ix_rules_project_id_state", "project_id", "state"),
)
