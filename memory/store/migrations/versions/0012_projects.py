"""The place a project was made for, whatever it's called now, and projects chosen for a channel."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change. Projects that exist were all made for the place they are called by."""
    op.add_column("projects", sa.Column("place_key", sa.Text(), nullable=True))
    op.execute(sa.text("UPDATE projects SET place_key = name_key"))
    op.create_index("ix_projects_place_key", "projects", ["place_key"], unique=True)
    chosen = sa.Column("chosen_in", sa.Text(), server_default="", nullable=False)
    op.add_column("channels", chosen)


def downgrade() -> None:
    """Take it back."""
    op.drop_column("channels", "chosen_in")
    op.drop_index("ix_projects_place_key", "projects")
    op.drop_column("projects", "place_key")
