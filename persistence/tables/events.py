"""Streams of events, and how far each durable consumer has read them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text, column

from persistence.tables.base import UtcTime, id_type, metadata

__all__ = ["event_consumers", "event_cursors", "events", "stream_name", "streams"]

stream_name = String(64)
"""`workspace:{id}`, `user:{id}`, `alerts`, ...: the name of the channel."""
event_type = String(100)
"""The CloudEvents type, such as `counterpoint.comment.added.v1`."""

# One row for each stream that has ever had an event or a listener. Offsets count from 1 to `head` without a gap;
# `dispatched` is the offset up to which it is known that the nodes were told.
streams = Table(
    "streams",
    metadata,
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    Column("name", stream_name, primary_key=True),
    # Another one means that the numbering has begun anew: what was remembered of the stream does not count any more.
    Column("epoch", String(16), nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("dispatched", BigInteger, nullable=False),
    # The sweep looks every second for streams that are behind, and nearly always there is none.
    Index(
        "ix_streams_undispatched",
        "organisation_id",
        "name",
        sqlite_where=column("dispatched") < column("head"),
        postgresql_where=column("dispatched") < column("head"),
    ),
)

# An event is a row before it is a message. `body` is the CloudEvents JSON as every transport sends it.
events = Table(
    "events",
    metadata,
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    Column("stream", stream_name, primary_key=True),
    Column("offset", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(36), nullable=False),
    Column("type", event_type, nullable=False),
    Column("actor_id", id_type),
    Column("subject", String(200), nullable=False),
    Column("time", UtcTime, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_events_time", "organisation_id", "stream", "time"),
)

# A part of the program that must see every event once, whatever happens to the process.
event_consumers = Table(
    "event_consumers",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
)

# The offset of the last event of a stream that a consumer has dealt with. No row: none of them.
event_cursors = Table(
    "event_cursors",
    metadata,
    Column("consumer", String(32), ForeignKey("event_consumers.name", ondelete="CASCADE"), primary_key=True),
    Column("organisation_id", id_type, ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    Column("stream", stream_name, primary_key=True),
    Column("offset", BigInteger, nullable=False),
)
