"""Which schedule started a run, and which template its plan is from, for budgets and reports."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    for name in ("schedule_id", "template"):
        op.add_column("runs", sa.Column(name, sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("runs", "template")
    op.drop_column("runs", "schedule_id")
