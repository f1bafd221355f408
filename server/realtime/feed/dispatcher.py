"""From the store to every node: what was committed is told at once, and found by the sweep when nobody told it."""

from bisect import insort
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from persistence.events import Behind, EventStore, StoredEvent, StreamKey
from server.realtime.broker import Broker
from server.realtime.feed.publication import EVENTS, payload_of

__all__ = ["Dispatcher"]

STREAMS_AT_ONCE = 1000
EVENTS_AT_ONCE = 500

Wake: TypeAlias = Callable[[Sequence[StoredEvent]], None]


class Dispatcher:
    """Tells the nodes of events, each at least once: `publish` after the commit, or `sweep` if that never came.

    How far the nodes were told is written once a second for all streams, not with each event: a node that dies has told
    some events twice, and none not at all.
    """

    def __init__(self, store: EventStore, broker: Broker) -> None:
        self._store = store
        self._broker = broker
        self._told: dict[StreamKey, list[int]] = {}
        self._behind: dict[StreamKey, int] = {}
        self._wakes: list[Wake] = []
        self.lag = 0
        """Events that the nodes had not been told of at the last sweep."""

    def on_events(self, wake: Wake) -> None:
        """`wake` is called on the node that tells of them: quick, never raising."""
        self._wakes.append(wake)

    def publish(self, events: Sequence[StoredEvent]) -> None:
        """Tell all nodes of committed events."""
        for event in events:
            insort(self._told.setdefault(event.key, []), event.offset)
            EVENTS.publish(self._broker, payload_of(event))
        for wake in self._wakes:
            wake(events)

    async def sweep(self) -> None:
        """Once a second: note how far the nodes were told, and tell what nobody has told for a whole round.

        Raises StoreUnavailable.
        """
        asked = {key: offsets[-1] for key, offsets in self._told.items()}
        behind = await self._store.undispatched(STREAMS_AT_ONCE)
        if len(behind) < STREAMS_AT_ONCE:  # these are all: of other streams everything was noted before we asked
            self._forget({key: offset for key, offset in asked.items() if key not in {each.key for each in behind}})
        for each in behind:
            if self._reach(each) == each.dispatched == self._behind.get(each.key):
                await self._tell(each)
        reached = {each.key: self._reach(each) for each in behind}
        await self._store.dispatched({each.key: to for each in behind if (to := reached[each.key]) > each.dispatched})
        self._behind = {each.key: to for each in behind if (to := reached[each.key]) < each.head}
        self.lag = sum(max(0, each.head - reached[each.key]) for each in behind)
        self._forget(reached)

    def _forget(self, up_to: Mapping[StreamKey, int]) -> None:
        for key, offset in up_to.items():
            rest = [told for told in self._told.pop(key, ()) if told > offset]
            if rest:
                self._told[key] = rest

    def _reach(self, behind: Behind) -> int:
        """The offset up to which all were told: what stands in the store, and what we have told without a gap since."""
        offset = behind.dispatched
        for told in self._told.get(behind.key, ()):
            if told > offset + 1:
                break
            offset = max(offset, told)
        return offset

    async def _tell(self, behind: Behind) -> None:
        tail = await self._store.after(*behind.key, behind.dispatched, EVENTS_AT_ONCE)
        self.publish(tail.events)
