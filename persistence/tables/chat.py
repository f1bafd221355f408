"""Where people are told by chat."""

from sqlalchemy import Column, ForeignKey, String, Table, Text

from persistence.tables.base import UtcTime, id_column, id_type, metadata

__all__ = ["chat_addresses"]

chat_addresses = Table(
    "chat_addresses",
    metadata,
    id_column(),
    Column("user_id", id_type, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    # What its owner may be shown of it; whoever has the address itself may send there, so it is sealed.
    Column("service", String(100), nullable=False),
    Column("label", String(100), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_sent_at", UtcTime),
    # Of the last message, when it was not taken.
    Column("last_error", Text),
)
