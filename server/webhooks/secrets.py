"""The secrets of webhooks, as they stand in the vault."""

from dataclasses import dataclass
from datetime import datetime

from persistence.webhooks import WebhookRow
from server.vault import Vault

__all__ = ["Secrets", "sealed_as"]


def sealed_as(webhook: str) -> str:
    """What its secrets are bound to: table and row."""
    return f"webhooks:{webhook}"


@dataclass(frozen=True, slots=True)
class Secrets:
    vault: Vault

    def seal(self, secret: str, webhook: str) -> str:
        return self.vault.seal(secret.encode(), sealed_as(webhook))

    def of(self, row: WebhookRow, now: datetime) -> list[str]:
        """Those in force, the newest first: one, or two for a while after a rotation. Raises Unsealable."""
        sealed = [row.secret]
        if row.former_secret is not None and row.former_until is not None and now < row.former_until:
            sealed.append(row.former_secret)
        return [self.vault.unseal(each, sealed_as(row.id)).decode() for each in sealed]
