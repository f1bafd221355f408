"""The tables, one module per domain, on one shared MetaData."""

from persistence.tables import (
    access,
    alerts,
    chat,
    documents,
    escalations,
    events,
    identity,
    invitations,
    nodes,
    notifications,
    push,
    samples,
    sources,
    threads,
    webhooks,
    workspaces,
)
from persistence.tables.base import metadata

__all__ = [
    "access",
    "alerts",
    "chat",
    "documents",
    "escalations",
    "events",
    "identity",
    "invitations",
    "metadata",
    "nodes",
    "notifications",
    "push",
    "samples",
    "sources",
    "threads",
    "webhooks",
    "workspaces",
]
