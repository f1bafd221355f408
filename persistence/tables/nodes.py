"""The servers that work on this store now, and the work that only one of them does."""

from sqlalchemy import JSON, BigInteger, Column, String, Table

from persistence.tables.base import UtcTime, id_column, id_type, metadata

__all__ = ["leases", "nodes"]

nodes = Table(
    "nodes",
    metadata,
    # Of one run of the process.
    id_column(),
    Column("name", String(200), nullable=False),
    Column("version", String(40), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    # Counts up while it lives. Whoever sees it stand still, by his own clock, knows that the node is dead: clocks of
    # different machines are never compared.
    Column("beat", BigInteger, nullable=False),
    # What it says of itself: numbers by name.
    Column("figures", JSON, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(100), primary_key=True),
    # NULL: free. It is held for as long as that node lives.
    Column("node_id", id_type, index=True),
    # Counts the holders: what a former one writes too late is refused by it.
    Column("fence", BigInteger, nullable=False),
)
