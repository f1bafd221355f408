"""Invitations into workspaces."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from persistence.tables.base import UtcTime, id_column, id_type, metadata
from persistence.tables.identity import token_hash

__all__ = ["invitations"]

invitations = Table(
    "invitations",
    metadata,
    id_column(),
    Column("workspace_id", id_type, ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False),
    # Folded as the addresses of accounts are.
    Column("email", String(254), nullable=False),
    Column("role", String(16), nullable=False),
    Column("message", Text, nullable=False),
    Column("token_hash", token_hash, nullable=False, unique=True),
    # Whose right it rests on: whoever has sent it last.
    Column("invited_by", id_type, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("accepted_at", UtcTime),
    Column("accepted_by", id_type, ForeignKey("users.id", ondelete="SET NULL")),
    Column("revoked_at", UtcTime),
    # One open invitation for an address: 1 until it is accepted or revoked, and NULL (which is never equal) after.
    Column("open", Integer, default=1),
    UniqueConstraint("workspace_id", "email", "open"),
    Index("ix_invitations_workspace_created", "workspace_id", "created_at", "id"),
    Index("ix_invitations_email", "email"),
)
