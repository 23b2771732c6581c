"""Which tasks' types were guessed from the history."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    column = sa.Column("guessed", sa.BigInteger(), server_default="0", nullable=False)
    op.add_column("task_records", column)


def downgrade() -> None:
    """Take it back."""
    op.drop_column("task_records", "guessed")
