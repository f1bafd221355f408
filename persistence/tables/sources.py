"""What is watched: data sources, who samples which of them, and the notes that people put at points of their charts."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    column,
)

from persistence.tables.base import UtcTime, id_column, id_type, metadata

__all__ = ["counters", "data_sources", "metric_notes", "monitors", "number_type", "source_facts"]

number_type = BigInteger
"""Ids that clients of the data-sources contract read as numbers: data sources, thresholds, alerts (contract, 1.1)."""

# The last number that was given to each kind of row. A sequence of the database would not be carried to another store.
counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

data_sources = Table(
    "data_sources",
    metadata,
    Column("id", number_type, primary_key=True, autoincrement=False),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("source_type", String(16), nullable=False),
    # A full URL for `http`, a path for `sqlite`, a host's name else.
    Column("host", Text, nullable=False),
    Column("port", Integer),
    # `on_prem`, `cloud` or `hybrid`: what its owner says of it.
    Column("location", String(16), nullable=False),
    Column("username", String(200)),
    # Sealed (server.vault), about `data_sources:{id}`; never answered to anybody.
    Column("secret", Text),
    Column("database_name", String(200)),
    Column("use_encryption", Boolean, nullable=False),
    # What only some types have: the URL of a node exporter, what an answer must contain, ...
    Column("options", JSON, nullable=False),
    Column("description", Text, nullable=False),
    Column("environment", String(16), nullable=False),
    Column("criticality", String(16), nullable=False),
    Column("data_classification", String(16), nullable=False),
    Column("tags", JSON, nullable=False),
    Column("owner", String(200)),
    Column("team", String(200)),
    # pending: never reached; active; error: not reached or refused, and `status_reason` says why; inactive: paused.
    Column("status", String(16), nullable=False),
    Column("status_reason", Text),
    Column("status_at", UtcTime, nullable=False),
    # Counts up with each change by people: who says which one he has seen is not overtaken.
    Column("version", Integer, nullable=False),
    Column("created_by", id_type, ForeignKey("users.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("deleted_at", UtcTime),
    Index("ix_data_sources_organisation", "organisation_id", "id"),
    Index(
        "uq_data_sources_name",
        "organisation_id",
        "name",
        unique=True,
        sqlite_where=column("deleted_at").is_(None),
        postgresql_where=column("deleted_at").is_(None),
    ),
)

# A source that is sampled, or was. Whichever live node holds the row samples it.
monitors = Table(
    "monitors",
    metadata,
    Column("source_id", number_type, ForeignKey("data_sources.id", ondelete="CASCADE"), primary_key=True),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    # running, paused or stopped.
    Column("state", String(16), nullable=False),
    Column("interval_seconds", Float, nullable=False),
    # Names of metrics; NULL: all that the source can deliver.
    Column("metrics", JSON),
    Column("started_at", UtcTime, nullable=False),
    Column("started_by", id_type, ForeignKey("users.id"), nullable=False),
    Column("stopped_at", UtcTime),
    Column("samples_taken", BigInteger, nullable=False),
    Column("failures_in_a_row", Integer, nullable=False),
    Column("last_at", UtcTime),
    Column("last_seconds", Float),
    Column("last_error", Text),
    # The probe took too long, so it rests until then.
    Column("slow_until", UtcTime),
    # Counters as they stood at the last sample, by the name of the metric: rates go on over a change of the node.
    Column("carried", JSON, nullable=False),
    # Totals that others have sent, as they stood at the last message (server.performance.otlp).
    Column("received", JSON, nullable=False, default=dict),
    # Everything before it stands in the rollups of this width, in seconds.
    Column("rolled_300", UtcTime),
    Column("rolled_3600", UtcTime),
    # As of leases: NULL is free; `fence` counts the holders, and what a former one writes too late is refused by it.
    Column("node_id", id_type, index=True),
    Column("fence", BigInteger, nullable=False),
    Index("ix_monitors_state", "state", "node_id"),
    Index("ix_monitors_organisation", "organisation_id", "source_id"),
)

# What the slow checks have read, the newest answer of each: advice rests on it and shows it.
source_facts = Table(
    "source_facts",
    metadata,
    Column("source_id", number_type, ForeignKey("data_sources.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(64), primary_key=True),
    # What was asked, as it was asked.
    Column("query", Text, nullable=False),
    Column("rows", JSON, nullable=False),
    Column("read_at", UtcTime, nullable=False),
    # Why it could not be read this time; `rows` is empty then.
    Column("reason", Text),
)

# Somebody's words at a point of a chart.
metric_notes = Table(
    "metric_notes",
    metadata,
    id_column(),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("source_id", number_type, ForeignKey("data_sources.id", ondelete="CASCADE"), nullable=False),
    Column("metric", String(64), nullable=False),
    # The point: a moment of the chart, and the value that stood there.
    Column("at", UtcTime, nullable=False),
    Column("value", Float),
    Column("content", Text, nullable=False),
    Column("author_id", id_type, ForeignKey("users.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("deleted_at", UtcTime),
    Index("ix_metric_notes_source", "source_id", "metric", "at"),
)
