"""Seals of decisions: an HMAC by a key outside the database; "" for rows from before."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("audit", "approvals", "standing_approvals")


def upgrade() -> None:
    """Make the change."""
    for table in TABLES:
        op.add_column(table, sa.Column("seal", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take it back."""
    for table in TABLES:
        op.drop_column(table, "seal")
