"""Running: runs, tasks, attempts, effects, and the workers that do them."""

import sqlalchemy as sa

from memory.store.tables.columns import (
    JSON,
    PLAIN_JSON,
    added,
    count,
    metadata,
    moment,
    seq,
    text,
    words,
)

runs = sa.Table(
    "runs",
    metadata,
    text("id", primary_key=True),
    text("project_id"),
    text("plan_hash"),
    text("thread_key"),
    text("state"),
    sa.Column("simulated", sa.Boolean, nullable=False),
    text("started_by"),  # Identity.key
    added("schedule_id"),  # the one it was due by
    added("template"),  # the one its plan was drawn up from
    words("problem", default=""),
    count("cost_micro_usd"),
    sa.Column("unpriced", sa.Boolean, nullable=False, default=False),
    moment("started_at"),
    moment("finished_at", nullable=True),
    sa.Index("ix_runs_project_id_started_at", "project_id", "started_at"),
    sa.Index("ix_runs_thread_key", "thread_key"),
    sa.Index("ix_runs_plan_hash", "plan_hash"),
    sa.Index("ix_runs_state", "state"),
)

tasks = sa.Table(
    "tasks",
    metadata,
    text("run_id", primary_key=True),
    text("key", primary_key=True),
    text("project_id"),
    count("ordinal"),
    text("state"),
    text("agent"),  # who has it now; failover changes it
    count("waits_for"),  # tasks still to be done before it
    count("attempts"),
    count("forgiven"),  # attempts before a person had it tried again; their failures are forgotten
    text("open_attempt", default=""),  # the attempt that is enqueued, running or asking
    words("note", default=""),
    text("value_digest", default=""),  # artifact of its output
    count("cost_micro_usd"),
    moment("started_at", nullable=True),
    moment("finished_at", nullable=True),
)

task_edges = sa.Table(
    "task_edges",
    metadata,
    text("run_id", primary_key=True),
    text("upstream", primary_key=True),
    text("downstream", primary_key=True),
)

OPEN = sa.text("state IN ('enqueued', 'running')")
"""Attempts that have not ended. Ask with these very words, or the index does not serve."""

attempts = sa.Table(
    "attempts",
    metadata,
    text("id", primary_key=True),  # run:task:number
    text("project_id"),
    text("run_id"),
    text("task_key"),
    count("number"),
    text("agent"),
    text("state"),  # enqueued | running | asking | succeeded | failed | held | lost
    text("code", default=""),
    words("reason", default=""),
    text("worker", default=""),
    count("claims"),  # how many workers took it up; the ones before died
    count("suspected"),  # how many deaths of workers it was under way at
    count("deaths"),  # at how many of these nothing else was under way there
    count("reserved_micro_usd"),
    sa.Column("holds", PLAIN_JSON, nullable=False, default=list),  # [[budget id, period start], …]
    count("tokens_in"),
    count("tokens_out"),
    count("cost_micro_usd"),
    moment("started_at", nullable=True),
    moment("finished_at", nullable=True),
    sa.Index("ix_attempts_run_id", "run_id"),
    sa.Index("ix_attempts_agent_state", "agent", "state"),
    sa.Index("ix_attempts_open", "worker", sqlite_where=OPEN, postgresql_where=OPEN),
)

worker_ends = sa.Table(  # workers that died, or stopped on purpose; one of a name ends once
    "worker_ends",
    metadata,
    text("worker", primary_key=True),
    count("under_way"),  # how many attempts died with it; 0 where it stopped on purpose
    moment("noted_at"),
)

lines = sa.Table(  # attempts that wait for their turn at an agent that is at its limit
    "lines",
    metadata,
    seq(),
    text("attempt_id", unique=True),
    text("project_id"),
    text("agent"),
    count("turn"),  # by priority and age, the lowest first
    count("calls"),  # how often it was told to come
    sa.Column("called", sa.Boolean, nullable=False, default=False),
    moment("since"),
    sa.Index("ix_lines_agent", "agent"),
)

rates = sa.Table(  # what agents with limits were asked and used, for a minute
    "rates",
    metadata,
    seq(),
    text("project_id"),
    text("agent"),
    count("requests"),
    count("tokens"),
    moment("at"),
    sa.Index("ix_rates_agent_at", "agent", "at"),
)

effects = sa.Table(
    "effects",
    metadata,
    text("key", primary_key=True),  # run:task:attempt-group:ordinal
    text("project_id"),
    text("run_id"),
    text("task_key"),
    text("effect"),
    text("target"),
    text("state"),  # intended | done | failed
    text("digest", default=""),
    moment("intended_at"),
    moment("done_at", nullable=True),
    sa.Index("ix_effects_run_id", "run_id"),
)

waits = sa.Table(
    "waits",
    metadata,
    text("id", primary_key=True),
    text("project_id"),
    text("run_id"),
    text("task_key"),
    text("thread_key"),
    sa.Column("asked", JSON, nullable=False),  # {"name", "identity": Identity or null}
    words("question"),
    text("state"),  # open | answered | cancelled
    words("answer", default=""),
    text("answered_by", default=""),
    moment("asked_at"),
    moment("answered_at", nullable=True),
    sa.Index("ix_waits_thread_key_state", "thread_key", "state"),
)

breakers = sa.Table(
    "breakers",
    metadata,
    text("agent", primary_key=True),
    text("credential", primary_key=True),
    text("state"),  # closed | open | half_open
    count("failures"),
    moment("opened_at", nullable=True),
    moment("updated_at"),
)

workers = sa.Table(
    "workers",
    metadata,
    text("id", primary_key=True),  # host:pid:uuid
    text("version"),
    moment("started_at"),
    moment("beat_at"),
)

switches = sa.Table(
    "switches",
    metadata,
    text("scope", primary_key=True),  # all | project:ID
    text("set_by"),
    words("reason"),
    moment("at"),
)

artifacts = sa.Table(
    "artifacts",
    metadata,
    text("project_id", primary_key=True),
    text("digest", primary_key=True),
    text("media_type"),
    count("size"),
    sa.Column("data", sa.LargeBinary, nullable=False),
    moment("created_at"),
)

calls = sa.Table(  # answers to calls that may be taken again
    "calls",
    metadata,
    text("project_id", primary_key=True),
    text("key", primary_key=True),
    text("value_digest"),
    count("cost_micro_usd"),
    count("hits"),
    count("saved_micro_usd"),
    moment("at"),
)
