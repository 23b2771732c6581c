"""Which costs are estimates, and which budgets' shortness was told."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    no = sa.false()
    op.add_column(
        "ledger", sa.Column("estimated", sa.Boolean(), server_default=no, nullable=False)
    )
    op.add_column(
        "budget_periods", sa.Column("told_short", sa.Boolean(), server_default=no, nullable=False)
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_column("budget_periods", "told_short")
    op.drop_column("ledger", "estimated")
