"""A broker between simulated nodes that loses, doubles, delays and reorders what it carries, or is dead."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from server.realtime.broker import BrokerFigures, MemoryBroker

__all__ = ["BrokerEnd", "Faults", "Network"]


@dataclass
class Faults:
    """Shares of what is carried to a node."""

    lost: float = 0.0
    doubled: float = 0.0
    slow: float = 0.0
    is_dead: bool = False


class Network:
    def __init__(self, random: Random) -> None:
        self.faults = Faults()
        self.ends: list[BrokerEnd] = []
        self._random = random

    def end(self) -> "BrokerEnd":
        self.ends.append(BrokerEnd(self))
        return self.ends[-1]

    def carry(self, topic: str, payload: bytes, sender: "BrokerEnd") -> None:
        faults, random = self.faults, self._random
        for end in self.ends:
            if end is sender or faults.is_dead or random.random() < faults.lost:
                continue
            for _ in range(2 if random.random() < faults.doubled else 1):
                delay = random.uniform(0.0, 0.5 if random.random() < faults.slow else 0.005)
                asyncio.get_running_loop().call_later(delay, end.hear, topic, payload)

    def heal(self) -> None:
        """All is well from now on, and everybody knows that it was not."""
        self.faults = Faults()
        for end in self.ends:
            end.gap()


class BrokerEnd:
    """One node's end of it; `is_cut` once the node is dead."""

    def __init__(self, network: Network) -> None:
        self.is_cut = False
        self._network = network
        self._local = MemoryBroker()
        self._gaps: list[Callable[[], None]] = []

    @property
    def figures(self) -> BrokerFigures:
        return self._local.figures

    def publish(self, topic: str, payload: bytes) -> None:
        if not self.is_cut:
            self._local.publish(topic, payload)
            self._network.carry(topic, payload, self)

    def subscribe(self, topic: str, listener: Callable[[bytes], None]) -> Callable[[], None]:
        return self._local.subscribe(topic, listener)

    def on_gap(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._gaps.append(listener)
        return lambda: self._gaps.remove(listener)

    def hear(self, topic: str, payload: bytes) -> None:
        if not self.is_cut:
            self._local.publish(topic, payload)

    def gap(self) -> None:
        if not self.is_cut:
            for listener in tuple(self._gaps):
                listener()
