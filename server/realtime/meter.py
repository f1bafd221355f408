"""How much one connection may send: edits that are too fast are read later, presence that is too fast is dropped."""

from server.clock import Clock

__all__ = ["Meter"]

BURST_SECONDS = 5.0
SHORT_SECONDS = 0.01
REST_FACTOR = 4.0
LONGEST_REST = 10.0


class _Bucket:
    """A debt that time pays off at `rate` a second."""

    __slots__ = ("_at", "_debt", "_rate")

    def __init__(self, rate: float, now: float) -> None:
        self._rate = rate
        self._debt = 0.0
        self._at = now

    def add(self, amount: float, now: float) -> float:
        """Add to the debt; the answer is how many seconds' worth is owed now."""
        self._debt = max(0.0, self._debt - (now - self._at) * self._rate) + amount
        self._at = now
        return self._debt / self._rate


class Meter:
    """Messages and bytes a second, with a burst of five seconds' worth.

    Presence is metered by itself: some clients send back every change that they hear, so a client in a busy room
    sends many frames that it did not choose to send, and its edits must not wait for them.
    """

    def __init__(self, clock: Clock, messages: float, size: float) -> None:
        self._clock = clock
        now = clock.monotonic()
        self._messages, self._bytes = _Bucket(messages, now), _Bucket(size, now)
        self._presence, self._presence_bytes = _Bucket(messages, now), _Bucket(size, now)

    def take(self, size: int) -> float:
        """Count one message of `size` bytes; the answer is how many seconds not to read."""
        now = self._clock.monotonic()
        owed = max(self._messages.add(1, now), self._bytes.add(size, now))
        return max(0.0, owed - BURST_SECONDS)

    def lets_presence_pass(self, size: int) -> bool:
        """Count one awareness frame of `size` bytes: may it be looked at, or is it dropped?"""
        now = self._clock.monotonic()
        return max(self._presence.add(1, now), self._presence_bytes.add(size, now)) <= BURST_SECONDS

    def rest_after(self, began: float) -> float:
        """How many seconds not to read after work for this client that began at `began`.

        What a message costs is not seen in its bytes (400 KB can be 200,000 structs, half a second of the loop that
        everybody shares), so whoever makes it long waits: one socket gets a fifth of the loop at the most.
        """
        spent = self._clock.monotonic() - began
        return min(spent * REST_FACTOR, LONGEST_REST) if spent > SHORT_SECONDS else 0.0
