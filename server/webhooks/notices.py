"""What the owner of a webhook is told."""

from typing import Any
from urllib.parse import urlsplit

from persistence.webhooks import WebhookRow
from server.events.webhooks import WebhookDisabled

__all__ = ["about", "disabled"]


def about(row: WebhookRow) -> dict[str, Any]:
    """The fields that all events of webhooks have."""
    return {
        "user_id": row.owner_id,
        "webhook_id": row.id,
        "workspace_id": row.workspace_id,
        "host": urlsplit(row.url).hostname or "",
    }


def disabled(row: WebhookRow, reason: str) -> WebhookDisabled:
    return WebhookDisabled(**about(row), reason=reason)
