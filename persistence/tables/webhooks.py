"""Webhooks, what was or is to be delivered to them, and every try."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from persistence.tables.base import UtcTime, id_column, id_type, metadata
from persistence.tables.events import event_type, stream_name

__all__ = ["webhook_attempts", "webhook_deliveries", "webhooks"]

webhooks = Table(
    "webhooks",
    metadata,
    id_column(),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    # Only the stream of this workspace; NULL: all that its owner may see in the organisation.
    Column("workspace_id", id_type, ForeignKey("workspaces.id", ondelete="CASCADE")),
    # Whose right it rests on: whoever has changed it last.
    Column("owner_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("url", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("types", JSON, nullable=False),
    # Sealed. The former one signs too, until its time is over.
    Column("secret", Text, nullable=False),
    Column("former_secret", Text),
    Column("former_until", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("delivered_at", UtcTime),
    Column("disabled_at", UtcTime),
    Column("disabled_why", Text),
    Index("ix_webhooks_organisation", "organisation_id", "created_at", "id"),
)

# An event for a webhook. `lease` is of the process that is sending it now.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    id_column(),
    Column("webhook_id", id_type, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("organisation_id", id_type, nullable=False),
    Column("stream", stream_name, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("event_id", String(36), nullable=False),
    Column("event_type", event_type, nullable=False),
    # 0 for the event itself; each replay counts one up, and so has a row of its own.
    Column("replay", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("lease", id_type),
    Column("leased_until", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    UniqueConstraint("webhook_id", "event_id", "replay"),
    Index("ix_webhook_deliveries_due", "state", "due_at"),
    Index("ix_webhook_deliveries_log", "webhook_id", "created_at", "id"),
    Index("ix_webhook_deliveries_ended", "ended_at"),
)

# `status` is NULL where no answer came; `why` says what was wrong.
webhook_attempts = Table(
    "webhook_attempts",
    metadata,
    Column("delivery_id", id_type, ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("status", Integer),
    Column("why", Text),
)
