"""One stream on one node: who listens, how far it has come, and the last of its events."""

from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any

from persistence.events import StreamKey, StreamPosition
from server.realtime.feed.figures import FeedFigures
from server.realtime.feed.publication import Publication

__all__ = ["RING_CHARACTERS", "RING_EVENTS", "ServedStream"]

RING_EVENTS = 300
RING_CHARACTERS = 256 * 1024
"""What a stream keeps for those who come back in a moment; older events are read from the store."""
MOST_EARLY = 1000
"""Events kept that came before one that is missing; beyond, they are read from the store as well."""


class ServedStream:
    """Takes events in any order and hands them on in the one order that they have. Asks nobody, waits for nothing."""

    __slots__ = ("_early", "_figures", "_ring", "_size", "epoch", "key", "left_at", "listeners", "offset")

    def __init__(self, key: StreamKey, position: StreamPosition, now: float, figures: FeedFigures) -> None:
        self.key = key
        self.epoch = position.epoch
        self.offset = position.offset
        self.left_at = now
        self.listeners: dict[Any, Callable[[Publication], bool]] = {}
        self._ring: deque[Publication] = deque()
        self._size = 0
        self._figures = figures
        self._early: dict[int, Publication] = {}

    @property
    def has_gap(self) -> bool:
        return bool(self._early)

    def take(self, publication: Publication) -> bool:
        """False when an event before it is missing. What was taken before is passed over."""
        if publication.offset > self.offset + 1:
            if len(self._early) < MOST_EARLY:
                self._early[publication.offset] = publication
            return False
        if publication.offset == self.offset + 1:
            self._deliver(publication)
            while (following := self._early.pop(self.offset + 1, None)) is not None:
                self._deliver(following)
        return True

    def forget_early(self) -> None:
        """What was behind a gap stands in the store as well."""
        self._early = {offset: each for offset, each in self._early.items() if offset > self.offset}

    def since(self, offset: int) -> list[Publication] | None:
        """The events after this offset; None when the ring does not reach back so far."""
        wanted = self.offset - offset
        if wanted > len(self._ring):
            return None
        return list(islice(self._ring, len(self._ring) - wanted, None))

    def _deliver(self, publication: Publication) -> None:
        self.offset = publication.offset
        self._ring.append(publication)
        self._size += publication.size
        while len(self._ring) > RING_EVENTS or self._size > RING_CHARACTERS:
            self._size -= self._ring.popleft().size
        if publication.is_narrow:
            for listener, sees in list(self.listeners.items()):
                if sees(publication):
                    self._figures.deliveries += 1
                    listener.hear(publication)
            return
        self._figures.deliveries += len(self.listeners)
        for listener in list(self.listeners):
            listener.hear(publication)
