"""The tables, one module per domain, on one shared MetaData."""

from persistence.tables import (
    access,
    chat,
    documents,
    escalations,
    events,
    identity,
    invitations,
    nodes,
    notifications,
    push,
    threads,
    webhooks,
    workspaces,
)
from persistence.tables.base import metadata

__all__ = [
    "access",
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
    "threads",
    "webhooks",
    "workspaces",
]
