"""Topics whose payloads are JSON objects: checked where they arrive, for a broker is not trusted."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from server.realtime.broker import Broker

__all__ = ["JsonTopic"]


@dataclass(frozen=True, slots=True)
class JsonTopic:
    """`fields`: the names, each with the exact types that its value may have; NoneType: it may be absent as well.

    Other fields are passed over: the nodes of a rolling restart are of two versions.
    """

    name: str
    fields: tuple[tuple[str, tuple[type, ...]], ...]

    def publish(self, broker: Broker, payload: Mapping[str, Any]) -> None:
        broker.publish(self.name, _written(payload))

    def publish_here(self, broker: Broker, payload: Mapping[str, Any]) -> None:
        """To this node alone."""
        broker.publish_here(self.name, _written(payload))

    def subscribe(self, broker: Broker, listener: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
        """`listener` gets all named fields; what is no object of this shape is counted and ignored."""

        def arrived(payload: bytes) -> None:
            read = self._read(payload)
            if read is None:
                broker.figures.garbage += 1
            else:
                listener(read)

        return broker.subscribe(self.name, arrived)

    def _read(self, payload: bytes) -> dict[str, Any] | None:
        try:
            found = json.loads(payload)
        except (ValueError, RecursionError):
            return None
        if type(found) is not dict:
            return None
        read = {name: found.get(name) for name, _ in self.fields}
        return read if all(type(read[name]) in types for name, types in self.fields) else None


def _written(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
