"""The event plane of one node, put together: from the outbox beside a change to those who listen."""

from collections.abc import Iterable
from dataclasses import dataclass

from persistence.database import Database
from persistence.events import EventStore
from server.clock import Clock
from server.events.consumers import Consumer, Consumers
from server.events.outbox import Outbox
from server.realtime.broker import Broker
from server.realtime.elsewhere import FactTable
from server.realtime.feed.desk import FeedDesk
from server.realtime.feed.dispatcher import Dispatcher
from server.realtime.feed.hub import Hub

__all__ = ["EventPlane", "event_plane"]


@dataclass(frozen=True, slots=True)
class EventPlane:
    """`start` after the migrations; `stop` after those who listen have gone, and before the store is closed."""

    store: EventStore
    outbox: Outbox
    dispatcher: Dispatcher
    hub: Hub
    desk: FeedDesk
    consumers: Consumers

    async def start(self, consumers: Iterable[Consumer]) -> None:
        self.hub.start()
        self.desk.start()
        self.dispatcher.on_events(self.consumers.wake)
        await self.consumers.start(consumers)

    async def stop(self) -> None:
        await self.consumers.stop()
        await self.desk.stop()
        await self.hub.stop()


def event_plane(
    database: Database, broker: Broker, clock: Clock, *, is_alone: bool = True, present: FactTable | None = None
) -> EventPlane:
    """`is_alone`: no other node writes to the store. `present`: who listens to a channel on the other nodes."""
    store = EventStore(database)
    dispatcher, hub = Dispatcher(store, broker), Hub(store, broker, clock, is_alone=is_alone)
    outbox = Outbox(dispatcher.publish, clock)
    return EventPlane(
        store=store,
        outbox=outbox,
        dispatcher=dispatcher,
        hub=hub,
        desk=FeedDesk(hub, broker, clock, present),
        consumers=Consumers(database, outbox, clock),
    )
