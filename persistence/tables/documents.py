"""Documents, their update log, snapshots and what is derived from them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from persistence.tables.base import UtcTime, id_column, id_type, metadata

__all__ = [
    "document_branches",
    "document_clients",
    "document_heads",
    "document_projections",
    "document_rows",
    "document_snapshots",
    "document_writers",
    "documents",
    "fresh_rows",
    "quarantined_rows",
]

documents = Table(
    "documents",
    metadata,
    id_column(),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("workspace_id", id_type, ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False),
    # The name by which an application's own clients open it; unique in its organisation.
    Column("external_name", String(500)),
    Column("title", String(500), nullable=False),
    Column("type", String(32), nullable=False),
    Column("author_id", id_type, ForeignKey("users.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("deleted_at", UtcTime),
    UniqueConstraint("organisation_id", "external_name"),
    Index("ix_documents_workspace_created", "workspace_id", "created_at", "id"),
)

# What changes with every commit, in a narrow row of its own. `is_open` is false while the document is a tombstone.
document_heads = Table(
    "document_heads",
    metadata,
    Column("document_id", id_type, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("head", BigInteger, nullable=False),
    Column("snapshot_position", BigInteger, nullable=False),
    Column("incarnation", id_type, nullable=False),
    Column("is_open", Boolean, nullable=False, default=True),
    Column("edited_by", id_type),
    Column("edited_at", UtcTime),
)

# The truth: guarded updates as they came, one row per (document, turn, writer), at gapless positions from 1 on.
document_rows = Table(
    "document_rows",
    metadata,
    Column("document_id", id_type, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("writer", id_type),
    Column("data", LargeBinary, nullable=False),
    # What makes a retried batch recognisable: the opening of the room that wrote it, its number there, the row in it.
    Column("node", String(64), nullable=False),
    Column("batch", BigInteger, nullable=False),
    Column("part", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
    UniqueConstraint("document_id", "node", "batch", "part"),
)

# SQLite only: rows as they were committed, in that order, until they are sorted into `document_rows`. A commit dirties
# a page of its own at the end here, there three pages for each document; and every page is two system calls.
fresh_rows = Table(
    "fresh_rows",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("document_id", id_type, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("writer", id_type),
    Column("data", LargeBinary, nullable=False),
    Column("node", String(64), nullable=False),
    Column("batch", BigInteger, nullable=False),
    Column("part", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

# One snapshot per document: all rows up to `position`, folded. Rows are kept beside it until they are thinned out.
document_snapshots = Table(
    "document_snapshots",
    metadata,
    Column("document_id", id_type, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("state_vector", LargeBinary, nullable=False),
    Column("deletes", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

# Who owns a Yjs client id: the first user who wrote under it while holding it.
document_clients = Table(
    "document_clients",
    metadata,
    Column("document_id", id_type, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("client_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", id_type, nullable=False),
    Column("first_position", BigInteger, nullable=False),
)

# Who has written in a document: as owner of a client id or not, and also when the rows are thinned out.
document_writers = Table(
    "document_writers",
    metadata,
    Column("document_id", id_type, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", id_type, primary_key=True),
)

# Rows that no worker can read: they stand in the log, clients have them, and projections are made without them.
quarantined_rows = Table(
    "quarantined_rows",
    metadata,
    Column("document_id", id_type, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", String(200), nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Column("writer", id_type),
    # The clocks that workers are not shown, as an encoded delete set; empty when the row is not even an update.
    Column("hidden", LargeBinary, nullable=False),
    # Nothing stands in the place of these clocks, for their place itself is the poison.
    Column("without_place", Boolean, nullable=False),
)

# What a worker has read out of a document at a position; a GET answers from here and never computes.
document_projections = Table(
    "document_projections",
    metadata,
    Column("document_id", id_type, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("text", Text),
    Column("json", JSON),
    Column("failure", String(200)),
    Column("created_at", UtcTime, nullable=False),
    Column("markdown", Text),
    # JSON as text: it is answered as it stands, and never read again.
    Column("json_text", Text),
    # It was read without a quarantined row.
    Column("is_partial", Boolean, nullable=False, default=False, server_default=false()),
)

# A copy that somebody brought of a document as it was before a restore: kept apart until it is merged or discarded.
document_branches = Table(
    "document_branches",
    metadata,
    id_column(),
    Column("document_id", id_type, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", id_type, ForeignKey("users.id"), nullable=False),
    # The incarnation that the copy is of; a client says it, so it may be anything.
    Column("incarnation", id_type, nullable=False),
    # SHA-256 of `data`, in hex: the same copy that is brought again is known.
    Column("digest", String(64), nullable=False),
    # One update that holds the whole copy; none when it was discarded.
    Column("data", LargeBinary),
    Column("size", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("decided_at", UtcTime),
    Column("decided_by", id_type),
    Index("ix_document_branches_document", "document_id", "created_at", "id"),
)
