"""Connections that an administrator closes, among the changes of rights."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_changes", sa.Column("connection_id", sa.String(length=64), nullable=True))
    op.add_column("access_changes", sa.Column("reason", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("access_changes", "reason")
    op.drop_column("access_changes", "connection_id")
