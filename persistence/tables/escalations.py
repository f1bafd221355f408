"""Whom what is urgent calls, one after the other, until somebody acknowledges it."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from persistence.tables.base import UtcTime, id_column, id_type, metadata

__all__ = ["escalation_policies", "escalation_severities", "escalation_tellings", "escalations"]

escalation_policies = Table(
    "escalation_policies",
    metadata,
    id_column(),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("steps", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("organisation_id", "name"),
)

# Which policy an escalation follows that names none: one for each severity.
escalation_severities = Table(
    "escalation_severities",
    metadata,
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    Column("severity", String(16), primary_key=True),
    Column("policy_id", id_type, ForeignKey("escalation_policies.id", ondelete="CASCADE"), nullable=False),
    Index("ix_escalation_severities_policy", "policy_id"),
)

# The steps are those that its policy had when it began. `due_at` is the timer: when the next of them is due.
# `position`: how many of its calls were made; `level`: the highest step that was reached.
escalations = Table(
    "escalations",
    metadata,
    id_column(),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("policy_id", id_type),
    Column("policy_name", Text),
    Column("steps", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("position", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("due_at", UtcTime),
    Column("started_at", UtcTime, nullable=False),
    Column("started_by", id_type),
    Column("started_by_name", Text, nullable=False),
    Column("acknowledged_at", UtcTime),
    Column("acknowledged_by", id_type),
    Column("acknowledged_by_name", Text),
    Column("ended_at", UtcTime),
    Column("ended_by", id_type),
    Column("ended_by_name", Text),
    Index("ix_escalations_due", "due_at"),
    Index("ix_escalations_listed", "organisation_id", "started_at", "id"),
    Index("ix_escalations_ended", "ended_at"),
)
# A subject is escalated once at a time.
Index(
    "uq_escalations_live",
    escalations.c.organisation_id,
    escalations.c.subject,
    unique=True,
    sqlite_where=escalations.c.ended_at.is_(None),
    postgresql_where=escalations.c.ended_at.is_(None),
)

# Who was told of it, by which of its calls.
escalation_tellings = Table(
    "escalation_tellings",
    metadata,
    Column("escalation_id", id_type, ForeignKey("escalations.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Index("ix_escalation_tellings_user", "user_id"),
)
