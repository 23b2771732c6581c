"""Who confirmed a channel, and which projects are one person's sandbox."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DIRECT = """
UPDATE projects SET sandbox = :yes WHERE id IN (
    SELECT project_id FROM channels
    WHERE (platform = 'slack' AND channel LIKE 'D%')
       OR (platform = 'discord' AND workspace = '@me')
)
"""


def upgrade() -> None:
    """Make the change. Channels that are at work stay so; direct messages become sandboxes."""
    by = sa.Column("confirmed_by", sa.Text(), server_default="", nullable=False)
    op.add_column("channels", by)
    op.execute(sa.text("UPDATE channels SET confirmed_by = 'system'"))
    sandbox = sa.Column("sandbox", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("projects", sandbox)
    op.get_bind().execute(sa.text(DIRECT), {"yes": True})


def downgrade() -> None:
    """Take it back."""
    op.drop_column("projects", "sandbox")
    op.drop_column("channels", "confirmed_by")
