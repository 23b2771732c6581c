"""Quotas: what was set, and whose words, places and requests are counted."""

import sqlalchemy as sa
from alembic import op

from memory.store.tables import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change. What came in before counts for nobody: an hour later it's over anyway."""
    op.create_table(
        "quotas",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "subject", "counted", name=op.f("pk_quotas")),
    )
    for name in ("author", "place"):
        op.add_column("inbox", sa.Column(name, sa.Text(), server_default="", nullable=False))
        op.create_index(f"ix_inbox_{name}_received_at", "inbox", [name, "received_at"])
    op.add_column("requests", sa.Column("person", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_requests_state_updated_at", "requests", ["state", "updated_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_requests_state_updated_at", "requests")
    op.drop_column("requests", "person")
    for name in ("place", "author"):
        op.drop_index(f"ix_inbox_{name}_received_at", "inbox")
        op.drop_column("inbox", name)
    op.drop_table("quotas")
