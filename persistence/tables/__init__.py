"""The tables, one module per domain, on one shared MetaData."""

from persistence.tables import documents, identity, workspaces
from persistence.tables.base import metadata

__all__ = ["documents", "identity", "metadata", "workspaces"]
