"""Comments on documents, in threads, each thread with an anchor that follows the text; and groups to mention."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from persistence.tables.base import UtcTime, id_column, id_type, metadata

__all__ = ["comment_reactions", "comments", "group_members", "groups", "thread_anchors", "threads"]

# A thread has the id of the comment that began it. `comments` and `characters` are what all of them come to.
threads = Table(
    "threads",
    metadata,
    id_column(),
    Column("document_id", id_type, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # Of the latest change to anything in it.
    Column("updated_at", UtcTime, nullable=False),
    Column("resolved_at", UtcTime),
    Column("resolved_by", id_type),
    Column("comments", Integer, nullable=False),
    Column("characters", Integer, nullable=False),
    Index("ix_threads_document_created", "document_id", "created_at", "id"),
)

# Where a thread stands in the text. `start` and `end` are Yjs's relative positions; until they are made, `asked_line`
# and `asked_column` say where they shall be. The rest is what a worker found at `position` of the log.
thread_anchors = Table(
    "thread_anchors",
    metadata,
    Column("thread_id", id_type, ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True),
    Column("start", LargeBinary),
    Column("end", LargeBinary),
    Column("asked_line", Integer),
    Column("asked_column", Integer),
    Column("clamped", Boolean, nullable=False),
    Column("quote", Text),
    Column("state", String(16), nullable=False),
    Column("reason", String(32)),
    Column("line", Integer),
    Column("column", Integer),
    Column("end_line", Integer),
    Column("end_column", Integer),
    Column("position", BigInteger, nullable=False),
)

# A deleted comment is a tombstone: its text is gone.
comments = Table(
    "comments",
    metadata,
    id_column(),
    Column("thread_id", id_type, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    Column("author_id", id_type, ForeignKey("users.id"), nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("edited_at", UtcTime),
    Column("deleted_at", UtcTime),
    Column("deleted_by", id_type),
    Index("ix_comments_thread_created", "thread_id", "created_at", "id"),
)

# `kind` is the emoji without what only says how it is drawn: two spellings of one are one.
comment_reactions = Table(
    "comment_reactions",
    metadata,
    Column("comment_id", id_type, ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("emoji", String(32), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

groups = Table(
    "groups",
    metadata,
    id_column(),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("organisation_id", "name"),
)

group_members = Table(
    "group_members",
    metadata,
    Column("group_id", id_type, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("added_at", UtcTime, nullable=False),
    Index("ix_group_members_user", "user_id"),
)
