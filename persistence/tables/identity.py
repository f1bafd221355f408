"""Organisations, the people in them, and the credentials that they come with."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
)

from persistence.tables.base import UtcTime, id_column, id_type, metadata

__all__ = [
    "organisation_members",
    "organisations",
    "personal_tokens",
    "sessions",
    "setup_links",
    "tickets",
    "users",
]

# Hex digits of a SHA-256: credentials are random, so a plain hash of them is enough, and is all that is kept.
token_hash = String(64)

organisations = Table(
    "organisations",
    metadata,
    id_column(),
    Column("slug", String(64), nullable=False, unique=True),
    # Unique too: the tokens of applications name an organisation by either.
    Column("name", String(100), nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
)

# An account of ours has an e-mail address, case-folded, so that it is unique whatever its case. A user of an
# application that signs its own users in has that application's subject instead, unique in one organisation.
users = Table(
    "users",
    metadata,
    id_column(),
    Column("email", String(254), unique=True),
    Column("name", String(100), nullable=False),
    Column("password_hash", String(255)),
    Column("external_organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE")),
    Column("external_subject", String(255)),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime),
    UniqueConstraint("external_organisation_id", "external_subject"),
    CheckConstraint(
        "(external_organisation_id IS NULL) = (external_subject IS NULL)", name="external_organisation_and_subject"
    ),
)

organisation_members = Table(
    "organisation_members",
    metadata,
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("joined_at", UtcTime, nullable=False),
    Index("ix_organisation_members_user", "user_id"),
)

# A session that was ended is a row that is gone.
sessions = Table(
    "sessions",
    metadata,
    id_column(),
    Column("token_hash", token_hash, nullable=False, unique=True),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

personal_tokens = Table(
    "personal_tokens",
    metadata,
    id_column(),
    Column("token_hash", token_hash, nullable=False, unique=True),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    Column("expires_at", UtcTime),
)

# In the store and not in memory, so that one node may issue what another one takes. `caller` is who asked for it: an
# application's user has no row for its credential, so its grants stand here.
tickets = Table(
    "tickets",
    metadata,
    Column("token_hash", token_hash, primary_key=True),
    Column("caller", JSON, nullable=False),
    Column("document", String(255)),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

setup_links = Table(
    "setup_links",
    metadata,
    Column("token_hash", token_hash, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)
