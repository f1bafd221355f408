"""The tables, one module per domain, on one shared MetaData."""

from persistence.tables import documents, events, identity, threads, workspaces
from persistence.tables.base import metadata

__all__ = ["documents", "events", "identity", "metadata", "threads", "workspaces"]
