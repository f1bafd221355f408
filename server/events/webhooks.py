"""What happens to webhooks: told to the user on whose right each rests.

Of an address, which may hold a secret, only the host is told.
"""

from server.events.model import UserEvent

__all__ = ["WebhookAdded", "WebhookChanged", "WebhookDisabled", "WebhookRemoved", "WebhookTested"]


class _OfWebhook(UserEvent):
    webhook_id: str
    workspace_id: str | None
    host: str

    @property
    def subject(self) -> str:
        return f"webhook/{self.webhook_id}"


class WebhookAdded(_OfWebhook):
    """From now on events are sent to this address in the user's right."""

    types: list[str]


class WebhookChanged(_OfWebhook):
    """A webhook is another one now; `changed` names the fields, `secret` when it was rotated."""

    types: list[str]
    enabled: bool
    changed: list[str]


class WebhookDisabled(_OfWebhook):
    """Nothing is sent to it any more, until somebody enables it again; `reason` says why."""

    reason: str


class WebhookRemoved(_OfWebhook):
    """There is no such webhook any more."""


class WebhookTested(_OfWebhook):
    """Somebody has asked for an event that shows whether the webhook works: this one."""
