"""The last frames that a room has told: some clients send back every change that they hear, byte for byte."""

from collections import deque

__all__ = ["Told"]

FRAMES = 64
BYTES = 512 << 10


class Told:
    """Remembers what was told in the last turns, so that an echo costs a look-up and no reading."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque()
        self._known: set[bytes] = set()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._frames)

    def __contains__(self, frame: bytes) -> bool:
        return len(frame) <= BYTES and frame in self._known

    def remember(self, frame: bytes) -> None:
        """It is told now; the oldest are forgotten above 64 frames or 512 KiB."""
        if frame in self._known:
            return
        self._frames.append(frame)
        self._known.add(frame)
        self._bytes += len(frame)
        while len(self._frames) > FRAMES or self._bytes > BYTES:
            old = self._frames.popleft()
            self._known.discard(old)
            self._bytes -= len(old)
