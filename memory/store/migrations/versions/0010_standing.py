"""What members are to the workspace: one of its own, a guest, somebody from another one."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("members", sa.Column("standing", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("members", "standing")
