"""Threads of comments, their anchors and reactions; groups of people."""

import sqlalchemy as sa
from alembic import op

from persistence.tables.base import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _belongs(table: str, column: str, other: str, *, cascade: bool = True) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{other}.id"],
        name=op.f(f"fk_{table}_{column}_{other}"),
        ondelete="CASCADE" if cascade else None,
    )


def upgrade() -> None:
    op.create_table(
        "threads",
        _id("id"),
        _id("document_id"),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("resolved_at", UtcTime(), nullable=True),
        _id("resolved_by", nullable=True),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        _belongs("threads", "document_id", "documents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
    )
    op.create_index("ix_threads_document_created", "threads", ["document_id", "created_at", "id"])
    op.create_table(
        "thread_anchors",
        _id("thread_id"),
        sa.Column("start", sa.LargeBinary(), nullable=True),
        sa.Column("end", sa.LargeBinary(), nullable=True),
        sa.Column("asked_line", sa.Integer(), nullable=True),
        sa.Column("asked_column", sa.Integer(), nullable=True),
        sa.Column("clamped", sa.Boolean(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("column", sa.Integer(), nullable=True),
        sa.Column("end_line", sa.Integer(), nullable=True),
        sa.Column("end_column", sa.Integer(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        _belongs("thread_anchors", "thread_id", "threads"),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_thread_anchors")),
    )
    op.create_table(
        "comments",
        _id("id"),
        _id("thread_id"),
        _id("author_id"),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("edited_at", UtcTime(), nullable=True),
        sa.Column("deleted_at", UtcTime(), nullable=True),
        _id("deleted_by", nullable=True),
        _belongs("comments", "thread_id", "threads"),
        _belongs("comments", "author_id", "users", cascade=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_thread_created", "comments", ["thread_id", "created_at", "id"])
    op.create_table(
        "comment_reactions",
        _id("comment_id"),
        sa.Column("kind", sa.String(length=32), nullable=False),
        _id("user_id"),
        sa.Column("emoji", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        _belongs("comment_reactions", "comment_id", "comments"),
        _belongs("comment_reactions", "user_id", "users"),
        sa.PrimaryKeyConstraint("comment_id", "kind", "user_id", name=op.f("pk_comment_reactions")),
    )
    op.create_table(
        "groups",
        _id("id"),
        _id("organisation_id"),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        _belongs("groups", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_groups_organisation_id_name")),
    )
    op.create_table(
        "group_members",
        _id("group_id"),
        _id("user_id"),
        sa.Column("added_at", UtcTime(), nullable=False),
        _belongs("group_members", "group_id", "groups"),
        _belongs("group_members", "user_id", "users"),
        sa.PrimaryKeyConstraint("group_id", "user_id", name=op.f("pk_group_members")),
    )
    op.create_index("ix_group_members_user", "group_members", ["user_id"])
