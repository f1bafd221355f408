"""What was measured: one row for each sample of a source, and for each 5 minutes and each hour of it."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from persistence.tables.base import UtcTime, metadata
from persistence.tables.sources import number_type

__all__ = ["rollups", "samples"]

# All metrics of a source at one moment: {"connections": 12.0, ...}. Rates are per second, from counters.
samples = Table(
    "samples",
    metadata,
    Column("source_id", number_type, ForeignKey("data_sources.id", ondelete="CASCADE"), primary_key=True),
    Column("at", UtcTime, primary_key=True),
    # up, down (not reached), or slow (the probe was given up).
    Column("state", String(8), nullable=False),
    # How long the probe took.
    Column("seconds", Float, nullable=False),
    Column("readings", JSON, nullable=False),
    # Metrics that could not be read this time, and why.
    Column("missing", JSON, nullable=False),
    # Why the source was not reached.
    Column("reason", Text),
    Index("ix_samples_at", "at"),
)

# {"connections": [count, min, max, sum, last], ...} of the samples from `at` on, for `width` seconds: 300 or 3600.
rollups = Table(
    "rollups",
    metadata,
    Column("source_id", number_type, ForeignKey("data_sources.id", ondelete="CASCADE"), primary_key=True),
    Column("width", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, primary_key=True),
    # Samples in which the source was up, and all.
    Column("up", Integer, nullable=False),
    Column("samples", Integer, nullable=False),
    Column("readings", JSON, nullable=False),
    Index("ix_rollups_at", "width", "at"),
)
