"""What people teach. What they always wanted is copied; it stays for the version before."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from alembic import op

from memory.store.tables import JSON, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ALWAYS, AGENT_FOR = "always ", "agent for "


def upgrade() -> None:
    """Make the change."""
    rules = op.create_table(
        "rules",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_rules_project_id_number")),
    )
    with op.batch_alter_table("rules", schema=None) as batch_op:
        batch_op.create_index("ix_rules_project_id_state", ["project_id", "state"], unique=False)
    rows = _wanted_always()
    if rows:
        op.bulk_insert(rules, rows)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("rules")


def _wanted_always() -> list[dict[str, Any]]:
    text, numbers, rows = sa.column("slot", sa.Text()), Counter[str](), []
    preferences = sa.table(
        "preferences",
        sa.column("project_id", sa.Text()),
        sa.column("person", sa.Text()),
        text,
        sa.column("value", sa.Text()),
        sa.column("at", Moment),
    )
    wanted = text.startswith(ALWAYS) | text.startswith(AGENT_FOR)
    query = sa.select(preferences).where(wanted).order_by(sa.column("at"), text)
    for row in op.get_bind().execute(query):
        numbers[row.project_id] += 1
        rows.append(_rule(row, numbers[row.project_id]))
    return rows


def _rule(row: sa.Row[Any], number: int) -> dict[str, Any]:
    said, body = f"always {row.value}", {}
    if row.slot.startswith(AGENT_FOR):
        work = row.slot.removeprefix(AGENT_FOR)
        said = f"always use {row.value} for {work}"
        body = {"routing": {"effect": "prefer", "agent": row.value, "task_type": work, "said": said}}
    return {
        "id": f"rule_{row.project_id}_{number}",
        "project_id": row.project_id,
        "number": number,
        "kind": "preference",
        "text": said,
        "person": row.person,
        "author": row.person,
        "author_name": "",
        "source": "",
        "state": "active",
        "body": body,
        "at": row.at,
        "decided_by": "",
        "decided_at": None,
    }
