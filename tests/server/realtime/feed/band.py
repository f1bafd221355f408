"""A hub and a dispatcher on a real store, ears that listen, and hands that write events."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from persistence.database import Database
from persistence.events import EventStore, StoredEvent, StreamKey
from server.clock import SystemClock
from server.events.documents import DocumentDeleted
from server.events.model import Actor
from server.events.outbox import Outbox
from server.realtime.broker import GapListener, Listener, MemoryBroker
from server.realtime.feed.dispatcher import Dispatcher
from server.realtime.feed.hub import Hub
from server.realtime.feed.publication import Publication

CLOCK = SystemClock()


@dataclass(eq=False)
class Ear:
    heard: list[Publication] = field(default_factory=list)
    broken: list[StreamKey] = field(default_factory=list)

    def hear(self, publication: Publication) -> None:
        self.heard.append(publication)

    def insufficient(self, key: StreamKey) -> None:
        self.broken.append(key)

    @property
    def offsets(self) -> list[int]:
        return [each.offset for each in self.heard]


class PoorBroker(MemoryBroker):
    """Loses, holds back and repeats what a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: set[int] = set()
        self.published: list[int] = []
        self.gap_listeners: list[GapListener] = []

    def on_gap(self, listener: GapListener) -> Callable[[], None]:
        self.gap_listeners.append(listener)
        return lambda: self.gap_listeners.remove(listener)

    def publish(self, topic: str, payload: bytes) -> None:
        offset = json.loads(payload).get("offset", 0)
        self.published.append(offset)
        if offset not in self.lost:
            super().publish(topic, payload)

    def listeners(self, topic: str) -> list[Listener]:
        return self._listeners.get(topic, [])


class Band:
    """One node: what it writes, it tells, unless a test writes behind its back."""

    def __init__(self, database: Database, organisation: str, broker: PoorBroker | None = None) -> None:
        self.database = database
        self.organisation = organisation
        self.broker = broker or PoorBroker()
        self.store = EventStore(database)
        self.dispatcher = Dispatcher(self.store, self.broker)
        self.hub = Hub(self.store, self.broker, CLOCK)
        self.outbox = Outbox(self.dispatcher.publish, CLOCK)
        self.key = (organisation, "workspace:w")

    async def write(self, count: int = 1, *, tell: bool = True) -> Sequence[StoredEvent]:
        """Committed one by one; `tell=False` is a process that dies before it can tell."""
        written: list[StoredEvent] = []
        for _ in range(count):
            event = DocumentDeleted(workspace_id="w", document_id="d", title="Plan")
            record = self.outbox.record(Actor(self.organisation, "person", "u", "Ada"), event)
            await self.database.write(record)
            written += record.stored
            if tell:
                self.outbox.published(record)
        return written


def everything(_: Publication) -> bool:
    return True
