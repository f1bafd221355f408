"""Invitations into workspaces."""

import sqlalchemy as sa
from alembic import op

from persistence.tables.base import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _belongs(column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_invitations_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "invitations",
        _id("id"),
        _id("workspace_id"),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _id("invited_by"),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("accepted_at", UtcTime(), nullable=True),
        _id("accepted_by", nullable=True),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.Column("open", sa.Integer(), nullable=True),
        _belongs("workspace_id", "workspaces", "CASCADE"),
        _belongs("invited_by", "users", "CASCADE"),
        _belongs("accepted_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        sa.UniqueConstraint("workspace_id", "email", "open", name=op.f("uq_invitations_workspace_id_email_open")),
    )
    op.create_index("ix_invitations_workspace_created", "invitations", ["workspace_id", "created_at", "id"])
    op.create_index("ix_invitations_email", "invitations", ["email"])
