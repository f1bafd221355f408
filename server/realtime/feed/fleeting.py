"""What is told to those who listen now, on every node, and kept nowhere: no offset, no recovery, no row."""

from collections.abc import Callable, Iterator
from typing import Any

from persistence.events import StreamKey
from server.clock import Clock
from server.events.catalogue import FLEETING, StreamKind, row_of
from server.events.envelope import body_without_offset
from server.events.model import Actor, Event
from server.events.uuid7 import uuid7
from server.realtime.broker import Broker
from server.realtime.feed.hub import Listener, Sees, Subscription
from server.realtime.feed.publication import Publication
from server.realtime.json_topic import JsonTopic

__all__ = ["Fleeting", "is_fleeting"]

KINDS: frozenset[StreamKind] = frozenset(row.stream for row in FLEETING.values())
TOLD = JsonTopic("fleeting", tuple((name, (str,)) for name in ("organisation", "stream", "id_", "type_", "body")))


def is_fleeting(key: StreamKey) -> bool:
    return key[1].partition(":")[0] in KINDS


class Fleeting:
    """Beside the hub: the same listeners, other channels. A channel without an id hears all of its kind."""

    def __init__(self, broker: Broker, clock: Clock) -> None:
        self._broker = broker
        self._clock = clock
        self._listeners: dict[StreamKey, dict[Listener, Sees]] = {}
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._unsubscribe = TOLD.subscribe(self._broker, self._arrived)

    def stop(self) -> None:
        self._unsubscribe()

    def tell(self, actor: Actor, event: Event) -> None:
        """To everybody who listens, on all nodes; never raises. Who is cut off at the moment misses it."""
        now = self._clock.now()
        id_ = uuid7(now)
        told = {"organisation": actor.organisation_id, "stream": event.stream, "id_": id_, "type_": row_of(event).type}
        TOLD.publish(self._broker, told | {"body": body_without_offset(event, actor, id_, now) + "}"})

    def subscribe(self, key: StreamKey, listener: Listener, sees: Sees) -> Subscription:
        self._listeners.setdefault(key, {})[listener] = sees
        return Subscription(key, "", 0, recovered=False, publications=())

    def unsubscribe(self, key: StreamKey, listener: Listener) -> None:
        here = self._listeners.get(key)
        if here is not None and here.pop(listener, None) is not None and not here:
            del self._listeners[key]

    def change_sight(self, key: StreamKey, listener: Listener, sees: Sees) -> None:
        here = self._listeners.get(key, {})
        if listener in here:
            here[listener] = sees

    def _arrived(self, payload: dict[str, Any]) -> None:
        for key in _channels(payload["organisation"], payload["stream"]):
            here = self._listeners.get(key)
            if here:
                publication = Publication(**payload | {"stream": key[1]}, epoch="", offset=0)
                for listener, sees in list(here.items()):
                    if not publication.is_narrow or sees(publication):
                        listener.hear(publication)


def _channels(organisation: str, stream: str) -> Iterator[StreamKey]:
    kind, colon, _ = stream.partition(":")
    yield organisation, stream
    if colon:
        yield organisation, kind
