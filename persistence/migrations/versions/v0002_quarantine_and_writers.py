"""Rows that no worker can read, who has written in a document, and what a repeated request has made."""

import sqlalchemy as sa
from alembic import op

from persistence.tables.base import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quarantined_rows",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("found_at", UtcTime(), nullable=False),
        sa.Column("writer", sa.String(length=32), nullable=True),
        sa.Column("hidden", sa.LargeBinary(), nullable=False),
        sa.Column("without_place", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_quarantined_rows_document_id_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_quarantined_rows")),
    )
    op.create_table(
        "document_writers",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_document_writers_document_id_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "user_id", name=op.f("pk_document_writers")),
    )
    op.execute(
        "INSERT INTO document_writers (document_id, user_id) "
        "SELECT document_id, user_id FROM document_clients "
        "UNION SELECT document_id, writer FROM document_rows WHERE writer IS NOT NULL"
    )
    op.create_table(
        "fresh_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("writer", sa.String(length=32), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("node", sa.String(length=64), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fresh_rows")),
    )
    # What the request has made, noted in the transaction that made it; NULL until then.
    op.add_column("idempotent_answers", sa.Column("made", sa.String(length=32), nullable=True))
    op.add_column("document_projections", sa.Column("markdown", sa.Text(), nullable=True))
    op.add_column("document_projections", sa.Column("json_text", sa.Text(), nullable=True))
    op.add_column(
        "document_projections", sa.Column("is_partial", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
