"""Browsers and phones that push messages go to, and the secrets that the server itself has."""

from sqlalchemy import Column, ForeignKey, String, Table, Text

from persistence.tables.base import UtcTime, id_column, id_type, metadata

__all__ = ["push_subscriptions", "server_secrets"]

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    id_column(),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    # The session that it was made in; NULL for a user of an application. It outlives a session that has run out, and
    # ends with one that somebody ends: so it is no foreign key.
    Column("session_id", id_type, index=True),
    Column("endpoint", Text, nullable=False),
    # Hex digits of its SHA-256: a browser is one row, whoever uses it.
    Column("endpoint_hash", String(64), nullable=False, unique=True),
    # Both as the browser gives them, in base64url.
    Column("p256dh", String(100), nullable=False),
    Column("auth", String(30), nullable=False),
    Column("device", String(100), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_sent_at", UtcTime),
    # Of the last message, when no push service has taken it.
    Column("last_error", Text),
)

# Made by the first node that needs one, the same for all of them, and sealed.
server_secrets = Table(
    "server_secrets",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)
