"""What was seen of attempts, and how good they were."""

import sqlalchemy as sa
from alembic import op

from memory.store.tables import JSON, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PROFILES = ("unpriced", "explored", "explored_micro_usd")
_RECORDS = (
    sa.Column("quality", sa.Float(), nullable=True),
    sa.Column("strength", sa.Float(), nullable=True),
    sa.Column("reasons", JSON, nullable=True),
    sa.Column("difficulty", sa.Float(), nullable=True),
    sa.Column("unpriced", sa.BigInteger(), server_default="0", nullable=False),
    sa.Column("explored", sa.BigInteger(), server_default="0", nullable=False),
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "signals",
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", "kind", "source", name=op.f("pk_signals")),
    )
    for name in _PROFILES:
        column = sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
        op.add_column("profiles", column)
    for column in _RECORDS:
        op.add_column("task_records", column)
    op.create_index(
        "ix_task_records_profile", "task_records", ["project_id", "agent", "task_type", "seq"]
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_task_records_profile", table_name="task_records")
    for column in reversed(_RECORDS):
        op.drop_column("task_records", column.name)
    for name in reversed(_PROFILES):
        op.drop_column("profiles", name)
    op.drop_table("signals")
