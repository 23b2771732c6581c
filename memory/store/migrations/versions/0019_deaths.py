"""How many were under way when a worker died, and what an attempt has to do with such deaths."""

import sqlalchemy as sa
from alembic import op

from memory.store.tables import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "worker_ends",
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("under_way", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("noted_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_ends")),
    )
    for name in ("suspected", "deaths"):
        counted = sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
        op.add_column("attempts", counted)


def downgrade() -> None:
    """Take it back."""
    for name in ("deaths", "suspected"):
        op.drop_column("attempts", name)
    op.drop_table("worker_ends")
