"""Carrying payloads between the parts of one node, and (with another keeper of the promise) between nodes."""

from collections.abc import Callable
from typing import Any, Protocol

__all__ = ["ACCESS_TOPIC", "Broker", "Listener", "MemoryBroker"]

ACCESS_TOPIC = "access"
"""Somebody's rights may have changed: `organisation`, `user`, `credential`, `document`; null stands for every one."""

Listener = Callable[[dict[str, Any]], None]


class Broker(Protocol):
    """Carry payloads, at most once, in order per topic. Keeps no history; a payload is a hint, never the truth."""

    def publish(self, topic: str, payload: dict[str, Any]) -> None:
        """Hand a JSON object to everyone who listens to the topic now. Never blocks."""
        ...

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` (quick, not raising) for each payload; the answer ends it."""
        ...


class MemoryBroker:
    """The broker of a single process: listeners are called at once, in the order in which they came."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}

    def publish(self, topic: str, payload: dict[str, Any]) -> None:
        for listener in tuple(self._listeners.get(topic, ())):
            listener(payload)

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        self._listeners.setdefault(topic, []).append(listener)
        return lambda: self._listeners[topic].remove(listener)


_keeps_the_promise: type[Broker] = MemoryBroker
