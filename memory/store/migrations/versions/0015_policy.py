"""Rules on approvals, delegations, and what each plan asked for."""

import sqlalchemy as sa
from alembic import op

from memory.store.tables import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "policies",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("seal", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("project_id", "number", name="pk_policies"),
    )
    op.create_table(
        "delegations",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("giver", sa.Text(), nullable=False),
        sa.Column("taker", sa.Text(), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("seal", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("project_id", "number", name="pk_delegations"),
    )
    op.create_table(
        "approval_requests",
        sa.Column("plan_hash", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("remind_at", Moment, nullable=True),
        sa.Column("escalate_at", Moment, nullable=True),
        sa.Column("seal", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("plan_hash", name="pk_approval_requests"),
    )
    for column in ("remind_at", "escalate_at"):
        name = f"ix_approval_requests_{column}"
        op.create_index(name, "approval_requests", [column])


def downgrade() -> None:
    """Take it back."""
    for table in ("approval_requests", "delegations", "policies"):
        op.drop_table(table)
