"""Every table. Rows carry `project_id` wherever a project owns them (law 5)."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime, also on SQLite, which keeps no zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive datetime; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the store")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give back an aware datetime."""
        del dialect
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MONEY = sa.BigInteger


def _text(name: str, **options: Any) -> sa.Column[str]:
    options.setdefault("nullable", False)
    return sa.Column(name, sa.Text, **options)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Moment, nullable=nullable)


def _count(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(
        name, sa.BigInteger, nullable=False, default=default, server_default=str(default)
    )


def _seq() -> sa.Column[int]:
    return sa.Column("seq", SERIAL, primary_key=True, autoincrement=True)


# --- who and where -----------------------------------------------------------------------------

projects = sa.Table(
    "projects",
    metadata,
    _text("id", primary_key=True),
    _text("name"),
    _text("name_key", unique=True),
    _text("root"),  # the folder its files live beneath
    _moment("created_at"),
    _moment("archived_at", nullable=True),
)

channels = sa.Table(
    "channels",
    metadata,
    _text("platform", primary_key=True),
    _text("workspace", primary_key=True),
    _text("channel", primary_key=True),
    _text("project_id"),
)

members = sa.Table(
    "members",
    metadata,
    _text("project_id", primary_key=True),
    _text("person", primary_key=True),  # Identity.key
    _text("display"),
    _text("role"),
    _moment("seen_at"),
)

preferences = sa.Table(
    "preferences",
    metadata,
    _text("project_id", primary_key=True),
    _text("person", primary_key=True),  # Identity.key, "" for the project
    _text("slot", primary_key=True),
    _text("value"),
    _moment("at"),
)

# --- what came in, what goes out (law 1) -------------------------------------------------------

inbox = sa.Table(
    "inbox",
    metadata,
    _seq(),
    _text("event_id", unique=True),
    _text("thread_key"),
    sa.Column("body", JSON, nullable=False),
    _text("state", default="new"),  # new | claimed | done | failed
    _count("attempts"),
    _text("error", default=""),
    _moment("received_at"),
    _moment("claimed_at", nullable=True),
    _moment("done_at", nullable=True),
    sa.Index("ix_inbox_state_seq", "state", "seq"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    _seq(),
    _text("key", unique=True),  # idempotency key: at most one send per key
    _text("project_id"),
    _text("thread_key"),
    sa.Column("thread", JSON, nullable=False),
    sa.Column("body", JSON, nullable=False),
    _text("edits", default=""),  # key of the message this one edits
    _text("state", default="new"),  # new | sending | sent | failed | superseded
    _text("message", default=""),  # the platform's id once sent
    _count("attempts"),
    _text("error", default=""),
    _moment("created_at"),
    _moment("not_before"),
    _moment("sent_at", nullable=True),
    sa.Index("ix_outbox_state_seq", "state", "seq"),
    sa.Index("ix_outbox_message", "message"),
    sa.Index("ix_outbox_edits_state", "edits", "state"),
)

threads = sa.Table(
    "threads",
    metadata,
    _text("key", primary_key=True),  # ThreadRef.key
    _text("project_id"),
    sa.Column("ref", JSON, nullable=False),
    _text("opened_by"),
    _text("request_id", default=""),  # the request now talked about
    _moment("created_at"),
    _moment("updated_at"),
)

messages = sa.Table(
    "messages",
    metadata,
    _seq(),
    _text("project_id"),
    _text("thread_key"),
    _text("author"),  # Identity.key, "" for the bot
    _text("text"),
    _text("label"),
    _moment("at"),
    sa.Index("ix_messages_thread_key_seq", "thread_key", "seq"),
)

# --- planning ----------------------------------------------------------------------------------

requests = sa.Table(
    "requests",
    metadata,
    _text("id", primary_key=True),
    _text("project_id"),
    _text("thread_key"),
    sa.Column("identity", JSON, nullable=False),
    _text("text"),
    sa.Column("attachments", JSON, nullable=False),
    _text("state"),  # planning | asking | planned | declined | dropped
    _count("round"),
    _moment("created_at"),
    _moment("updated_at"),
    sa.Index("ix_requests_thread_key", "thread_key"),
)

questions = sa.Table(
    "questions",
    metadata,
    _text("id", primary_key=True),
    _text("project_id"),
    _text("request_id"),
    _count("round"),
    _count("ordinal"),
    _text("slot"),
    _text("text"),
    sa.Column("options", JSON, nullable=False),
    _text("default_value"),
    _text("state"),  # open | answered | defaulted | void
    _text("answer", default=""),
    _text("answered_by", default=""),
    _moment("asked_at"),
    _moment("answered_at", nullable=True),
    sa.Index("ix_questions_request_id", "request_id"),
)

plans = sa.Table(
    "plans",
    metadata,
    _text("hash", primary_key=True),
    _text("project_id"),
    _text("request_id"),
    _text("thread_key"),
    _text("body"),  # the canonical bytes
    _text("state"),  # waiting | approved | started | dropped | superseded | expired
    _text("message_key"),  # outbox key of the message that shows it
    _moment("created_at"),
    _moment("expires_at"),
    sa.Index("ix_plans_request_id", "request_id"),
    sa.Index("ix_plans_thread_key", "thread_key"),
)

approvals = sa.Table(
    "approvals",
    metadata,
    _text("plan_hash", primary_key=True),
    _text("person", primary_key=True),
    _text("project_id"),
    _text("role"),
    _text("decision"),  # approve | refuse
    _text("via"),  # reaction | button | words
    _text("message"),  # the platform's id of the message it was given on
    _moment("at"),
)

# --- running -----------------------------------------------------------------------------------

runs = sa.Table(
    "runs",
    metadata,
    _text("id", primary_key=True),
    _text("project_id"),
    _text("plan_hash"),
    _text("thread_key"),
    _text("state"),
    sa.Column("simulated", sa.Boolean, nullable=False),
    _text("started_by"),  # Identity.key
    _text("problem", default=""),
    _count("cost_micro_usd"),
    sa.Column("unpriced", sa.Boolean, nullable=False, default=False),
    _moment("started_at"),
    _moment("finished_at", nullable=True),
    sa.Index("ix_runs_project_id_started_at", "project_id", "started_at"),
    sa.Index("ix_runs_thread_key", "thread_key"),
    sa.Index("ix_runs_plan_hash", "plan_hash"),
    sa.Index("ix_runs_state", "state"),
)

tasks = sa.Table(
    "tasks",
    metadata,
    _text("run_id", primary_key=True),
    _text("key", primary_key=True),
    _text("project_id"),
    _count("ordinal"),
    _text("state"),
    _text("agent"),  # who has it now; failover changes it
    _count("waits_for"),  # tasks still to be done before it
    _count("attempts"),
    _text("open_attempt", default=""),  # the attempt that is enqueued, running or asking
    _text("note", default=""),
    _text("value_digest", default=""),  # artifact of its output
    _count("cost_micro_usd"),
    _moment("started_at", nullable=True),
    _moment("finished_at", nullable=True),
)

task_edges = sa.Table(
    "task_edges",
    metadata,
    _text("run_id", primary_key=True),
    _text("upstream", primary_key=True),
    _text("downstream", primary_key=True),
)

attempts = sa.Table(
    "attempts",
    metadata,
    _text("id", primary_key=True),  # run:task:number
    _text("project_id"),
    _text("run_id"),
    _text("task_key"),
    _count("number"),
    _text("agent"),
    _text("state"),  # enqueued | running | asking | succeeded | failed | held | lost
    _text("code", default=""),
    _text("reason", default=""),
    _text("worker", default=""),
    _count("claims"),  # how many workers took it up; the ones before died
    _count("reserved_micro_usd"),
    sa.Column("holds", JSON, nullable=False, default=list),  # [[budget id, period start], …]
    _count("tokens_in"),
    _count("tokens_out"),
    _count("cost_micro_usd"),
    _moment("started_at", nullable=True),
    _moment("finished_at", nullable=True),
    sa.Index("ix_attempts_run_id", "run_id"),
)

effects = sa.Table(
    "effects",
    metadata,
    _text("key", primary_key=True),  # run:task:attempt-group:ordinal
    _text("project_id"),
    _text("run_id"),
    _text("task_key"),
    _text("effect"),
    _text("target"),
    _text("state"),  # intended | done | failed
    _text("digest", default=""),
    _moment("intended_at"),
    _moment("done_at", nullable=True),
    sa.Index("ix_effects_run_id", "run_id"),
)

waits = sa.Table(
    "waits",
    metadata,
    _text("id", primary_key=True),
    _text("project_id"),
    _text("run_id"),
    _text("task_key"),
    _text("thread_key"),
    sa.Column("asked", JSON, nullable=False),  # {"name", "identity": Identity or null}
    _text("question"),
    _text("state"),  # open | answered | cancelled
    _text("answer", default=""),
    _text("answered_by", default=""),
    _moment("asked_at"),
    _moment("answered_at", nullable=True),
    sa.Index("ix_waits_thread_key_state", "thread_key", "state"),
)

breakers = sa.Table(
    "breakers",
    metadata,
    _text("agent", primary_key=True),
    _text("credential", primary_key=True),
    _text("state"),  # closed | open | half_open
    _count("failures"),
    _moment("opened_at", nullable=True),
    _moment("updated_at"),
)

workers = sa.Table(
    "workers",
    metadata,
    _text("id", primary_key=True),  # host:pid:uuid
    _text("version"),
    _moment("started_at"),
    _moment("beat_at"),
)

switches = sa.Table(
    "switches",
    metadata,
    _text("scope", primary_key=True),  # all | project:ID
    _text("set_by"),
    _text("reason"),
    _moment("at"),
)

artifacts = sa.Table(
    "artifacts",
    metadata,
    _text("project_id", primary_key=True),
    _text("digest", primary_key=True),
    _text("media_type"),
    _count("size"),
    sa.Column("data", sa.LargeBinary, nullable=False),
    _moment("created_at"),
)

# --- money -------------------------------------------------------------------------------------

budgets = sa.Table(
    "budgets",
    metadata,
    _text("id", primary_key=True),
    _text("project_id"),
    _text("name"),
    _text("name_key"),
    sa.Column("body", JSON, nullable=False),
    _moment("created_at"),
    sa.UniqueConstraint("project_id", "name_key"),
)

budget_periods = sa.Table(
    "budget_periods",
    metadata,
    _text("budget_id", primary_key=True),
    sa.Column("period_start", Moment, primary_key=True),
    _text("project_id"),
    sa.Column("spent_micro_usd", MONEY, nullable=False),
    sa.Column("reserved_micro_usd", MONEY, nullable=False),
    _count("tokens"),
    _count("alerted_percent"),
)

ledger = sa.Table(
    "ledger",
    metadata,
    _seq(),
    _text("project_id"),
    _text("attempt_id"),
    _text("run_id"),
    _text("task_key"),
    _text("agent"),
    _text("person"),
    _text("kind"),  # reserve | settle | release
    sa.Column("amount_micro_usd", MONEY, nullable=False),
    sa.Column("unpriced", sa.Boolean, nullable=False, default=False),
    _count("tokens_in"),
    _count("tokens_out"),
    _moment("at"),
    sa.UniqueConstraint("attempt_id", "kind"),
    sa.Index("ix_ledger_project_id_at", "project_id", "at"),
)

# --- news and proof ----------------------------------------------------------------------------

events = sa.Table(
    "events",
    metadata,
    _seq(),
    _text("project_id"),
    _text("run_id", default=""),
    _text("kind"),
    sa.Column("body", JSON, nullable=False),
    _moment("at"),
    sa.Index("ix_events_run_id_seq", "run_id", "seq"),
)

cursors = sa.Table(
    "cursors",
    metadata,
    _text("name", primary_key=True),
    _count("position"),
)

audit = sa.Table(
    "audit",
    metadata,
    _seq(),
    _text("project_id"),
    _text("actor"),  # Identity.key or "system"
    _text("action"),
    _text("object"),
    sa.Column("ids", JSON, nullable=False),
    _moment("at"),
    _text("previous"),
    _text("hash", unique=True),
)

# --- learning ----------------------------------------------------------------------------------

profiles = sa.Table(
    "profiles",
    metadata,
    _text("project_id", primary_key=True),
    _text("agent", primary_key=True),
    _text("task_type", primary_key=True),
    _count("successes"),
    _count("failures"),
    _count("likes"),
    _count("dislikes"),
    sa.Column("cost_micro_usd", MONEY, nullable=False),
    _count("latency_ms"),  # sum over successes
    _moment("updated_at"),
)

task_records = sa.Table(
    "task_records",
    metadata,
    _seq(),
    _text("id", unique=True),  # the attempt's id
    _text("project_id"),
    _text("run_id"),
    _text("agent"),
    _text("task_type"),
    _text("text"),
    sa.Column("succeeded", sa.Boolean, nullable=False),
    sa.Column("cost_micro_usd", MONEY, nullable=False),
    _count("latency_ms"),
    _moment("at"),
    sa.Index("ix_task_records_project_id_seq", "project_id", "seq"),
    sa.Index("ix_task_records_run_id", "run_id"),
    sqlite_autoincrement=True,  # a number is never given twice: readers keep their place by it
)

feedback = sa.Table(
    "feedback",
    metadata,
    _text("run_id", primary_key=True),
    _text("person", primary_key=True),
    _text("project_id"),
    _count("value"),  # 1 or -1; 0 after it was taken back
    _moment("at"),
)

notes = sa.Table(
    "notes",
    metadata,
    _seq(),  # a changed note gets a new number, so that readers behind it see the change
    _text("id", unique=True),
    _text("project_id"),
    _text("kind"),  # note | file | result
    _text("title"),
    _text("text"),
    _text("source"),
    _text("label"),
    _moment("at"),
    sa.UniqueConstraint("project_id", "kind", "source"),
    sa.Index("ix_notes_project_id_seq", "project_id", "seq"),
    sqlite_autoincrement=True,
)
