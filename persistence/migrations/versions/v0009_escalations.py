"""Escalations with their policies and timers, and notifications that say what can be done about them."""

import sqlalchemy as sa
from alembic import op

from persistence.tables.base import UtcTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _id(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _belongs(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.add_column("notifications", sa.Column("action", sa.JSON(), nullable=True))
    _policies()
    _escalations()
    op.create_table(
        "escalation_tellings",
        _id("escalation_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _id("user_id"),
        sa.Column("at", UtcTime(), nullable=False),
        _belongs("escalation_tellings", "escalation_id", "escalations"),
        _belongs("escalation_tellings", "user_id", "users"),
        sa.PrimaryKeyConstraint("escalation_id", "position", "user_id", name=op.f("pk_escalation_tellings")),
    )
    op.create_index("ix_escalation_tellings_user", "escalation_tellings", ["user_id"])


def _policies() -> None:
    op.create_table(
        "escalation_policies",
        _id("id"),
        _id("organisation_id"),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        _belongs("escalation_policies", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_policies")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_escalation_policies_organisation_id_name")),
    )
    op.create_table(
        "escalation_severities",
        _id("organisation_id"),
        sa.Column("severity", sa.String(length=16), nullable=False),
        _id("policy_id"),
        _belongs("escalation_severities", "organisation_id", "organisations"),
        _belongs("escalation_severities", "policy_id", "escalation_policies"),
        sa.PrimaryKeyConstraint("organisation_id", "severity", name=op.f("pk_escalation_severities")),
    )
    op.create_index("ix_escalation_severities_policy", "escalation_severities", ["policy_id"])


def _escalations() -> None:
    op.create_table(
        "escalations",
        _id("id"),
        _id("organisation_id"),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        _id("policy_id", nullable=True),
        sa.Column("policy_name", sa.Text(), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.Column("started_at", UtcTime(), nullable=False),
        _id("started_by", nullable=True),
        sa.Column("started_by_name", sa.Text(), nullable=False),
        sa.Column("acknowledged_at", UtcTime(), nullable=True),
        _id("acknowledged_by", nullable=True),
        sa.Column("acknowledged_by_name", sa.Text(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        _id("ended_by", nullable=True),
        sa.Column("ended_by_name", sa.Text(), nullable=True),
        _belongs("escalations", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    op.create_index("ix_escalations_due", "escalations", ["due_at"])
    op.create_index("ix_escalations_listed", "escalations", ["organisation_id", "started_at", "id"])
    op.create_index("ix_escalations_ended", "escalations", ["ended_at"])
    live = sa.text("ended_at IS NULL")
    columns = ["organisation_id", "subject"]
    op.create_index(
        "uq_escalations_live", "escalations", columns, unique=True, sqlite_where=live, postgresql_where=live
    )


def downgrade() -> None:
    op.drop_table("escalation_tellings")
    op.drop_table("escalations")
    op.drop_table("escalation_severities")
    op.drop_table("escalation_policies")
    op.drop_column("notifications", "action")
