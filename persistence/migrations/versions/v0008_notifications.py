"""Inboxes, what people want to be told of, and what leaves the house for them."""

import sqlalchemy as sa
from alembic import op

from persistence.tables.base import UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _belongs(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    _notifications()
    op.create_table(
        "notification_preferences",
        _id("organisation_id"),
        _id("user_id"),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        _belongs("notification_preferences", "organisation_id", "organisations"),
        _belongs("notification_preferences", "user_id", "users"),
        sa.PrimaryKeyConstraint("organisation_id", "user_id", name=op.f("pk_notification_preferences")),
    )
    op.create_table(
        "document_subscriptions",
        _id("document_id"),
        _id("user_id"),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        _belongs("document_subscriptions", "document_id", "documents"),
        _belongs("document_subscriptions", "user_id", "users"),
        sa.PrimaryKeyConstraint("document_id", "user_id", name=op.f("pk_document_subscriptions")),
    )
    op.create_index("ix_document_subscriptions_user", "document_subscriptions", ["user_id"])
    _deliveries()


def _notifications() -> None:
    op.create_table(
        "notifications",
        _id("id"),
        _id("organisation_id"),
        _id("user_id"),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        _id("workspace_id", nullable=True),
        _id("document_id", nullable=True),
        _id("thread_id", nullable=True),
        _id("actor_id", nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("activities", sa.JSON(), nullable=False),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("notified_at", UtcTime(), nullable=True),
        sa.Column("seen_at", UtcTime(), nullable=True),
        sa.Column("read_at", UtcTime(), nullable=True),
        _belongs("notifications", "organisation_id", "organisations"),
        _belongs("notifications", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint(
            "organisation_id",
            "user_id",
            "kind",
            "subject",
            name=op.f("uq_notifications_organisation_id_user_id_kind_subject"),
        ),
    )
    op.create_index("ix_notifications_user", "notifications", ["organisation_id", "user_id", "updated_at", "id"])
    op.create_index("ix_notifications_thread", "notifications", ["thread_id"])
    op.create_index("ix_notifications_read", "notifications", ["read_at"])


def _deliveries() -> None:
    op.create_table(
        "notification_deliveries",
        _id("id"),
        _id("notification_id"),
        _id("organisation_id"),
        _id("user_id"),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcTime(), nullable=False),
        _id("lease", nullable=True),
        sa.Column("leased_until", UtcTime(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        _belongs("notification_deliveries", "notification_id", "notifications"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_deliveries")),
        sa.UniqueConstraint(
            "event_id", "user_id", "channel", name=op.f("uq_notification_deliveries_event_id_user_id_channel")
        ),
    )
    op.create_index("ix_notification_deliveries_due", "notification_deliveries", ["state", "not_before"])
    op.create_index("ix_notification_deliveries_notification", "notification_deliveries", ["notification_id"])
    op.create_index("ix_notification_deliveries_ended", "notification_deliveries", ["ended_at"])


def downgrade() -> None:
    for table in (
        "notification_deliveries",
        "document_subscriptions",
        "notification_preferences",
        "notifications",
    ):
        op.drop_table(table)
