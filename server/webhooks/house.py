"""The wing of webhooks, put together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from persistence.accounts import AccountStore
from persistence.database import Database
from persistence.events import EventStore
from persistence.webhook_deliveries import DeliveryStore
from persistence.webhooks import WebhookStore
from persistence.workspaces import WorkspaceStore
from server.clock import Clock
from server.egress.egress import Egress
from server.events.outbox import Outbox
from server.identity.throttle import HourlyLimit
from server.vault import Vault
from server.webhooks.consumer import DeliveryWriter
from server.webhooks.courier import Courier
from server.webhooks.reach import Reach
from server.webhooks.secrets import Secrets
from server.webhooks.service import WebhookService

__all__ = ["WebhookWing", "webhook_wing"]

TESTS_PER_HOUR = 60
PURGED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class WebhookWing:
    """`consumer` is handed to the event plane; `courier` is started after the migrations and stopped before it."""

    service: WebhookService
    consumer: DeliveryWriter
    courier: Courier
    deliveries: DeliveryStore
    clock: Clock

    async def purge(self, days: float) -> None:
        """Forget deliveries that ended longer ago than this."""
        before: datetime = self.clock.now() - timedelta(days=days)
        while await self.deliveries.purge(before, PURGED_AT_ONCE) == PURGED_AT_ONCE:
            continue


def webhook_wing(database: Database, outbox: Outbox, egress: Egress, vault: Vault, clock: Clock) -> WebhookWing:
    """Nothing is read or sent before `courier.start`."""
    store, deliveries, workspaces = WebhookStore(database), DeliveryStore(database), WorkspaceStore(database)
    reach, secrets = Reach(AccountStore(database), workspaces), Secrets(vault)
    courier = Courier(
        deliveries,
        EventStore(database),
        reach,
        secrets=secrets,
        egress=egress,
        outbox=outbox,
        clock=clock,
        agent=f"Counterpoint-Webhooks/{version('counterpoint')}",
    )
    service = WebhookService(
        store,
        deliveries,
        workspaces,
        courier=courier,
        egress=egress,
        secrets=secrets,
        outbox=outbox,
        clock=clock,
        limit=HourlyLimit(clock, TESTS_PER_HOUR, "test events"),
    )
    return WebhookWing(service, DeliveryWriter(store, reach, courier, clock), courier, deliveries, clock)
