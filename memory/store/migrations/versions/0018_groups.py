"""Groups of the platforms that give roles, and which roles are the settings' own."""

import sqlalchemy as sa
from alembic import op

from memory.store.tables import Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("members", sa.Column("source", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "person_groups",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_person_groups")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("person_groups")
    op.drop_column("members", "source")
