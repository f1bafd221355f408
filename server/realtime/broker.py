"""Carrying payloads between the parts of one node, and (with another keeper of the promise) between nodes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Broker", "BrokerFigures", "GapListener", "Listener", "MemoryBroker", "Switchboard"]

Listener = Callable[[bytes], None]
GapListener = Callable[[], None]


@dataclass(slots=True)
class BrokerFigures:
    """Counters since the start of the process."""

    published: int = 0
    heard: int = 0
    """Payloads that came from other nodes."""
    garbage: int = 0
    """What came and was not what its topic says: it was ignored."""
    unsent: int = 0
    """Payloads that other nodes did not get: there was no connection, or its queue was full."""
    gaps: int = 0
    """Times that payloads may have been lost."""
    losses: int = 0
    """Connections that were lost, and attempts that failed."""


class Broker(Protocol):
    """Carry payloads, at most once, in order per topic. Keeps no history; a payload is a hint, never the truth."""

    @property
    def figures(self) -> BrokerFigures: ...

    @property
    def trouble(self) -> str | None:
        """Why other nodes are not reached at this moment, as far as is known here; None when they are."""
        ...

    def publish(self, topic: str, payload: bytes) -> None:
        """Hand it to everyone who listens to the topic now, here at once. Never blocks, never raises."""
        ...

    def publish_here(self, topic: str, payload: bytes) -> None:
        """The same for this node alone: what other nodes hear of in another way."""
        ...

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` (quick, not raising) for each payload; the answer ends it."""
        ...

    def on_gap(self, listener: GapListener) -> Callable[[], None]:
        """Call `listener` (quick, not raising) when payloads of any topic may have been lost; the answer ends it.

        It comes when the way is whole again: what is read from the store now, and heard from now on, is everything.
        """
        ...


class Switchboard:
    """Who listens to what in this process: called at once, in the order in which they came."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}

    def __iter__(self) -> Iterator[str]:
        """The topics that somebody listens to."""
        return iter(tuple(self._listeners))

    def __contains__(self, topic: str) -> bool:
        return topic in self._listeners

    def tell(self, topic: str, payload: bytes) -> None:
        for listener in tuple(self._listeners.get(topic, ())):
            listener(payload)

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        listeners = self._listeners.setdefault(topic, [])
        listeners.append(listener)

        def end() -> None:
            if listener in listeners:
                listeners.remove(listener)
            if not listeners and self._listeners.get(topic) is listeners:
                del self._listeners[topic]

        return end


class MemoryBroker:
    """The broker of a process that is alone, or whose fellows look into the store by themselves. Has no gaps."""

    def __init__(self) -> None:
        self.figures = BrokerFigures()
        self.trouble: str | None = None
        self._here = Switchboard()

    def publish(self, topic: str, payload: bytes) -> None:
        self.publish_here(topic, payload)

    def publish_here(self, topic: str, payload: bytes) -> None:
        self.figures.published += 1
        self._here.tell(topic, payload)

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        return self._here.subscribe(topic, listener)

    def on_gap(self, listener: GapListener) -> Callable[[], None]:
        del listener
        return lambda: None


_keeps_the_promise: type[Broker] = MemoryBroker
