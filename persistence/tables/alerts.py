"""Thresholds, what each of them has found, alerts with their history, silences, and advice."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    column,
)

from persistence.tables.base import UtcTime, id_column, id_type, metadata
from persistence.tables.sources import number_type

__all__ = ["alert_entries", "alerts", "recommendations", "silences", "threshold_states", "thresholds"]

LIVE = column("status").in_(("open", "acknowledged"))

thresholds = Table(
    "thresholds",
    metadata,
    Column("id", number_type, primary_key=True, autoincrement=False),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    # NULL: every source of the organisation that can deliver the metric.
    Column("source_id", number_type, ForeignKey("data_sources.id", ondelete="CASCADE")),
    # The same as a number, 0 for every source: NULLs would not be unique.
    Column("source_key", number_type, nullable=False),
    Column("metric_name", String(64), nullable=False),
    # gt, lt, eq or ne.
    Column("operator", String(2), nullable=False),
    Column("warning", Float, nullable=False),
    Column("critical", Float, nullable=False),
    Column("for_seconds", Float, nullable=False),
    Column("keep_firing_seconds", Float, nullable=False),
    # It fires until the value is back beyond this; NULL: the level that it fires at.
    Column("clear_at", Float),
    Column("labels", JSON, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_by", id_type, ForeignKey("users.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("organisation_id", "metric_name", "source_key", "operator"),
    Index("ix_thresholds_source", "source_id"),
)

# What a threshold has found of a source so far; no row: nothing.
threshold_states = Table(
    "threshold_states",
    metadata,
    Column("threshold_id", number_type, ForeignKey("thresholds.id", ondelete="CASCADE"), primary_key=True),
    Column("source_id", number_type, ForeignKey("data_sources.id", ondelete="CASCADE"), primary_key=True),
    # pending, firing, missing (the source answers without the metric) or no_data (for so long that it is an alert).
    Column("state", String(16), nullable=False),
    # warning or critical, while it is pending or firing.
    Column("level", String(16)),
    Column("value", Float),
    # When the state began, and since when the value was good again while it still fires.
    Column("since", UtcTime, nullable=False),
    Column("clear_since", UtcTime),
    Column("seen_at", UtcTime, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", number_type, primary_key=True, autoincrement=False),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("source_id", number_type, ForeignKey("data_sources.id", ondelete="CASCADE")),
    # Stays when its threshold is deleted.
    Column("threshold_id", number_type),
    # SHA-256 of what it is about, as hex digits: of these only one is live.
    Column("fingerprint", String(64), nullable=False),
    # threshold, no_data, unreachable, forecast, or external (Alertmanager's API and scripts).
    Column("alert_type", String(32), nullable=False),
    # info, warning, critical or error.
    Column("severity", String(16), nullable=False),
    Column("title", String(300), nullable=False),
    Column("description", Text, nullable=False),
    # open, acknowledged, resolved or closed.
    Column("status", String(16), nullable=False),
    Column("labels", JSON, nullable=False),
    # What was measured: [{metric, operator, threshold, value, for_seconds, window}].
    Column("conditions", JSON, nullable=False),
    Column("occurrences", Integer, nullable=False),
    Column("triggered_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    # Whether what it is about still holds, as far as is known.
    Column("is_firing", Boolean, nullable=False),
    Column("acknowledged_at", UtcTime),
    Column("acknowledged_by", id_type),
    Column("acknowledged_by_name", String(200)),
    Column("resolved_at", UtcTime),
    # NULL: by itself, because what it was about is over.
    Column("resolved_by", id_type),
    Column("resolved_by_name", String(200)),
    Column("resolution", Text),
    # Nobody is called: a silence (its id), or `inhibited` because the source cannot be reached.
    Column("muted_by", String(32)),
    # Alerts of one cause share it.
    Column("correlation_id", id_type, nullable=False),
    Column("escalation_level", Integer, nullable=False),
    # When whoever it calls was last told of it: never before its group has waited.
    Column("told_at", UtcTime),
    Column("version", Integer, nullable=False),
    Index("uq_alerts_live", "organisation_id", "fingerprint", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
    Index("ix_alerts_list", "organisation_id", "triggered_at", "id"),
    Index("ix_alerts_source", "source_id", "status"),
    Index("ix_alerts_status", "organisation_id", "status", "triggered_at"),
)

# What became of an alert, in order.
alert_entries = Table(
    "alert_entries",
    metadata,
    Column("alert_id", number_type, ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    # opened, repeated, raised, lowered, acknowledged, resolved, reopened, muted, unmuted, commented, told, closed.
    Column("kind", String(16), nullable=False),
    Column("actor_id", id_type),
    Column("actor_name", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("data", JSON, nullable=False),
)

silences = Table(
    "silences",
    metadata,
    id_column(),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    # [{name, value, is_regex, is_equal}], as Alertmanager has them: an alert that all of them match is silent.
    Column("matchers", JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    # NULL: it ends by its time. Else it was ended by hand, or with the alert that it was made for.
    Column("ended_at", UtcTime),
    # It ends when this alert is resolved.
    Column("alert_id", number_type, ForeignKey("alerts.id", ondelete="SET NULL")),
    Column("created_by", id_type, ForeignKey("users.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_silences_organisation", "organisation_id", "ends_at"),
)

recommendations = Table(
    "recommendations",
    metadata,
    id_column(),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("source_id", number_type, ForeignKey("data_sources.id", ondelete="CASCADE"), nullable=False),
    # The rule and the object that it is about: of these there is one row for each source.
    Column("rule", String(64), nullable=False),
    Column("object", String(300), nullable=False),
    Column("category", String(16), nullable=False),
    Column("priority", String(16), nullable=False),
    Column("title", String(300), nullable=False),
    # The rest as it is answered, evidence and all.
    Column("body", JSON, nullable=False),
    # open; gone: the evidence does not hold any more; dismissed by somebody, who said why.
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    Column("decided_by", id_type),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    UniqueConstraint("source_id", "rule", "object"),
    Index("ix_recommendations_organisation", "organisation_id", "state", "priority"),
)
