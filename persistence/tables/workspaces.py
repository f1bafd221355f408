"""Workspaces, who is in them with which role, and the answers that repeated requests get again."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from persistence.tables.base import UtcTime, id_column, id_type, metadata

__all__ = ["idempotent_answers", "workspace_members", "workspaces"]

workspaces = Table(
    "workspaces",
    metadata,
    id_column(),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("owner_id", id_type, ForeignKey("users.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("type", String(32), nullable=False),
    Column("description", Text, nullable=False, default=""),
    Column("settings", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("deleted_at", UtcTime),
    # A deleted workspace gives its name free: `live` is 1 while it lives, and NULL (which is never equal) after.
    Column("live", Integer, default=1),
    UniqueConstraint("owner_id", "name", "live"),
    Index("ix_workspaces_organisation_created", "organisation_id", "created_at", "id"),
)

workspace_members = Table(
    "workspace_members",
    metadata,
    Column("workspace_id", id_type, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("joined_at", UtcTime, nullable=False),
    Index("ix_workspace_members_user", "user_id"),
)

# A client that repeats a POST with the same Idempotency-Key gets the first answer again, for a day.
idempotent_answers = Table(
    "idempotent_answers",
    metadata,
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False, index=True),
    # The id of what the request has made, noted in the transaction that made it.
    Column("made", String(32)),
)
