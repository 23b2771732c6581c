"""Allowances: so much more than a budget's limit, for a while."""

import sqlalchemy as sa
from alembic import op

from memory.store.tables import SERIAL, Moment

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "budget_allowances",
        sa.Column("seq", SERIAL, autoincrement=True, nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("budget_id", sa.Text(), nullable=False),
        sa.Column("amount_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_budget_allowances")),
    )
    op.create_index(
        "ix_budget_allowances_budget_id_until", "budget_allowances", ["budget_id", "until"]
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("budget_allowances")
