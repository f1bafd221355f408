"""The tables, one module per domain, on one shared MetaData."""

from persistence.tables import (
    documents,
    events,
    identity,
    invitations,
    notifications,
    push,
    threads,
    webhooks,
    workspaces,
)
from persistence.tables.base import metadata

__all__ = [
    "documents",
    "events",
    "identity",
    "invitations",
    "metadata",
    "notifications",
    "push",
    "threads",
    "webhooks",
    "workspaces",
]
