"""Each event becomes a delivery for each webhook that wants it, in the transaction that is done with the event."""

from sqlalchemy import Connection

from persistence.webhook_deliveries import NewDelivery, insert_deliveries
from persistence.webhooks import WebhookStore
from server.clock import Clock
from server.events.catalogue import CATALOGUE
from server.events.consumers import Consumer, Effect
from server.events.envelope import Heard
from server.events.model import Event
from server.webhooks.courier import Courier
from server.webhooks.model import matches
from server.webhooks.reach import Reach

__all__ = ["DeliveryWriter"]


class DeliveryWriter:
    """What is told to one user alone is sent to no webhook."""

    name = "webhooks"
    kinds: frozenset[type[Event]] = frozenset(kind for kind, row in CATALOGUE.items() if row.stream != "user")

    def __init__(self, store: WebhookStore, reach: Reach, courier: Courier, clock: Clock) -> None:
        self._store = store
        self._reach = reach
        self._courier = courier
        self._clock = clock

    async def prepare(self, heard: Heard) -> Effect | None:
        at, _, id_ = heard.stream.partition(":")
        listening = await self._store.listening(heard.organisation_id, id_ if at == "workspace" else None)
        to = [
            row.id
            for row in listening
            if row.created_at <= heard.time
            and matches(row.types, heard.type)
            and await self._reach.may_be_sent(row, heard.stream, heard.type)
        ]
        if not to:
            return None
        new = NewDelivery(heard.organisation_id, heard.stream, heard.offset, heard.id, heard.type)
        now = self._clock.now()

        def write(connection: Connection) -> None:
            insert_deliveries(connection, new, to, now)

        return Effect(write, after=self._courier.wake)


_keeps_the_promise: type[Consumer] = DeliveryWriter
