"""What people are told: their inboxes, what they want to be told of, and what leaves the house for them."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from persistence.tables.base import UtcTime, id_column, id_type, metadata

__all__ = ["document_subscriptions", "notification_deliveries", "notification_preferences", "notifications"]

# One row for all that happens to one subject until it is read: `activities` are the last of them, `count` all.
notifications = Table(
    "notifications",
    metadata,
    id_column(),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("workspace_id", id_type),
    Column("document_id", id_type),
    Column("thread_id", id_type),
    Column("actor_id", id_type),
    Column("actor_name", Text),
    Column("count", Integer, nullable=False),
    Column("activities", JSON, nullable=False),
    # What can be done about it, other than to read it: {"name", "path"}.
    Column("action", JSON(none_as_null=True)),
    # False: it is not listed, and stands here for the channels that lead out of the house.
    Column("in_app", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # Of the last activity.
    Column("updated_at", UtcTime, nullable=False),
    # When it last left the house.
    Column("notified_at", UtcTime),
    Column("seen_at", UtcTime),
    Column("read_at", UtcTime),
    UniqueConstraint("organisation_id", "user_id", "kind", "subject"),
    Index("ix_notifications_user", "organisation_id", "user_id", "updated_at", "id"),
    Index("ix_notifications_thread", "thread_id"),
    Index("ix_notifications_read", "read_at"),
)

# What differs from what everybody is told.
notification_preferences = Table(
    "notification_preferences",
    metadata,
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("wishes", JSON, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)

document_subscriptions = Table(
    "document_subscriptions",
    metadata,
    Column("document_id", id_type, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("level", String(16), nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Index("ix_document_subscriptions_user", "user_id"),
)

# An activity for one person by one channel. `lease` is of the process that is sending it now.
notification_deliveries = Table(
    "notification_deliveries",
    metadata,
    id_column(),
    Column("notification_id", id_type, ForeignKey("notifications.id", ondelete="CASCADE"), nullable=False),
    Column("organisation_id", id_type, nullable=False),
    Column("user_id", id_type, nullable=False),
    Column("event_id", String(36), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("lease", id_type),
    Column("leased_until", UtcTime),
    Column("why", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    UniqueConstraint("event_id", "user_id", "channel"),
    Index("ix_notification_deliveries_due", "state", "not_before"),
    Index("ix_notification_deliveries_notification", "notification_id"),
    Index("ix_notification_deliveries_ended", "ended_at"),
)
