"""Carrying payloads between the parts of one node, and (with another keeper of the promise) between nodes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Broker", "BrokerFigures", "GapListener", "Listener", "MemoryBroker"]

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
    gaps: int = 0
    """Times that payloads may have been lost."""


class Broker(Protocol):
    """Carry payloads, at most once, in order per topic. Keeps no history; a payload is a hint, never the truth."""

    @property
    def figures(self) -> BrokerFigures: ...

    def publish(self, topic: str, payload: bytes) -> None:
        """Hand it to everyone who listens to the topic now, here at once. Never blocks, never raises."""
        ...

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` (quick, not raising) for each payload; the answer ends it."""
        ...

    def on_gap(self, listener: GapListener) -> Callable[[], None]:
        """Call `listener` (quick, not raising) when payloads of any topic may have been lost; the answer ends it.

        It comes when the way is whole again: what is read from the store now, and heard from now on, is everything.
        """
        ...


class MemoryBroker:
    """The broker of a single process: listeners are called at once, in the order in which they came. Has no gaps."""

    def __init__(self) -> None:
        self.figures = BrokerFigures()
        self._listeners: dict[str, list[Listener]] = {}

    def publish(self, topic: str, payload: bytes) -> None:
        self.figures.published += 1
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

    def on_gap(self, listener: GapListener) -> Callable[[], None]:
        del listener
        return lambda: None


_keeps_the_promise: type[Broker] = MemoryBroker
