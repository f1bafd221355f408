"""Nodes that tell each other facts over one broker, when the test says."""

from server.clock import Clock
from server.realtime.broker import MemoryBroker
from server.realtime.elsewhere import Elsewhere, FactTable

__all__ = ["Linked"]


class Linked:
    def __init__(self, clock: Clock, *names: str) -> None:
        self.broker = MemoryBroker()
        self.nodes = [Elsewhere(name, self.broker, b"key", clock) for name in names]
        for node in self.nodes:
            self.broker.subscribe("elsewhere", node._heard)
        self.tell()

    def tables(self, name: str) -> list[FactTable]:
        """The table of that name on each node."""
        return [node.table(name) for node in self.nodes]

    def tell(self) -> None:
        for _ in range(3):
            for node in self.nodes:
                node.tell()

    def dies(self, number: int) -> None:
        """The other nodes hear that this one is gone."""
        self.nodes.pop(number)._say({"bye": True})
