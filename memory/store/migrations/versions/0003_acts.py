"""What actions from outside the chat came to."""

import sqlalchemy as sa
from alembic import op

from memory.store.tables import JSON, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "acts",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_acts")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("acts")
